/**
 * A hash of a machine's whole state: equal states have equal hashes, and one changed byte changes it.
 *
 * It does not depend on which JavaScript objects make up the state, only on what they hold and how they refer to each
 * other: objects are numbered in the order in which a walk from the roots first meets them, and a reference counts as
 * that number. The walk keeps its own queue, so that a list of a million links needs no deep stack.
 *
 * Two lanes of MurmurHash3_x86_32 (Appleby, public domain) with different constants: 64 bits, enough to tell apart the
 * states that tests compare; it is no defence against a forger.
 */
import { ContextValue } from './context.js';
import { Counters } from './counters.js';
import { Cpu } from './cpu.js';
import { Disk } from './disk.js';
import { MachineError } from './errors.js';
import { EventQueue } from './events.js';
import { LongString } from './long-string.js';
import { PhysicalMemory } from './memory.js';
import { PageTable, TLB_LINES, Tlb } from './mmu.js';
import { Random } from './random.js';
import { HeapValue } from './slots.js';
import { CoroutineValue, Stack } from './stack.js';
import { Terminal } from './terminal.js';
import { BufferValue, FunctionValue, ListValue, MapValue, RecordValue, SyncValue, WordsValue } from './values.js';

/** Something of which the hash knows nothing: it says itself what it consists of, in a fixed order. */
export interface Hashed {
  hashParts(): Iterable<unknown>;
}

/**
 * The hash of `parts`: values, devices, CPUs, arrays and maps of these, or anything that is Hashed. 16 hex digits.
 * A running stack must have its exact `fp`.
 * @throws MachineError for an object that it does not know: state must not be left out unnoticed
 */
export function stateHash(parts: Iterable<unknown>): string {
  const hasher = new Hasher();
  for (const part of parts) hasher.part(part);
  return hasher.finish();
}

const NULL = 1;
const UNDEFINED = 2;
const FALSE = 3;
const TRUE = 4;
const INTEGER = 5;
const NUMBER = 6;
const STRING = 7;
const REFERENCE = 8;
const END = 9;

class Hasher {
  private a = 0x9747b28c;
  private b = 0x3c6ef372;
  private words = 0;
  private readonly numbers = new Map<object, number>();
  private readonly queue: object[] = [];
  private readonly float = new Float64Array(1);
  private readonly floatWords = new Int32Array(this.float.buffer);

  part(value: unknown): void {
    switch (typeof value) {
      case 'number':
        return this.number(value);
      case 'string':
        return this.string(value);
      case 'boolean':
        return this.word(value ? TRUE : FALSE);
      case 'undefined':
        return this.word(UNDEFINED);
      case 'object':
        if (value instanceof LongString) return this.string(value.toString());
        return value === null ? this.word(NULL) : this.reference(value);
      default:
        throw new MachineError(`a ${typeof value} is no part of a machine's state`);
    }
  }

  finish(): string {
    // The queue grows while it is walked.
    for (let i = 0; i < this.queue.length; i++) {
      this.word(END);
      this.content(this.queue[i]);
    }
    const lanes = [this.a, this.b].map((lane) => mixed(lane ^ this.words));
    return lanes.map((lane) => (lane >>> 0).toString(16).padStart(8, '0')).join('');
  }

  private word(k: number): void {
    this.words++;
    this.a ^= Math.imul(rotate(Math.imul(k, 0xcc9e2d51), 15), 0x1b873593);
    this.a = (Math.imul(rotate(this.a, 13), 5) + 0xe6546b64) | 0;
    this.b ^= Math.imul(rotate(Math.imul(k, 0xab0e9789), 16), 0x38b34ae5);
    this.b = (Math.imul(rotate(this.b, 17), 5) + 0x561ccd1b) | 0;
  }

  private number(value: number): void {
    if ((value | 0) === value) {
      this.word(INTEGER);
      return this.word(value);
    }
    this.float[0] = value;
    this.word(NUMBER);
    this.word(this.floatWords[0]);
    this.word(this.floatWords[1]);
  }

  private string(text: string): void {
    this.word(STRING);
    this.word(text.length);
    for (let i = 0; i < text.length; i++) this.word(text.charCodeAt(i));
  }

  private reference(object: object): void {
    let number = this.numbers.get(object);
    if (number === undefined) {
      this.numbers.set(object, (number = this.numbers.size));
      this.queue.push(object);
    }
    this.word(REFERENCE);
    this.word(number);
  }

  private array(items: ArrayLike<unknown>, from = 0, to = items.length): void {
    this.word(to - from);
    for (let i = from; i < to; i++) this.part(items[i]);
  }

  private bytes(bytes: Uint8Array): void {
    this.integers(new Int32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 2));
  }

  private integers(words: Int32Array): void {
    this.word(words.length);
    for (let i = 0; i < words.length; i++) this.word(words[i]);
  }

  private all(...parts: unknown[]): void {
    this.array(parts);
  }

  /** A word for the kind of thing, so that no two kinds look alike, then what it holds. */
  private content(object: object): void {
    for (const [kind, handler] of HANDLERS.entries()) {
      if (!(object instanceof handler.of)) continue;
      this.word(kind);
      return handler.hash.call(this, object as never);
    }
    if ('hashParts' in object) return this.array([...(object as Hashed).hashParts()]);
    throw new MachineError(`no hash is known of ${object.constructor.name}`);
  }

  // -- what each kind of thing holds ---------------------------------------------------------------------------------

  stack(stack: Stack): void {
    this.all(stack.fp, stack.sp, stack.argumentsAt, stack.coroutine, stack.heap);
    this.all(stack.thread?.tid ?? 0, stack.thread?.offset ?? 0);
    this.array(stack.slots, 0, stack.top);
  }

  coroutine(c: CoroutineValue): void {
    this.all(c.stack, c.functionIndex, c.number, c.state, c.pc, c.fp, c.result);
    this.all(c.resumer, c.resumerPc, c.resumerFp, c.resumerResult, c.resumerEnd, c.bytes);
    this.all(c.thread?.tid ?? 0);
  }

  cpu(cpu: Cpu): void {
    this.all(cpu.id, cpu.mode, cpu.clock, cpu.pc, cpu.fp, cpu.pageTable, cpu.task, cpu.halted, cpu.pending, cpu.timer);
    this.all(
      cpu.userTicks,
      cpu.kernelTicks,
      cpu.idleTicks,
      cpu.lockup,
      cpu.owing,
      cpu.raisedAt,
      cpu.stack,
      cpu.kernelStack,
      cpu.tlb,
    );
  }

  heap(heap: HeapValue): void {
    this.all(heap.size, heap.givenSinceSweep);
    this.array(heap.freeHandles());
    for (const [handle, value] of heap.entries()) this.all(handle, value);
  }

  memory(memory: PhysicalMemory): void {
    this.word(memory.frameCount);
    memory.frames.forEach((frame, pfn) => {
      // A frame of zeros is as good as none.
      if (frame === undefined || frame.isZero()) return;
      this.word(pfn);
      this.integers(frame.words);
    });
  }

  pageTable(table: PageTable): void {
    for (const page of table.pages()) this.all(page, table.get(page));
  }

  tlb(tlb: Tlb): void {
    this.all(tlb.hits, tlb.misses, tlb.flushes);
    this.integers(tlb.tags);
    for (let line = 0; line < TLB_LINES; line++) if (tlb.tags[line] !== -1) this.word(tlb.frames[line]);
  }

  events(events: EventQueue): void {
    this.word(events.scheduled);
    for (const { time, sequence, kind, payload } of events.pending()) this.all(time, sequence, kind, payload);
  }

  disk(disk: Disk): void {
    for (const { id, write, sector, pa, count } of disk.pending) this.all(id, write, sector, pa, count);
    this.array(disk.finishedIds);
    for (const sector of disk.changedSectors()) {
      this.word(sector);
      this.bytes(disk.content(sector));
    }
  }

  terminal(terminal: Terminal): void {
    this.string(terminal.waiting);
    for (const { time, step, pid, bytes } of terminal.output()) this.all(time, step, pid, bytes);
  }

  record(record: RecordValue): void {
    this.all(record.shape.name, record.address);
    this.array(record.shape.fields);
    this.array(record.fields);
  }

  map(entries: ReadonlyMap<unknown, unknown>): void {
    for (const [key, value] of entries) this.all(key, value);
  }

  list(list: ListValue): void {
    this.array(list.items, list.head);
  }

  plain(items: ArrayLike<unknown>): void {
    this.array(items);
  }
}

interface Handler {
  // Any class, of any constructor: only instanceof is asked.
  of: abstract new (...args: never[]) => object;
  hash: (this: Hasher, object: never) => void;
}

function handler<T extends object>(
  of: abstract new (...args: never[]) => T,
  hash: (this: Hasher, object: T) => void,
): Handler {
  return { of, hash };
}

const HANDLERS: readonly Handler[] = [
  handler(RecordValue, Hasher.prototype.record),
  handler(ListValue, Hasher.prototype.list),
  handler(MapValue, function (map) {
    this.map(map.entries);
  }),
  handler(BufferValue, function (buffer) {
    this.plain([buffer.address, buffer.length]);
  }),
  handler(SyncValue, function (object) {
    this.plain([object.number, object.address]);
  }),
  handler(WordsValue, function (words) {
    this.plain([words.address, words.length]);
  }),
  handler(FunctionValue, function (f) {
    this.plain([f.index, f.name]);
  }),
  handler(Stack, Hasher.prototype.stack),
  handler(ContextValue, function (context) {
    this.plain([context.pc, context.fp, context.result, context.pageTable, context.stack]);
  }),
  handler(CoroutineValue, Hasher.prototype.coroutine),
  handler(HeapValue, Hasher.prototype.heap),
  handler(PageTable, Hasher.prototype.pageTable),
  handler(Tlb, Hasher.prototype.tlb),
  handler(Cpu, Hasher.prototype.cpu),
  handler(PhysicalMemory, Hasher.prototype.memory),
  handler(EventQueue, Hasher.prototype.events),
  handler(Disk, Hasher.prototype.disk),
  handler(Terminal, Hasher.prototype.terminal),
  handler(Counters, function (counters) {
    this.plain(counters.numbers());
  }),
  handler(Random, function (random) {
    this.plain(random.words);
  }),
  handler(Map, Hasher.prototype.map),
  handler(Array, Hasher.prototype.plain),
  handler(Int32Array, Hasher.prototype.plain),
  handler(Uint8Array, Hasher.prototype.plain),
  handler(Float64Array, Hasher.prototype.plain),
];

/** MurmurHash3's finalizer. */
function mixed(h: number): number {
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

function rotate(x: number, bits: number): number {
  return (x << bits) | (x >>> (32 - bits));
}
