/**
 * What programs print, as output events: each piece once, however often the run passes it, with the line that wrote it.
 */
import type { DebugProtocol as P } from '@vscode/debugprotocol';
import { framesOfTask } from '../machine/frames.js';
import { pidOf, taskOn } from '../computer/inspect.js';
import { text, type KernelEvent } from '../computer/kernel-records.js';
import { Code } from './code-map.js';
import type { Debuggee } from './debuggee.js';

export type SendOutput = (body: P.OutputEvent['body']) => void;

/** Characters in one event at most. */
const LONGEST = 32_768;

/** Processes of which something is remembered from one flush to the next. */
const MOST_PROCESSES = 1000;

interface Write {
  step: number;
  pid: number;
  uri: string;
  line: number;
  column: number;
}

export class Output {
  /** The step of the last piece that was shown. */
  private shown = -1;
  /** Where the write() calls since the last flush stand, and each process's last one before: it may not be over. */
  private writes: Write[] = [];
  private readonly decoders = new Map<number, InstanceType<typeof TextDecoder>>();

  constructor(
    private readonly debuggee: Debuggee,
    private readonly send: SendOutput,
    private readonly sourceOf: (uri: string) => P.Source,
  ) {}

  /** A tracepoint was passed for the first time: notes where a write() comes from. */
  observe({ name, fields }: KernelEvent): void {
    if (name !== 'sys_enter' || !text(fields, 'name').includes('write')) return;
    const { machine, code } = this.debuggee;
    const task = taskOn(machine.cpu);
    if (!task) return;
    const frame = framesOfTask(machine, task).find(({ pc }) => code.ownerOf(pc) === Code.PROGRAM);
    const position = frame && code.positionAt(frame.pc);
    if (!position) return;
    const { uri, line, column } = position;
    this.writes.push({ step: machine.steps, pid: pidOf(task), uri, line, column });
  }

  /** Sends what was printed since the last time. */
  flush(): void {
    const chunks = this.debuggee.machine.terminal.output();
    let from = chunks.length;
    while (from > 0 && (chunks[from - 1]?.step ?? 0) > this.shown) from--;
    let pending: P.OutputEvent['body'] | null = null;
    for (const chunk of chunks.slice(from)) {
      const output = this.decode(chunk.pid, chunk.bytes);
      const place = this.placeOf(chunk.pid, chunk.step);
      if (pending && pending.line === place?.line && pending.output.length + output.length < LONGEST) {
        pending.output += output;
      } else {
        if (pending) this.send(pending);
        pending = { category: 'stdout', output };
        if (place) Object.assign(pending, { source: this.sourceOf(place.uri), line: place.line, column: place.column });
      }
      this.shown = chunk.step;
    }
    if (pending) this.send(pending);
    this.writes = lastOfEach(this.writes);
  }

  /** What was printed after this step has not happened: an input has changed the run. */
  forgetAfter(step: number): void {
    this.shown = Math.min(this.shown, step);
    this.decoders.clear();
  }

  private placeOf(pid: number, step: number): Write | undefined {
    for (let i = this.writes.length - 1; i >= 0; i--) {
      const write = this.writes[i];
      if (write.pid === pid && write.step <= step) return write;
    }
    return undefined;
  }

  /** A character may be cut in two by two write()s. */
  private decode(pid: number, bytes: string): string {
    let decoder = this.decoders.get(pid);
    if (!decoder) {
      const [oldest] = this.decoders.keys();
      if (this.decoders.size >= MOST_PROCESSES && oldest !== undefined) this.decoders.delete(oldest);
      this.decoders.set(pid, (decoder = new TextDecoder()));
    }
    const array = new Uint8Array(bytes.length);
    for (let i = 0; i < bytes.length; i++) array[i] = bytes.charCodeAt(i);
    return decoder.decode(array, { stream: true });
  }
}

function lastOfEach(writes: readonly Write[]): Write[] {
  const last = new Map<number, Write>();
  for (const write of writes) {
    last.delete(write.pid);
    last.set(write.pid, write);
  }
  return [...last.values()].slice(-MOST_PROCESSES);
}
