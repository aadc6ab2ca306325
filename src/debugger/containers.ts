/** Things with parts, as the Variables view unfolds them: each part is read when it is asked for, a page at a time. */
import type { Board } from '../machine/board.js';
import { ContextValue } from '../machine/context.js';
import type { Frame } from '../machine/frames.js';
import { WORDS } from '../isa/isa.js';
import { CoroutineValue } from '../machine/stack.js';
import { isText } from '../machine/long-string.js';
import { PTE_COW, PTE_DIRTY, PTE_WRITABLE, PageTable } from '../machine/mmu.js';
import {
  BufferValue,
  FunctionValue,
  ListValue,
  MapValue,
  RecordValue,
  SyncValue,
  WordsValue,
  type Value,
} from '../machine/values.js';
import { address, describe, describeField, hex, type FormatOptions } from '../computer/inspect-format.js';
import { nameOfCoroutine, placeOfCoroutine } from '../computer/inspect-coroutines.js';
import { framesOfCoroutine, localsOf } from '../computer/inspect-frames.js';
import { readBytes, readElements, readSlot } from '../computer/inspect-memory.js';
import type { Task } from '../computer/inspect.js';
import { futexSleepers } from '../computer/inspect-futex.js';
import { SYNC_KINDS, syncText } from '../language/sync-objects.js';
import { countOf, isStruct, members, type FieldPath } from '../computer/kernel-records.js';
import { fieldDoc } from './field-doc.js';

/** One part. */
export interface Part {
  name: string;
  /** What is shown. */
  text: string;
  /** Its kind, for the hover. */
  type?: string;
  /** An expression that gives it, for watch, copying and assignment; null when there is none. */
  expression: string | null;
  /** What is inside. */
  inside?: Container | null;
  /** Where its bytes are: an address in a space that tells the process (memory.ts). */
  memory?: string;
  /** Cannot be assigned to. */
  fixed?: boolean;
}

export interface Container {
  /** How many parts with names, and how many with numbers; the latter are asked for in pages. */
  named: number;
  indexed: number;
  /** Parts with names come first, then those with numbers from `start`, `count` of them. */
  namedParts(options: FormatOptions): Part[];
  indexedParts(start: number, count: number, options: FormatOptions): Part[];
}

/** What values are read against: whose buffers they are, and how a byte's place is named. */
export interface Reading {
  machine: Board;
  task: Task | null;
  /** The name of a user address of this task, or of a kernel address. */
  userMemory(address: number): string;
  kernelMemory(address: number): string;
  physicalMemory(address: number): string;
}

/** A fixed set of parts with names. */
export class Group implements Container {
  readonly indexed = 0;
  constructor(
    readonly named: number,
    private readonly make: (options: FormatOptions) => Part[],
  ) {}
  namedParts(options: FormatOptions): Part[] {
    return this.make(options);
  }
  indexedParts(): Part[] {
    return [];
  }
}

/** Parts with numbers, made on demand. */
export class Row implements Container {
  readonly named = 0;
  constructor(
    readonly indexed: number,
    private readonly make: (index: number, options: FormatOptions) => Part,
  ) {}
  namedParts(): Part[] {
    return [];
  }
  indexedParts(start: number, count: number, options: FormatOptions): Part[] {
    const end = Math.min(this.indexed, start + count);
    const parts: Part[] = [];
    for (let i = Math.max(0, start); i < end; i++) parts.push(this.make(i, options));
    return parts;
  }
}

/** A value as a part. */
export function partOf(
  reading: Reading,
  name: string,
  value: Value,
  expression: string | null,
  options: FormatOptions,
): Part {
  const part: Part = {
    name,
    text: describe(value, withBytes(reading, options)),
    type: typeOf(value),
    expression,
    inside: insideOf(reading, value, expression),
  };
  if (value instanceof CoroutineValue) part.text = coroutineText(reading, value);
  const isUsers = value instanceof BufferValue || value instanceof WordsValue || value instanceof SyncValue;
  if (isUsers) part.memory = reading.userMemory(value.address);
  else if (value instanceof RecordValue && value.address !== 0) part.memory = reading.kernelMemory(value.address);
  return part;
}

export function withBytes(reading: Reading, options: FormatOptions): FormatOptions {
  const { machine, task } = reading;
  return {
    ...options,
    bytesOf: (buffer) => (task ? readBytes(machine, task, buffer.address, buffer.length) : null),
    stateOf: (lock) => lockText(reading, lock),
    elementsOf: (array, count) => (task ? readElements(machine, task, array, count) : null),
  };
}

function typeOf(value: Value): string {
  if (value === null) return 'null';
  if (typeof value === 'number') return 'int';
  if (isText(value)) return 'string';
  if (typeof value === 'boolean') return 'bool';
  if (value instanceof RecordValue) return value.shape.name ?? 'record';
  if (value instanceof ListValue) return 'list';
  if (value instanceof MapValue) return 'map';
  if (value instanceof BufferValue) return 'buffer';
  if (value instanceof WordsValue) return 'array';
  return value instanceof FunctionValue ? 'function' : value.kind;
}

/** What can be unfolded of a value; null for what has no parts. */
export function insideOf(reading: Reading, value: Value, expression: string | null): Container | null {
  if (value instanceof RecordValue) return insideRecord(reading, value, expression);
  if (value instanceof ListValue) {
    return value.length === 0
      ? null
      : new Row(value.length, (i, o) =>
          partOf(reading, String(i), value.items[value.head + i], indexed(expression, i), o),
        );
  }
  if (value instanceof MapValue) return value.entries.size === 0 ? null : insideMap(reading, value, expression);
  if (value instanceof BufferValue) return value.length === 0 ? null : insideBuffer(reading, value, expression);
  if (value instanceof WordsValue) return insideArray(reading, value, expression);
  if (value instanceof SyncValue) return insideLock(reading, value);
  if (value instanceof ContextValue) return insideContext(reading, value);
  if (value instanceof PageTable) return insidePageTable(reading, value);
  if (value instanceof CoroutineValue) return insideCoroutine(reading, value);
  return null;
}

function indexed(expression: string | null, i: number): string | null {
  return expression === null ? null : `${expression}[${i}]`;
}

/** The field that holds a physical address. */
const FRAME: FieldPath = 'Page.frame';

function insideRecord(reading: Reading, record: RecordValue, expression: string | null): Container | null {
  const { shape } = record;
  if (isStruct(record, 'List') || isStruct(record, 'Heap')) return insideCollection(reading, record, expression);
  return new Group(shape.fields.length, (options) =>
    shape.fields.map((_name, i) => fieldPart(reading, record, i, expression, options)),
  );
}

/** A field of a record: what it means is shown with its kind, where an editor shows that (VS Code: on hover). */
export function fieldPart(
  reading: Reading,
  record: RecordValue,
  i: number,
  expression: string | null,
  options: FormatOptions,
): Part {
  const { shape } = record;
  const name = shape.fields[i];
  const part = partOf(reading, name, record.fields[i], expression === null ? null : `${expression}.${name}`, options);
  if (!options.hex) part.text = describeField(reading.machine, record, name, withBytes(reading, options));
  if (`${shape.name ?? ''}.${name}` === FRAME) part.memory = reading.physicalMemory(record.fields[i] as number);
  const meaning = fieldDoc(reading.machine, shape, name)?.comment;
  if (meaning !== undefined) part.type = `${part.type ?? ''}: ${meaning}`;
  return part;
}

/** A kernel List or Heap: its members in order, without the links that make it up. */
function insideCollection(reading: Reading, record: RecordValue, expression: string | null): Container | null {
  const count = countOf(record);
  if (count === 0) return null;
  let found: Value[] | null = null;
  const isHeap = isStruct(record, 'Heap');
  return new Row(count, (i, options) => {
    found ??= members(record);
    const path = isHeap || expression === null || i > 20 ? null : `${expression}.first${'.next'.repeat(i)}`;
    return partOf(reading, String(i), found[i] ?? null, path, options);
  });
}

/** A map's entries as rows of a page: keys as names, in the map's order; integers in theirs. */
function insideMap(reading: Reading, map: MapValue, expression: string | null): Container {
  let entries: [number | string | boolean, Value][] | null = null;
  return new Row(map.entries.size, (i, options) => {
    if (!entries) {
      entries = [...map.entries];
      if (entries.every(([key]) => typeof key === 'number')) entries.sort((a, b) => Number(a[0]) - Number(b[0]));
    }
    const [key, value] = entries[i] ?? ['', null];
    const written = typeof key === 'string' ? describe(key) : String(key);
    return partOf(reading, written, value, expression === null ? null : `${expression}[${written}]`, options);
  });
}

function insideBuffer(reading: Reading, buffer: BufferValue, expression: string | null): Container {
  const { machine, task } = reading;
  return new Row(buffer.length, (i) => {
    const byte = task ? readBytes(machine, task, buffer.address + i, 1)[0] : undefined;
    return {
      name: String(i),
      text: byte === undefined ? 'not in memory' : byteText(byte),
      type: 'byte',
      expression: indexed(expression, i),
    };
  });
}

/** The elements of a shared array. */
function insideArray(reading: Reading, array: WordsValue, expression: string | null): Container {
  const { machine, task } = reading;
  return new Row(array.length, (i, options) => {
    const address = array.address + 8 * i;
    const value = task ? readSlot(machine, task, address) : undefined;
    const part: Part =
      value === undefined
        ? fixed(String(i), 'not in memory yet')
        : partOf(reading, String(i), value, indexed(expression, i), options);
    return { ...part, memory: reading.userMemory(address) };
  });
}

/** The words of a lock; null where its page is not in memory. */
function wordsOf({ machine, task }: Reading, { number, address }: SyncValue): number[] | null {
  const { length } = SYNC_KINDS[number].words;
  const bytes = task ? readBytes(machine, task, address, 4 * length) : new Uint8Array();
  if (bytes.length < 4 * length) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return Array.from({ length }, (_, i) => view.getUint32(4 * i, true));
}

/** `mutex (held by thread 3)`. */
function lockText(reading: Reading, lock: SyncValue): string | null {
  const words = wordsOf(reading, lock);
  return words && syncText(lock.kind, words);
}

/** A lock's words by name, and who sleeps until it is free. */
function insideLock(reading: Reading, lock: SyncValue): Container {
  const names = SYNC_KINDS[lock.number].words.filter((name) => name !== 'unused');
  return new Group(names.length + 1, () => {
    const words = wordsOf(reading, lock);
    const sleepers = futexSleepers(reading.machine, reading.task, lock.address, 4 * names.length);
    return [
      ...names.map((name, i) => ({
        ...fixed(name, words ? hexOrDecimal(words[i] ?? 0) : 'not in memory yet'),
        memory: reading.userMemory(lock.address + 4 * i),
      })),
      fixed('asleep', sleepers.length === 0 ? 'nobody' : sleepers.map((tid) => `thread ${tid}`).join(', ')),
    ];
  });
}

/** An owner's word has flags above the thread's number. */
function hexOrDecimal(word: number): string {
  return word < 0x4000_0000 ? String(word) : hex(word);
}

function byteText(byte: number): string {
  const shown = byte >= 0x20 && byte < 0x7f ? ` '${String.fromCharCode(byte)}'` : '';
  return `${byte}${shown}`;
}

function fixed(name: string, text: string, inside?: Container | null): Part {
  return { name, text, expression: null, fixed: true, ...(inside ? { inside } : {}) };
}

function insideContext(reading: Reading, context: ContextValue): Container {
  const { program } = reading.machine;
  const f = program.functionAt(context.pc);
  return new Group(4, () => [
    fixed('pc', `${address(program.addressOf(context.pc))}${f ? ` in ${f.name}` : ''}`),
    fixed('sp', hex(context.stack.top * 8)),
    fixed('fp', hex(context.fp * 8)),
    {
      ...fixed('page_table', context.pageTable ? describe(context.pageTable) : 'null'),
      inside: context.pageTable ? insidePageTable(reading, context.pageTable) : null,
    },
  ]);
}

/** Entries of a page table, by address. */
export function insidePageTable(reading: Reading, table: PageTable): Container | null {
  const pages = table.pages();
  if (pages.length === 0) return null;
  return new Row(pages.length, (i) => {
    const page = pages[i];
    return { ...fixed(address(page), pageEntry(table.get(page))), memory: reading.userMemory(page) };
  });
}

/** `frame 12 rw dirty`. */
export function pageEntry(entry: number): string {
  const words = [`frame ${entry >>> 12}`, entry & PTE_WRITABLE ? 'rw' : 'r'];
  if (entry & PTE_COW) words.push('copy-on-write');
  if (entry & PTE_DIRTY) words.push('dirty');
  return words.join(' ');
}

/** A coroutine's function and state, and what it keeps in hand while it is suspended. */
function insideCoroutine(reading: Reading, c: CoroutineValue): Container {
  const { program } = reading.machine;
  const frame = placeOfCoroutine(reading.machine, c);
  const at = frame && program.positionAt(frame.pc);
  const locals = frame ? localsOf(frame) : [];
  const stack = framesOfCoroutine(reading.machine, c).map(frameText(reading.machine));
  const resumer = resumerText(reading.machine, c);
  return new Group(2 + (at ? 2 : 0) + (resumer ? 1 : 0) + locals.length, (options) => [
    fixed('function', program.functions[c.functionIndex]?.name ?? '?'),
    fixed('state', STATES[c.state]),
    ...(resumer ? [fixed('resumed by', resumer)] : []),
    ...(at ? [fixed('at', `${at.uri}:${at.line}`), fixed('stack', stack.join(' < '))] : []),
    ...locals.map(({ name, slot }) => ({
      ...partOf(reading, name, c.stack.slots[slot] ?? null, null, options),
      fixed: true,
    })),
  ]);
}

/** `await_read:31`: a function, and the line at which it stands. */
function frameText({ program }: Board): (frame: Frame) => string {
  return ({ function: f, pc }) => `${f.name}:${program.positionAt(pc)?.line ?? '?'}`;
}

/** Who waits in resume() for a coroutine that is running; null: nobody, it is not running. */
function resumerText(machine: Board, c: CoroutineValue): string | null {
  if (c.resumer === null) return null;
  const by = c.resumer.coroutine ? nameOfCoroutine(machine, c.resumer.coroutine) : 'the thread itself';
  const line = machine.program.positionAt(c.resumerPc - WORDS)?.line;
  return line === undefined ? by : `${by}, at line ${line}`;
}

/** A coroutine's states in words for the reader. */
const STATES = { new: 'created', suspended: 'suspended', running: 'running', done: 'done' } as const;

/** `gen #2, line 3, suspended`: short, and what tells them apart first, since a pane is narrow. */
export function coroutineText({ machine }: Reading, c: CoroutineValue): string {
  const frame = placeOfCoroutine(machine, c);
  const at = frame && machine.program.positionAt(frame.pc);
  const inside = at?.uri.startsWith('std:/') ? ` of ${at.uri.slice('std:/'.length)}` : '';
  return `${nameOfCoroutine(machine, c)}${at ? `, line ${at.line}${inside}` : ''}, ${STATES[c.state]}`;
}
