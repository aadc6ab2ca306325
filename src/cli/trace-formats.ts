/** How events are written: one a line, for people (text) or for programs (jsonl). Those of other tools: traces/. */
import type { Computer } from '../computer/computer.js';
import { coroutineOn } from '../computer/inspect-coroutines.js';
import { describe } from '../computer/inspect-format.js';
import type { TraceEvent } from '../computer/events/event.js';
import { textOf } from '../machine/text.js';
import { plainValue } from '../computer/events/json.js';
import { visibleJson } from '../language/visible.js';

/** Writes events of one run, line by line. */
export interface TraceWriter {
  event(event: TraceEvent): void;
  /** The run is over. */
  end?(): void;
  /** Nothing of it is wanted: takes away what it keeps elsewhere than in its output. */
  discard?(): void;
}

export type TraceFormat = (computer: Computer, line: (text: string) => void) => TraceWriter;

/** `     120 cpu0 server/2       sched_wakeup: comm="server" pid=2`, in the manner of Linux's trace file;
 * `server/2:fetch#3` if it is in a coroutine. */
export const plainText: TraceFormat = (computer, line) => ({
  event({ time, cpu, pid, task, name, fields }) {
    const values = fields.shape.fields.map((field, i) => `${field}=${describe(fields.fields[i] ?? null)}`);
    line(
      `${String(time).padStart(10)} cpu${cpu} ${taskName(pid, task, caller(computer, cpu)).padEnd(16)} ${name}: ${values.join(' ')}`.trimEnd(),
    );
  },
});

/**
 * One object a line: `{"time":120,"step":4711,"cpu":0,"pid":2,"task":"server","event":"sched_wakeup","fields":{…}}`.
 */
export const jsonLines: TraceFormat = (computer, line) => ({
  event({ time, step, cpu, pid, task, name, fields }) {
    const coroutine = caller(computer, cpu);
    const who = { pid: Math.max(0, pid), task: textOf(task), ...(coroutine !== null && { coroutine }) };
    line(visibleJson({ time, step, cpu, ...who, event: name, fields: plainValue(fields) }));
  },
});

function taskName(pid: number, task: string, coroutine: string | null): string {
  return pid < 0 ? '-' : `${textOf(task)}/${pid}${coroutine === null ? '' : `:${coroutine}`}`;
}

/** The coroutine for which a CPU is in the kernel. If it blocks there, its whole thread does. */
function caller({ machine }: Computer, cpu: number): string | null {
  const c = coroutineOn(machine.cpus[cpu]);
  return c && `${machine.program.functions[c.functionIndex].name}#${c.number}`;
}
