/**
 * Calls that need more than the CPU's fast path: through values, with a `...rest`, coroutines, stacks that must grow.
 */
import type { Board } from './board.js';
import { KERNEL, type Cpu } from './cpu.js';
import { HEADER } from '../isa/isa.js';
import type { History } from './history.js';
import { Fault, SIGILL, SIGSEGV } from './native.js';
import { aKindOf } from './operators.js';
import { CoroutineValue, RETURN, Stack } from './stack.js';
import { FunctionValue, ListValue, type Value } from './values.js';

/** Writes a frame's header and arguments, and clears its other registers up to `top`. */
export function beginFrame(
  slots: Value[],
  fp: number,
  back: number,
  callerFp: number,
  f: number,
  args: Value[],
  top: number,
): void {
  slots[fp - 3] = back;
  slots[fp - 2] = callerFp;
  slots[fp - 1] = f;
  for (let i = 0; fp + i < top; i++) slots[fp + i] = args[i] ?? null;
}

/** Puts a CPU at the beginning of function `f`, on an empty stack. */
export function startOn({ program }: Board, cpu: Cpu, stack: Stack, f: number, args: Value[]): void {
  const top = HEADER + program.registers[f];
  stack.grow(top);
  beginFrame(stack.slots, HEADER, RETURN.BOTTOM, 0, f, args, top);
  stack.fp = HEADER;
  cpu.stack = stack;
  cpu.fp = HEADER;
  cpu.pc = program.entry[f];
}

/** The index of the function that a value stands for. User mode can not execute the kernel's. */
export function callee(board: Board, value: Value): number {
  if (value instanceof FunctionValue) {
    if (board.cpu.mode === KERNEL || board.program.userFunctions[value.index]) return value.index;
    throw new Fault(SIGSEGV, `${value.name}() is a function of the kernel's: user mode can not call it`);
  }
  if (value === null) throw new Fault(SIGSEGV, 'calling null: was the function never set?');
  throw new Fault(SIGILL, `only a function can be called, this is ${aKindOf(value)}`);
}

/** Puts `count` arguments at slots[base] in the order that function f wants: defaults filled in, the rest in a list. */
export function arrangeArguments(board: Board, slots: Value[], base: number, f: number, count: number): void {
  const info = board.program.functions[f];
  if (count < info.required || (count > info.params && !info.rest)) {
    const wanted = info.rest
      ? `${info.required} or more`
      : info.required === info.params
        ? `${info.params}`
        : `${info.required} to ${info.params}`;
    throw new Fault(SIGILL, `${info.name} takes ${wanted} argument${wanted === '1' ? '' : 's'}, and got ${count}`);
  }
  const extra = info.rest ? slots.slice(base + info.params, base + Math.max(count, info.params)) : [];
  for (let i = count; i < info.params; i++) slots[base + i] = board.program.defaultOf(f, i);
  let next = base + Math.max(count, info.params);
  if (info.rest) {
    slots[base + info.params] = new ListValue(board.history.epoch, extra);
    next = base + info.params + 1;
  }
  for (let i = next; i < base + info.registers; i++) slots[i] = null;
}

/** Makes room, or stops the program when the stack's limit is reached. */
export function growStack(stack: Stack, top: number): void {
  if (top > stack.limit) {
    const setting = stack.coroutine === null ? 'thread_stack' : 'coroutine_stack';
    const { tid } = stack.thread ?? stack.coroutine?.thread ?? { tid: 0 };
    throw new Fault(
      SIGSEGV,
      `the stack is full (${stack.limit * 8} bytes): does a function call itself without end? ` +
        `This is ${stack.coroutine === null ? 'the stack' : 'a coroutine'} of thread ${tid}; ` +
        `machine { ${setting} = …; } gives more`,
    );
  }
  stack.grow(top);
}

/** A coroutine's stack is a thread's, as its data is: two threads could come to be on it at once. */
export function resumedElsewhere(c: CoroutineValue, cpu: Cpu): Fault {
  const here = cpu.kernelStack.thread?.tid ?? 0;
  const owner = c.thread === null || c.thread.tid === here ? 'a thread that is gone' : `thread ${c.thread.tid}`;
  return new Fault(
    SIGILL,
    `resume of a coroutine of ${owner} in thread ${here}: a coroutine runs only in the thread that made it`,
  );
}

/** Why a coroutine that is running can not be resumed, seen from whoever runs on `stack`. */
function alreadyRunning(stack: Stack, c: CoroutineValue): Fault {
  const who =
    stack.coroutine === c ? 'it is the one that asks' : 'it waits for the coroutine that it has resumed itself';
  return new Fault(SIGILL, `resume of a coroutine that is running: ${who}`);
}

/**
 * Hands the CPU over from `stack`, with frame `fp`, to coroutine c, which gets `sent` as the value of its yield. The
 * resumer goes on at `next` with what c yields in slot `result`; when c returns, at `end` instead, unless that is -1.
 */
export function enterCoroutine(
  history: History,
  stack: Stack,
  c: CoroutineValue,
  fp: number,
  back: { result: number; next: number; end: number },
  sent: Value,
): void {
  if (c.state === 'running') throw alreadyRunning(stack, c);
  history.touch(c);
  stack.fp = fp;
  c.resumer = stack;
  c.resumerPc = back.next;
  c.resumerFp = fp;
  c.resumerResult = back.result;
  c.resumerEnd = back.end;
  c.stack.enter(history, c.fp);
  c.stack.sp = stack.sp;
  if (c.state === 'suspended') c.stack.slots[c.result] = sent;
  c.state = 'running';
}

/** Bytes of a coroutine whose frames reach up to slot `top`: as live-size.ts counts. */
function coroutineBytes(top: number): number {
  return 64 + 8 * top;
}

/** A coroutine waits with frames up to slot `top`. It counts for the most that it has had. */
export function countFrames(board: Board, c: CoroutineValue, top: number): void {
  const bytes = coroutineBytes(top);
  if (bytes <= c.bytes || c.bytes === 0) return;
  board.counters.coroutine(0, bytes - c.bytes);
  c.bytes = bytes;
}

/** coroutine(f, args…): a stack whose first frame is f's. */
export function createCoroutine(
  board: Board,
  parent: Stack,
  slots: Value[],
  base: number,
  count: number,
): CoroutineValue {
  const f = callee(board, slots[base]);
  const registers = board.program.registers[f];
  const { history, limits, program } = board;
  // Room for the function, and one that it calls: there may be very many of them.
  const room = HEADER + Math.max(registers, count) + 12;
  const stack = new Stack(history.epoch, program.registers, limits.coroutineStackSlots, parent.sp, room);
  growStack(stack, HEADER + Math.max(registers, count));
  for (let i = 1; i < count; i++) stack.slots[HEADER + i - 1] = slots[base + i]!;
  arrangeArguments(board, stack.slots, HEADER, f, count - 1);
  stack.slots[0] = RETURN.COROUTINE_END;
  stack.slots[1] = 0;
  stack.slots[2] = f;
  stack.fp = HEADER;
  stack.heap = parent.heap;
  stack.argumentsAt = parent.argumentsAt;
  const c = new CoroutineValue(history.epoch, stack, f, ++board.registers.coroutines, board.cpu.kernelStack.thread);
  c.pc = board.program.entry[f]!;
  c.fp = HEADER;
  board.allocate(stack.slots.length);
  c.bytes = coroutineBytes(HEADER + registers);
  board.counters.coroutine(1, c.bytes);
  return c;
}
