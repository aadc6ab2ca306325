/**
 * Waits for locks, as they are told to people. The kernel knows addresses and threads; here they get the names that the
 * program has for them, and the lines on which the threads wait. And circles of such waits, collected for the end of
 * the run: some are broken by a time limit, and nobody would hear of them.
 */
import { SYNC_KINDS } from '../language/sync-objects.js';
import { framesOfTask } from '../machine/frames.js';
import type { Board } from '../machine/board.js';
import type { LinkedGlobal } from '../machine/link.js';
import type { OutcomeKind } from '../machine/state.js';
import { ListValue, MapValue, RecordValue, SyncValue, type Value } from '../machine/values.js';
import type { TraceEvent } from './events/event.js';
import { localsOf } from './inspect-frames.js';
import { addressOfGlobal, readBytes, readGlobal } from './inspect-memory.js';
import { taskByTid, tidOf, waitChannel, type Task } from './inspect.js';
import { field, flag, integer, kernelEvent } from './kernel-records.js';

/** A line of the kernel: `pid 2 thread 3 (worker) waits for futex 0x9000040, held by …`, or `… for the end of …`. */
const WAIT = /^(pid (\d+)(?: thread (\d+))? \(.*?\) waits for )(futex 0x([0-9a-f]+)|)/;
/** Elements of a list that are looked at for a lock. */
const MOST_ELEMENTS = 10_000;

/** The kernel's lines with names of locks in place of addresses, and where in the program they are waited for. */
export function explainWaits(machine: Board, lines: readonly string[]): string[] {
  return lines.map((line) => {
    const found = WAIT.exec(line);
    if (!found) return line;
    const [all, who, pid, tid, futex, address] = found;
    const rest = line.slice(all.length);
    if (futex === '' && !rest.startsWith('the end of ')) return line;
    const task = taskByTid(machine, Number(tid ?? pid));
    if (!task) return line;
    const place = placeOf(machine, task);
    if (futex === '') return `${who}${rest}${place}`;
    return `${who}${nameOfWord(machine, task, parseInt(address, 16)) ?? futex}${place}${rest}`;
  });
}

const FUTEX = /^futex 0x([0-9a-f]+)$/;
/** Of a word that holds a thread's number (abi.osim: FUTEX_TID_MASK). */
const TID_MASK = 0x3fffffff;

/** What a blocked task waits for, in a few words, a lock or a thread by its name; null when it is not blocked. */
export function waitName(machine: Board, task: Task): string | null {
  const channel = waitChannel(task);
  const address = FUTEX.exec(channel ?? '')?.[1];
  if (address === undefined) return channel;
  const at = parseInt(address, 16);
  const [a = 0, b = 0, c = 0, d = 0] = readBytes(machine, task, at, 4);
  const other = taskByTid(machine, (a | (b << 8) | (c << 16) | (d << 24)) & TID_MASK);
  if (other && integer(other, 'clear_child_tid') === at) return `the end of thread ${tidOf(other)}`;
  return nameOfWord(machine, task, at) ?? channel;
}

/** ` at file:line` of the innermost frame of the program itself. */
function placeOf(machine: Board, task: Task): string {
  const frame = framesOfTask(machine, task).find(({ function: f }) => f.image === 'program' && !f.synthetic);
  const position = frame && machine.program.positionAt(frame.pc);
  return position ? ` at ${position.uri.slice(position.uri.lastIndexOf('/') + 1)}:${position.line}` : '';
}

/** "mutex fork[1]": what the program calls the word at an address: a variable, or what is made of it (std/libc). */
function nameOfWord(machine: Board, task: Task, address: number): string | null {
  const globals = machine.program.userGlobals.filter(({ image, name }) => image === 'program' && !name.startsWith('_'));
  for (const global of globals) {
    const at = addressOfGlobal(task, global);
    const words = elementsOf(global);
    if (address >= at && address < at + 8 * words) {
      return words === 1 ? global.name : `${global.name}[${Math.floor((address - at) / 8)}]`;
    }
  }
  for (const global of globals) {
    const found = nameIn(global.name, readGlobal(machine, task, global), address);
    if (found) return found;
  }
  for (const frame of framesOfTask(machine, task)) {
    if (frame.function.image !== 'program') continue;
    for (const { name, slot } of localsOf(frame)) {
      const found = nameIn(name, frame.stack.slots[slot], address);
      if (found) return found;
    }
  }
  return null;
}

/** How many words a global has: more than one if it is an array of shared words. */
function elementsOf({ length = 1 }: LinkedGlobal): number {
  return length;
}

/** Whether an address is that of a word of a lock. */
function isOf({ number, address: from }: SyncValue, address: number): boolean {
  return address >= from && address < from + 4 * SYNC_KINDS[number].words.length;
}

/** A value that is a lock with that word, or holds one. */
function nameIn(name: string, value: Value | undefined, address: number, depth = 2): string | null {
  if (value instanceof SyncValue) return isOf(value, address) ? `${value.kind} ${name}` : null;
  if (value instanceof RecordValue) {
    if (value.fields.includes(address)) {
      const kind = value.shape.name?.replace(/^_/, '').toLowerCase();
      return kind ? `${kind} ${name}` : name;
    }
    if (depth === 0) return null;
    for (const [i, part] of value.fields.entries()) {
      const found = nameIn(`${name}.${value.shape.fields[i]}`, part, address, depth - 1);
      if (found) return found;
    }
  }
  if (depth === 0) return null;
  if (value instanceof ListValue) {
    for (const [i, part] of value.toArray().slice(0, MOST_ELEMENTS).entries()) {
      const found = nameIn(`${name}[${i}]`, part, address, depth - 1);
      if (found) return found;
    }
  }
  if (value instanceof MapValue) {
    for (const [key, part] of value.entries) {
      const found = nameIn(`${name}[${JSON.stringify(key)}]`, part, address, depth - 1);
      if (found) return found;
    }
  }
  return null;
}

interface LockCycle {
  step: number;
  /** Ticks. */
  time: number;
  /** One of the waiters has a time limit. */
  timed: boolean;
  lines: string[];
}

/** As many are kept, the first ones: a loop that runs into the same again and again says nothing new. */
const MOST_CYCLES = 20;

/** Circles of threads that wait for each other's locks, in the order in which they closed. */
export class LockCycles {
  readonly found: LockCycle[] = [];

  /** A tracepoint of the kernel's was passed. */
  observe(machine: Board, event: TraceEvent): void {
    const { name, step, fields } = kernelEvent(event);
    if (name !== 'lock_cycle' || this.found.length >= MOST_CYCLES) return;
    const report = field(fields, 'report');
    const lines = report instanceof ListValue ? report.toArray().map(String) : [];
    this.found.push({
      step,
      time: machine.cpu.clock,
      timed: flag(fields, 'timed'),
      lines: explainWaits(machine, lines),
    });
  }

  /** Forgets what closed after a step: an input has changed the future. */
  forgetAfter(step: number): void {
    while ((this.found.at(-1)?.step ?? 0) > step) this.found.pop();
  }

  /** What is to be said of them at the end. One without a time limit is the deadlock that the outcome tells of. */
  told(outcome: OutcomeKind | undefined): string[] {
    return this.found.flatMap(({ time, timed, lines }) => {
      if (!timed && outcome === 'deadlock') return [];
      const saved = timed ? 'saved only by a time limit' : 'and the run ended all the same';
      return [`a circle of locks closed at tick ${time}, ${saved}:`, ...lines.map((line) => `  ${line}`)];
    });
  }
}
