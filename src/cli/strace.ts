/**
 * System calls in strace's manner: `[pid 3] read(0, 0x09000020, 64) = 5`. A call that another task's call comes into
 * is cut in two, `<unfinished ...>` and `<... read resumed>`.
 */
import { address, ERROR_NAME, nameOfConstant } from '../computer/inspect-format.js';
import { integer, text } from '../computer/inspect.js';
import { ListValue, type RecordValue, type Value } from '../machine/values.js';
import type { TraceFormat } from './trace-formats.js';

/** Integers from here on are shown as addresses. */
const FIRST_ADDRESS = 0x0800_0000;

interface OpenCall {
  name: string;
  text: string;
  /** Its first half stands in a line of its own already. */
  cut: boolean;
}

export const straceText: TraceFormat = (computer, line) => {
  const open = new Map<number, OpenCall>();
  /** The call whose line is not written yet. */
  let last: number | null = null;

  const cutLast = (): void => {
    const call = last === null ? undefined : open.get(last);
    if (call && !call.cut) {
      line(`[pid ${last}] ${call.text} <unfinished ...>`);
      call.cut = true;
    }
    last = null;
  };

  const meaning = (result: number): string => {
    if (result >= 0 || result < -4095) return result >= FIRST_ADDRESS ? address(result) : String(result);
    const name = nameOfConstant(computer.machine, ERROR_NAME, -result);
    return name === String(-result) ? `-1 ERESTART (${name}: executed again)` : `-1 ${name}`;
  };

  return {
    event(name, fields) {
      const pid = integer(fields, 'pid');
      if (name === 'sys_enter') {
        cutLast();
        open.set(pid, {
          name: text(fields, 'name'),
          text: `${text(fields, 'name')}(${argumentsText(fields)})`,
          cut: false,
        });
        last = pid;
      } else if (name === 'sys_exit') {
        if (last !== pid) cutLast();
        const call = open.get(pid);
        const shown = !call ? `${text(fields, 'name')}(...)` : call.cut ? `<... ${call.name} resumed>` : call.text;
        line(`[pid ${pid}] ${shown} = ${meaning(integer(fields, 'ret'))}`);
        open.delete(pid);
        last = null;
      } else if (name === 'signal_deliver') {
        cutLast();
        line(`[pid ${pid}] --- ${nameOfConstant(computer.machine, /^SIG[A-Z0-9]+$/, integer(fields, 'sig'))} ---`);
      } else if (name === 'sched_process_exit') {
        cutLast();
        const status = integer(fields, 'status');
        const signal = status & 0x7f;
        const killed = nameOfConstant(computer.machine, /^SIG[A-Z0-9]+$/, signal);
        line(`[pid ${pid}] +++ ${signal === 0 ? `exited with ${(status >> 8) & 0xff}` : `killed by ${killed}`} +++`);
        open.delete(pid);
      }
    },
    end: cutLast,
  };
};

function argumentsText(fields: RecordValue): string {
  const args = fields.get('args');
  return args instanceof ListValue ? args.toArray().map(argumentText).join(', ') : '';
}

function argumentText(value: Value): string {
  return typeof value === 'number' && value >= FIRST_ADDRESS ? address(value) : String(value);
}
