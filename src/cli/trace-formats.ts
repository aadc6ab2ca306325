/** How events are written: one a line, for people (text) or for programs (jsonl). */
import type { Computer } from '../computer/computer.js';
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
}

export type TraceFormat = (computer: Computer, line: (text: string) => void) => TraceWriter;

/** `     120 cpu0 server/2       sched_wakeup: comm="server" pid=2`, in the manner of Linux's trace file. */
export const plainText: TraceFormat = (_computer, line) => ({
  event({ time, cpu, pid, task, name, fields }) {
    const values = fields.shape.fields.map((field, i) => `${field}=${describe(fields.fields[i] ?? null)}`);
    line(
      `${String(time).padStart(10)} cpu${cpu} ${taskName(pid, task).padEnd(16)} ${name}: ${values.join(' ')}`.trimEnd(),
    );
  },
});

/**
 * One object a line: `{"time":120,"step":4711,"cpu":0,"pid":2,"task":"server","event":"sched_wakeup","fields":{…}}`.
 */
export const jsonLines: TraceFormat = (_computer, line) => ({
  event({ time, step, cpu, pid, task, name, fields }) {
    const who = { pid: Math.max(0, pid), task: textOf(task) };
    line(visibleJson({ time, step, cpu, ...who, event: name, fields: plainValue(fields) }));
  },
});

function taskName(pid: number, task: string): string {
  return pid < 0 ? '-' : `${textOf(task)}/${pid}`;
}
