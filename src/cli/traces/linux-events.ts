/**
 * Events as Linux's ring buffer would have them: the fields that Linux's tools look for in `sched_switch`,
 * `sched_waking` and a few more, with Linux's names, and all other events with ours. ftrace.ts writes them as text,
 * trace-dat.ts as the bytes that trace-cmd records.
 */
import type { Computer } from '../../computer/computer.js';
import type { TraceEvent } from '../../computer/events/event.js';
import { plainValue } from '../../computer/events/json.js';
import { integer, kernelEvent, text } from '../../computer/kernel-records.js';
import { textOf } from '../../machine/text.js';
import { visible } from '../../language/visible.js';
import { linuxState, priorityOf } from './linux-tasks.js';

/** `comm` is a name of a task: at most 15 bytes, as in Linux. */
export type FieldKind = 'int' | 'long' | 'comm' | 'string';

export interface LinuxField {
  name: string;
  kind: FieldKind;
  value: number | string;
}

export interface LinuxEvent {
  name: string;
  /** Ticks. */
  time: number;
  cpu: number;
  /** Of the task that the CPU had: for a switch, of the one that it leaves. */
  pid: number;
  comm: string;
  inInterrupt: boolean;
  fields: LinuxField[];
}

const COMM_BYTES = 15;

/** Follows a run, and says of each event what Linux would have recorded: mostly one event, two for a wake-up. */
export class LinuxEvents {
  private readonly interrupts: boolean[] = [];

  constructor(private readonly computer: Computer) {}

  of(traced: TraceEvent): LinuxEvent[] {
    const event = kernelEvent(traced);
    const { time, cpu, name } = event;
    if (name === 'irq_handler_entry') this.interrupts[cpu] = true;
    const inInterrupt = this.interrupts[cpu] ?? false;
    const who = { time, cpu, pid: Math.max(0, event.pid), comm: comm(textOf(event.task)), inInterrupt };
    switch (name) {
      case 'sched_switch': {
        const [prev, next] = [integer(event.fields, 'prev_pid'), integer(event.fields, 'next_pid')];
        const left = comm(text(event.fields, 'prev_comm'));
        const fields: LinuxField[] = [
          { name: 'prev_comm', kind: 'comm', value: left },
          { name: 'prev_pid', kind: 'int', value: prev },
          { name: 'prev_prio', kind: 'int', value: priorityOf(this.computer, prev) },
          { name: 'prev_state', kind: 'long', value: linuxState(this.computer, integer(event.fields, 'prev_state')) },
          { name: 'next_comm', kind: 'comm', value: comm(text(event.fields, 'next_comm')) },
          { name: 'next_pid', kind: 'int', value: next },
          { name: 'next_prio', kind: 'int', value: priorityOf(this.computer, next) },
        ];
        return [{ ...who, name, pid: prev, comm: left, fields }];
      }
      case 'sched_wakeup': {
        const tid = integer(event.fields, 'pid');
        const fields: LinuxField[] = [
          { name: 'comm', kind: 'comm', value: comm(text(event.fields, 'comm')) },
          { name: 'pid', kind: 'int', value: tid },
          { name: 'prio', kind: 'int', value: priorityOf(this.computer, tid) },
          { name: 'target_cpu', kind: 'int', value: integer(event.fields, 'target_cpu') },
        ];
        return ['sched_waking', name].map((each) => ({ ...who, name: each, fields }));
      }
      case 'irq_handler_exit': {
        this.interrupts[cpu] = false;
        const fields: LinuxField[] = [
          { name: 'irq', kind: 'int', value: integer(event.fields, 'irq') },
          { name: 'ret', kind: 'int', value: 1 },
        ];
        return [{ ...who, name, fields }];
      }
      default:
        return [{ ...who, name, fields: ownFields(event) }];
    }
  }
}

function ownFields(event: TraceEvent): LinuxField[] {
  return Object.entries(plainValue(event.fields) as Record<string, unknown>).map(([name, value]): LinuxField => {
    if (name === 'comm') return { name, kind: 'comm', value: comm(String(value)) };
    if (typeof value === 'number') return { name, kind: 'long', value };
    if (typeof value === 'boolean') return { name, kind: 'long', value: Number(value) };
    if (Array.isArray(value)) return { name, kind: 'string', value: value.join(', ') };
    return { name, kind: 'string', value: typeof value === 'string' ? visible(value) : JSON.stringify(value) };
  });
}

/** A name in one word, as scripts that read traces expect, and no longer than Linux's. */
function comm(name: string): string {
  const word = visible(name).replace(/\s/g, '_');
  let bytes = 0;
  let end = 0;
  for (const char of word) {
    bytes += Buffer.byteLength(char);
    if (bytes > COMM_BYTES) break;
    end += char.length;
  }
  return word.slice(0, end);
}
