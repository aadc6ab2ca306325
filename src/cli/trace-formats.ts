/** How events are written: one a line, for people (text) or for programs (jsonl). */
import type { Computer } from '../computer/computer.js';
import { describe } from '../computer/inspect-format.js';
import { integer, text } from '../computer/inspect.js';
import { textOf } from '../machine/text.js';
import { visibleJson } from '../language/visible.js';
import { ListValue, MapValue, RecordValue, type Value } from '../machine/values.js';

/** Writes events of one run, line by line. */
export interface TraceWriter {
  event(name: string, fields: RecordValue): void;
  /** The run is over. */
  end?(): void;
}

export type TraceFormat = (computer: Computer, line: (text: string) => void) => TraceWriter;

/** `     120 cpu0 server/2       sched_wakeup: comm="server" pid=2`, in the manner of Linux's trace file. */
export const plainText: TraceFormat = (computer, line) => ({
  event(name, fields) {
    const { cpu } = computer.machine;
    const values = fields.shape.fields.map((field, i) => `${field}=${describe(fields.fields[i] ?? null)}`);
    line(
      `${String(cpu.clock).padStart(10)} cpu${cpu.id} ${taskName(cpu.task).padEnd(16)} ${name}: ${values.join(' ')}`.trimEnd(),
    );
  },
});

/** One object a line: `{"time":120,"step":4711,"cpu":0,"pid":2,"task":"server","event":"sched_wakeup","fields":{…}}`. */
export const jsonLines: TraceFormat = (computer, line) => ({
  event(name, fields) {
    const { cpu, steps } = computer.machine;
    const [pid, task] = [integer(cpu.task, 'pid'), text(cpu.task, 'name')];
    line(
      visibleJson({ time: cpu.clock, step: steps, cpu: cpu.id, pid, task, event: name, fields: plainValue(fields) }),
    );
  },
});

export function taskName(task: Value): string {
  return task instanceof RecordValue ? `${text(task, 'name')}/${integer(task, 'pid')}` : '-';
}

/** Objects inside each other are shown so deep. */
const DEPTH = 4;

/** A value as JSON has it; what has no form there becomes its description. */
function plainValue(value: Value, depth = 0): unknown {
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'string') return textOf(value);
  if (depth >= DEPTH) return describe(value);
  if (value instanceof ListValue) return value.toArray().map((item) => plainValue(item, depth + 1));
  if (value instanceof RecordValue) {
    return Object.fromEntries(
      value.shape.fields.map((name, i) => [name, plainValue(value.fields[i] ?? null, depth + 1)]),
    );
  }
  if (value instanceof MapValue) {
    return Object.fromEntries([...value.entries].map(([key, item]) => [String(key), plainValue(item, depth + 1)]));
  }
  return describe(value);
}
