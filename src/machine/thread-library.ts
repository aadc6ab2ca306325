/** Library functions that need the running thread: its byte stack, its arguments, its coroutine. */
import { LONGEST_STRING } from '../language/limits.js';
import { CoroutineValue } from './stack.js';
import { isRange } from './library-memory.js';
import type { KernelHost } from './kernel-host.js';
import { Fault, SIGILL, SIGSEGV, type Native } from './native.js';
import { aKindOf } from './operators.js';
import type { Value } from './values.js';

type HostNative = (host: KernelHost, slots: Value[], at: number, count: number) => Value;

function integer(value: Value | undefined, what: string): number {
  if (typeof value === 'number') return value;
  throw new Fault(SIGILL, `${what} must be an integer, this is ${aKindOf(value ?? null)}`);
}

/**
 * A 8-byte integer or an 8-byte aligned pair read from the arguments block; see src/kernel/proc/exec.osim for its
 * layout.
 */
function load(host: KernelHost, address: number): number {
  if (!isRange(address, 1)) throw new Fault(SIGSEGV, `no argument lies at ${address}`, address);
  return host.memory.load(host.translate(address, false), 8);
}

const natives: Record<string, HostNative> = {
  done(_host, slots, at) {
    const c = slots[at];
    if (!(c instanceof CoroutineValue))
      throw new Fault(SIGILL, `done needs a coroutine, this is ${aKindOf(c ?? null)}`);
    return c.state === 'done';
  },

  running({ board }) {
    return board.cpu.stack.coroutine;
  },

  __thread_id({ board }) {
    return board.cpu.kernelStack.thread?.tid ?? 0;
  },

  __stack_take(host, slots, at) {
    const { stack } = host.board.cpu;
    const n = integer(slots[at], 'a size');
    if (n < 0 || n > host.board.limits.threadStackSlots * 8)
      throw new Fault(SIGSEGV, `${n} bytes do not fit the stack`);
    const bytes = Math.ceil(n / 8) * 8;
    if (bytes > stack.sp) throw new Fault(SIGSEGV, `${n} bytes do not fit the stack`);
    stack.sp -= bytes;
    return stack.sp;
  },

  __stack_give(host, slots, at) {
    const to = integer(slots[at], 'an address');
    if (!isRange(to, 0)) throw new Fault(SIGSEGV, `the stack can not end at ${to}`, to);
    host.board.cpu.stack.sp = to;
    return null;
  },

  __argument(host, slots, at) {
    const block = host.board.cpu.stack.argumentsAt;
    const i = integer(slots[at], 'an argument number');
    if (block === 0 || i < 0 || i >= load(host, block)) return null;
    const kind = load(host, block + 8 + i * 16);
    const value = load(host, block + 16 + i * 16);
    if (kind < 0) return value;
    if (kind > LONGEST_STRING) throw new Fault(SIGSEGV, `argument ${i} can not have ${kind} bytes`, block);
    let text = '';
    for (let done = 0; done < kind;) {
      const address = block + value + done;
      if (!isRange(address, 1)) throw new Fault(SIGSEGV, `no argument lies at ${address}`, address);
      const piece = Math.min(kind - done, 4096 - (address & 4095));
      text += host.memory.string(host.translate(address, false), piece);
      done += piece;
    }
    return text;
  },

  __fault(_host, slots, at) {
    throw new Fault(integer(slots[at], 'a signal'), String(slots[at + 1] ?? ''));
  },
};

export const THREAD_LIBRARY = natives as unknown as Record<string, Native>;
