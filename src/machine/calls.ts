/** Calls that need more than the CPU's fast path: through values, with a `...rest`, coroutines, stacks that must grow. */
import { CoroutineValue } from './coroutine.js';
import { KERNEL } from './cpu.js';
import { HEADER } from '../isa/isa.js';
import type { Machine } from './machine.js';
import { Fault, SIGILL, SIGSEGV } from './native.js';
import { aKindOf } from './operators.js';
import { RETURN, Stack } from './stack.js';
import { FunctionValue, ListValue, type Value } from './values.js';

/** The index of the function that a value stands for. User mode can not execute the kernel's. */
export function callee(machine: Machine, value: Value): number {
  if (value instanceof FunctionValue) {
    if (machine.cpu.mode === KERNEL || machine.program.userFunctions[value.index]) return value.index;
    throw new Fault(SIGSEGV, `${value.name}() is a function of the kernel's: user mode can not call it`);
  }
  if (value === null) throw new Fault(SIGSEGV, 'calling null: was the function never set?');
  throw new Fault(SIGILL, `only a function can be called, this is ${aKindOf(value)}`);
}

/** Puts `count` arguments at slots[base] in the order that function f wants: defaults filled in, the rest in a list. */
export function arrangeArguments(machine: Machine, slots: Value[], base: number, f: number, count: number): void {
  const info = machine.program.functions[f];
  if (count < info.required || (count > info.params && !info.rest)) {
    const wanted = info.rest
      ? `${info.required} or more`
      : info.required === info.params
        ? `${info.params}`
        : `${info.required} to ${info.params}`;
    throw new Fault(SIGILL, `${info.name} takes ${wanted} argument${wanted === '1' ? '' : 's'}, and got ${count}`);
  }
  const extra = info.rest ? slots.slice(base + info.params, base + Math.max(count, info.params)) : [];
  for (let i = count; i < info.params; i++) slots[base + i] = machine.program.defaultOf(f, i);
  let next = base + Math.max(count, info.params);
  if (info.rest) {
    slots[base + info.params] = new ListValue(machine.history.epoch, extra);
    next = base + info.params + 1;
  }
  for (let i = next; i < base + info.registers; i++) slots[i] = null;
}

/** Makes room, or stops the program when the stack's limit is reached. */
export function growStack(stack: Stack, top: number): void {
  if (top > stack.limit) {
    throw new Fault(SIGSEGV, `the stack is full (${stack.limit * 8} bytes): does a function call itself without end?`);
  }
  stack.grow(top);
}

/** coroutine(f, args…): a stack whose first frame is f's. */
export function createCoroutine(
  machine: Machine,
  parent: Stack,
  slots: Value[],
  base: number,
  count: number,
): CoroutineValue {
  const f = callee(machine, slots[base]);
  const stack = new Stack(
    machine.history.epoch,
    machine.program.registers,
    machine.limits.coroutineStackSlots,
    parent.sp,
  );
  const registers = machine.program.registers[f];
  growStack(stack, HEADER + Math.max(registers, count));
  for (let i = 1; i < count; i++) stack.slots[HEADER + i - 1] = slots[base + i]!;
  arrangeArguments(machine, stack.slots, HEADER, f, count - 1);
  stack.slots[0] = RETURN.COROUTINE_END;
  stack.slots[1] = 0;
  stack.slots[2] = f;
  stack.fp = HEADER;
  stack.heap = parent.heap;
  stack.argumentsAt = parent.argumentsAt;
  const c = new CoroutineValue(machine.history.epoch, stack, f);
  c.pc = machine.program.entry[f]!;
  c.fp = HEADER;
  machine.allocate(stack.slots.length);
  return c;
}
