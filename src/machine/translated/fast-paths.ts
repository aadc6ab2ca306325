/**
 * What translated code calls. Each does the common case of an instruction and says when it is another one: then the
 * code is left, and the interpreter executes the instruction. So the whole meaning of an instruction stands in
 * instructions/ only.
 */
import { and, or, xor } from '../../compiler/arithmetic.js';
import { arrangeArguments, callee, growStack } from '../calls.js';
import { ContextValue } from '../context.js';
import { KERNEL } from '../cpu.js';
import { WORDS } from '../../isa/isa.js';
import { MOST_ELEMENTS } from '../library-arguments.js';
import { LongString, SHORT } from '../long-string.js';
import { iterated, slice } from '../parts.js';
import { FunctionValue, ListValue, MapValue, RecordValue, type Value } from '../values.js';
import { globalIfThere, storeGlobal, threadOffset } from '../user-memory.js';
import { spend } from '../watchdog.js';
import { R, UNWIND } from './running.js';

/** Leaves translated code before the instruction at `pc`, with so many instructions that were counted too early. */
export function leave(fp: number, pc: number, uncounted: number): Value {
  R.fp = fp;
  R.pc = pc;
  R.left += uncounted;
  return UNWIND;
}

/** The field with name number `name`; undefined: that is not a record with such a field. */
export function field(target: Value, name: number): Value | undefined {
  if (!(target instanceof RecordValue)) return undefined;
  const slot = target.shape.slotOf[name];
  return slot >= 0 ? target.fields[slot] : undefined;
}

/** Sets it; false: that is not a record with such a field. */
export function setField(target: Value, name: number, value: Value): boolean {
  if (!(target instanceof RecordValue)) return false;
  const slot = target.shape.slotOf[name];
  if (!(slot >= 0)) return false;
  if (target.epoch !== R.epoch) R.history.keep(target);
  target.fields[slot] = value;
  return true;
}

export function save(target: RecordValue): void {
  R.history.keep(target);
}

export function saveGlobals(): void {
  R.history.keep(R.kernelData);
}

/** A new kernel record. */
export function record(shape: number, fields: Value[]): RecordValue {
  return new RecordValue(
    R.epoch,
    R.program.shapes[shape],
    fields,
    R.cpu.mode === KERNEL ? R.machineRegisters.addressFor(fields.length) : 0,
  );
}

export function list(items: Value[]): ListValue {
  return new ListValue(R.epoch, items);
}

/** `target[key]` of a list or a string, or of a map by number or short string. */
export function element(target: Value, key: Value): Value | undefined {
  if (target instanceof ListValue) {
    if (typeof key !== 'number' || key < 0) return undefined;
    const at = target.head + key;
    return at < target.items.length ? target.items[at] : undefined;
  }
  if (target instanceof MapValue && (typeof key === 'number' || (typeof key === 'string' && key.length <= SHORT))) {
    const found = target.entries.get(key);
    return found === undefined ? null : found;
  }
  if (typeof target === 'string' && typeof key === 'number' && key >= 0 && key < target.length)
    return target.charCodeAt(key);
  return undefined;
}

/** `target[key] = value` of a list, or of a map by number or short string; false: another case. */
export function setElement(target: Value, key: Value, value: Value): boolean {
  if (target instanceof MapValue) {
    if (typeof key !== 'number' && (typeof key !== 'string' || key.length > SHORT)) return false;
    if (target.entries.size >= MOST_ELEMENTS) return false;
    if (target.epoch !== R.epoch) R.history.keep(target);
    target.entries.set(key, value);
    return true;
  }
  if (!(target instanceof ListValue) || typeof key !== 'number' || key < 0) return false;
  const at = target.head + key;
  if (at >= target.items.length) return false;
  if (target.epoch !== R.epoch) R.history.keep(target);
  // Saving does not move the elements.
  target.items[target.head + key] = value;
  return true;
}

/** What `for (x in from)` walks; undefined: another case than a list or a map. */
export function walked(from: Value): ListValue | undefined {
  if (from instanceof ListValue) return from;
  if (!(from instanceof MapValue)) return undefined;
  const keys = iterated(R.epoch, from) as ListValue;
  R.board.charge(keys.length);
  R.board.allocate(keys.length + 3);
  return keys;
}

/** `target[from..to]` of a list or a short string; undefined: another case. */
export function part(target: Value, from: Value, to: Value): Value | undefined {
  const isList = target instanceof ListValue;
  if (!isList && typeof target !== 'string') return undefined;
  if (typeof from !== 'number' || typeof to !== 'number') return undefined;
  if (from < 0 || to > target.length || from > to) return undefined;
  const found = slice(R.epoch, target, from, to);
  if (isList) {
    R.board.charge(to - from);
    R.board.allocate(to - from + 3);
  } else R.board.allocate(2);
  return found;
}

/** `&`, `|` and `^` of any integers; undefined: of something else. */
export function bitAnd(a: Value, b: Value): number | undefined {
  return typeof a === 'number' && typeof b === 'number' ? and(a, b) : undefined;
}
export function bitOr(a: Value, b: Value): number | undefined {
  return typeof a === 'number' && typeof b === 'number' ? or(a, b) : undefined;
}
export function bitXor(a: Value, b: Value): number | undefined {
  return typeof a === 'number' && typeof b === 'number' ? xor(a, b) : undefined;
}

/** `==`; undefined: two values that one must look into. */
export function equal(a: Value, b: Value): boolean | undefined {
  if (a === b) return true;
  switch (typeof a) {
    case 'number':
      return typeof b === 'boolean' && (b ? 1 : 0) === a;
    case 'boolean':
      return typeof b === 'number' && (a ? 1 : 0) === b;
    case 'string':
      if (typeof b === 'string') return a.length > SHORT && a.length === b.length ? undefined : false;
      return b instanceof LongString ? undefined : false;
    default:
      if (a === null || b === null || a instanceof RecordValue || b instanceof RecordValue) return false;
      return a instanceof ListValue || b instanceof ListValue ? false : undefined;
  }
}

/** Two short strings joined; undefined: another case of `+`. */
export function joined(a: Value, b: Value): string | undefined {
  return typeof a === 'string' && typeof b === 'string' && a.length + b.length <= SHORT ? a + b : undefined;
}

/** len(); undefined: of something else. */
export function lengthOf(value: Value): number | undefined {
  return value instanceof ListValue || typeof value === 'string' ? value.length : undefined;
}

/** The stack has no room for a frame up to slot `top`: makes it. False: the interpreter will say that it is full. */
export function grow(top: number): boolean {
  if (top > R.stack.limit) return false;
  growStack(R.stack, top);
  return true;
}

/** Accounts for what was executed since the last time, as far as `left` tells. */
function settle(): void {
  const executed = R.limit - R.left;
  R.kind.settle(R.cpu, executed);
  R.budget -= executed;
  R.limit = R.left;
}

/** A library function or an intrinsic, at `pc`. Returns whether it asks for attention. */
export function native(id: number, fp: number, base: number, count: number, pc: number): boolean {
  const { cpu, stack, slots, board } = R;
  settle();
  R.fp = cpu.fp = fp;
  R.pc = cpu.pc = pc;
  cpu.stack = stack;
  const result = R.program.natives[id](R.host, slots, base, count);
  slots[base] = typeof result === 'string' && result.length > SHORT ? LongString.of(result) : result;
  if (cpu.mode !== KERNEL) board.allocate(typeof result === 'string' ? 2 + (result.length >> 3) : 1);
  return board.attention !== 0;
}

/**
 * The same for an instruction with `rest` counted ones behind it. Returns whether it asks for attention; then they are
 * not counted any more.
 */
export function nativeBefore(id: number, fp: number, base: number, count: number, pc: number, rest: number): boolean {
  R.left += rest;
  if (native(id, fp, base, count, pc)) return true;
  R.left -= rest;
  return false;
}

/** spend() at `pc`, of `ticks`. */
export function pass(fp: number, pc: number, ticks: Value): null {
  settle();
  R.fp = fp;
  R.pc = pc;
  spend(R.program, R.cpu, ticks);
  R.limit = R.left = R.kind.allowance(R.cpu, R.budget) | 0;
  return null;
}

/** save_context(), of which `next` is the instruction after it. False: that is no context. */
export function saveContext(context: Value, fp: number, result: number, next: number): boolean {
  if (!(context instanceof ContextValue)) return false;
  R.history.touch(context);
  context.pc = next;
  context.fp = fp;
  context.result = result;
  context.pageTable = R.cpu.pageTable;
  return true;
}

/** Writes the header of a callee's frame at `base`, where the arguments are. */
function begin(fp: number, base: number, f: number, back: number): void {
  const { slots } = R;
  slots[base - 3] = back;
  slots[base - 2] = fp;
  slots[base - 1] = f;
}

/**
 * A call through a value or with a `...rest`, at `pc`: begins the callee's frame.
 * @returns the function's number; -1: the interpreter must do it
 */
export function beginCall(fp: number, base: number, f: number, count: number, pc: number): number {
  const { board, program, stack } = R;
  const info = program.functions[f];
  if (count < info.required || (count > info.params && !info.rest)) return -1;
  const top = base + Math.max(program.registers[f], count);
  if (top > stack.slots.length && !grow(top)) return -1;
  arrangeArguments(board, R.slots, base, f, count);
  begin(fp, base, f, pc + WORDS);
  return f;
}

/** The number of the function that a value is; -1: it is none that may be called. */
export function numberOf(value: Value): number {
  if (!(value instanceof FunctionValue)) return -1;
  return R.cpu.mode === KERNEL || R.program.userFunctions[value.index] ? callee(R.board, value) : -1;
}

/**
 * A global of user mode, for the instruction at `pc` with `rest` counted ones behind it; undefined: its page is not
 * there, and the machine has been told.
 */
export function userGlobal(fp: number, pc: number, rest: number, address: number): Value | undefined {
  here(fp, pc, rest);
  const value = globalIfThere(R.board, R.cpu, address);
  R.left -= rest;
  return value;
}

/** Sets one, likewise. */
export function setUserGlobal(fp: number, pc: number, rest: number, address: number, value: Value): void {
  here(fp, pc, rest);
  storeGlobal(R.board, R.cpu, address, value);
  R.left -= rest;
}

/** Where the CPU is, should the instruction throw. */
function here(fp: number, pc: number, rest: number): void {
  R.fp = fp;
  R.pc = pc;
  R.left += rest;
  R.cpu.stack = R.stack;
}

export function ofThread(address: number): number {
  return address + threadOffset(R.cpu);
}
