/**
 * Library functions on a process's memory. Each page is translated before the first byte is touched: after a page
 * fault the whole call is executed again.
 */
import { LONGEST_STRING } from '../language/limits.js';
import { Fault, SIGSEGV, type NativeContext } from './native.js';
import { byteCost, charge, type Arguments } from './library-arguments.js';
import { BufferValue, RecordValue, type Value } from './values.js';

const PAGE = 4096;
/** User addresses are 32 bits wide. */
const ADDRESSES = 2 ** 32;

type Size = 1 | 2 | 4 | 8;

/** A piece of memory within one page. */
interface Piece {
  pa: number;
  length: number;
}

/** text(buffer, n): also of an address, with n. */
export function text(machine: NativeContext, args: Arguments): Value {
  const buffer = args.value(0);
  if (buffer instanceof BufferValue && args.value(1) === null)
    return load(machine, args, buffer.address, buffer.length);
  const n = args.size(1);
  if (buffer instanceof BufferValue && n > buffer.length) {
    throw args.fault(`${n} bytes of a buffer of ${buffer.length}`);
  }
  return load(machine, args, address(args, 0), n);
}

export function fill(machine: NativeContext, args: Arguments): Value {
  const buffer = args.value(0);
  if (!(buffer instanceof BufferValue)) throw args.wrong(0, 'a buffer');
  const byte = args.integer(1);
  const pieces = range(machine, args, buffer.address, buffer.length, true);
  for (const { pa, length } of pieces) machine.memory.fill(pa, byte & 255, length);
  charge(machine, byteCost(buffer.length));
  return null;
}

/** addr(buffer): also of a kernel struct. */
export function addr(_machine: NativeContext, args: Arguments): Value {
  const value = args.value(0);
  if (value instanceof BufferValue) return value.address;
  if (typeof value === 'number') return value;
  if (value instanceof RecordValue && value.address !== 0) return value.address;
  throw args.wrong(0, 'a buffer');
}

export function peek(machine: NativeContext, args: Arguments): Value {
  return machine.memory.load(byteAt(machine, args, false), 1);
}

export function poke(machine: NativeContext, args: Arguments): Value {
  const byte = args.integer(1);
  machine.memory.store(byteAt(machine, args, true), 1, byte);
  return null;
}

/** __buffer(address, n) */
export function makeBuffer(_machine: NativeContext, args: Arguments): Value {
  const [from, n] = [address(args, 0), args.size(1)];
  if (!isRange(from, n)) throw new Fault(SIGSEGV, `no ${n} bytes can lie at ${from}`, from);
  return new BufferValue(from, n);
}

/** __store(address, size, value) */
export function storeInteger(machine: NativeContext, args: Arguments): Value {
  const value = args.integer(2);
  const size = sizeOf(args);
  const pieces = range(machine, args, address(args, 0), size, true);
  const [first] = pieces;
  if (first !== undefined && first.length === size) {
    machine.memory.store(first.pa, size, value);
    return null;
  }
  let done = 0;
  for (const { pa, length } of pieces) {
    // Bytes done … done+length of the value; a shift by division keeps all 53 bits.
    for (let i = 0; i < length; i++, done++) machine.memory.store(pa + i, 1, Math.floor(value / 256 ** done) & 255);
  }
  return null;
}

/** __load(address, size) */
export function loadInteger(machine: NativeContext, args: Arguments): Value {
  const size = sizeOf(args);
  const pieces = range(machine, args, address(args, 0), size, false);
  const [first] = pieces;
  if (first !== undefined && first.length === size) return machine.memory.load(first.pa, size);
  const bytes = pieces.flatMap(({ pa, length }) =>
    Array.from({ length }, (_, i) => BigInt(machine.memory.load(pa + i, 1))),
  );
  const whole = bytes.reduceRight((sum, byte) => sum * 256n + byte, 0n);
  return Number(size === 8 ? BigInt.asIntN(54, whole) : whole);
}

/** __store_bytes(address, s) */
export function storeBytes(machine: NativeContext, args: Arguments): Value {
  const bytes = args.string(1);
  let done = 0;
  for (const { pa, length } of range(machine, args, address(args, 0), bytes.length, true)) {
    machine.memory.write(pa, bytes.slice(done, done + length));
    done += length;
  }
  charge(machine, byteCost(bytes.length));
  return null;
}

/** __load_bytes(address, n) */
export function loadBytes(machine: NativeContext, args: Arguments): Value {
  return load(machine, args, address(args, 0), args.size(1));
}

function load(machine: NativeContext, args: Arguments, from: number, n: number): string {
  const bytes = range(machine, args, from, n, false).map(({ pa, length }) => machine.memory.string(pa, length));
  charge(machine, byteCost(n));
  return bytes.join('');
}

/** An address argument: an integer, a buffer's first byte, or null for address 0. */
function address(args: Arguments, i: number): number {
  const value = args.value(i);
  if (typeof value === 'number') return value;
  if (value instanceof BufferValue) return value.address;
  if (value === null) return 0;
  throw args.wrong(i, 'a buffer or an address');
}

function byteAt(machine: NativeContext, args: Arguments, write: boolean): number {
  return range(machine, args, address(args, 0), 1, write)[0].pa;
}

/** Whether n bytes from an address end where addresses do, or before. */
export function isRange(from: number, n: number): boolean {
  return from >= 0 && n <= ADDRESSES && from <= ADDRESSES - n;
}

function sizeOf(args: Arguments): Size {
  const size = args.integer(1);
  if (size === 1 || size === 2 || size === 4 || size === 8) return size;
  throw args.fault(`an integer in memory has 1, 2, 4 or 8 bytes, not ${size}`);
}

/** The n bytes from an address, page by page, all of them there. Throws PageFault where one has to be brought in. */
function range(machine: NativeContext, args: Arguments, from: number, n: number, write: boolean): Piece[] {
  if (n > LONGEST_STRING) throw args.fault('at most 16 MiB at a time');
  if (n > 0 && !isRange(from, n)) {
    throw new Fault(SIGSEGV, `${args.name}: ${from} is no address`, from);
  }
  const pieces: Piece[] = [];
  for (let done = 0; done < n;) {
    const at = from + done;
    const length = Math.min(n - done, PAGE - (at % PAGE));
    pieces.push({ pa: machine.translate(at, write), length });
    done += length;
  }
  return pieces;
}
