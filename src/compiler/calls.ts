/**
 * Calls. The arguments stand in registers in a row, with the three slots of the callee's frame header free below them;
 * the result lands in the first of them. Missing arguments are filled in from the defaults.
 */
import type { Call, Expression } from '../language/generated/ast.js';
import { isWordOperand } from '../language/word-operands.js';
import type { FunctionContext } from './function-context.js';
import { HEADER } from '../isa/isa.js';
import type { Meaning } from './meaning.js';
import { localRegister } from './variables.js';
import { wordInto } from './word-operands.js';

/** Calls; the result stays in its window: returns the register, which is now taken. */
export function callOperand(f: FunctionContext, node: Call): number {
  const top = f.registers.top;
  const window = call(f, node, undefined);
  f.registers.release(Math.max(top, window + 1));
  return window;
}

export function callInto(f: FunctionContext, node: Call, target: number): void {
  f.move(target, call(f, node, target));
}

/** Writes a call; returns the register with its result, which is `target` where that saves a move. */
function call(f: FunctionContext, node: Call, target: number | undefined): number {
  const callee = calleeOf(f, node);
  const value = callee.kind === 'value' ? valueBelow(f, callee.node, node.args) : undefined;
  const window = openWindow(f, value === undefined ? target : undefined);
  const count = passArguments(f, node, window, callee);
  f.emitter.within(f.rangeOf(node), () => {
    switch (callee.kind) {
      case 'value':
        return f.emitter.emit('CALLV', window, value, count);
      case 'native':
        return f.emitter.emit(callee.privileged ? 'INTR' : 'LIB', window, f.unit.builder.native(callee.name), count);
      default:
        return f.emitter.emit('CALL', window, f.unit.functionNumber(callee), count);
    }
  });
  return window;
}

type Callee = (Meaning & { kind: 'function' | 'external' | 'native' }) | { kind: 'value'; node: Expression };

function calleeOf(f: FunctionContext, { callee }: Call): Callee {
  if (callee.$type !== 'NameRef') return { kind: 'value', node: callee };
  const meaning = f.unit.meaningOf(callee);
  if (meaning.kind === 'native' || meaning.kind === 'external') return meaning;
  if (meaning.kind === 'function') return meaning;
  return { kind: 'value', node: callee };
}

/** The register of a called value; CALLV wants it below the window's header. */
function valueBelow(f: FunctionContext, node: Expression, args: readonly Expression[]): number {
  const local = localRegister(f, node);
  if (local !== undefined && !args.some((arg) => f.unit.mutations.within(arg))) return local;
  const register = f.registers.take();
  f.into(node, register);
  return register;
}

/** The register of the first argument. A call that is itself the first argument of another shares that one's window. */
function openWindow(f: FunctionContext, target: number | undefined): number {
  if (target !== undefined && target === f.openWindow && f.registers.top === target + 1) return target;
  f.registers.take(HEADER);
  return f.registers.take();
}

/** Puts the arguments in place; returns how many there are. */
function passArguments(f: FunctionContext, node: Call, window: number, callee: Callee): number {
  const outer = f.openWindow;
  node.args.forEach((arg, i) => {
    if (i > 0) f.registers.take();
    f.openWindow = i === 0 ? window : -1;
    if (callee.kind !== 'value' && callee.kind !== 'function' && isWordOperand(callee.name, i))
      wordInto(f, arg, window + i);
    else f.into(arg, window + i);
  });
  f.openWindow = outer;
  return node.args.length + passDefaults(f, node, window, callee);
}

function passDefaults(f: FunctionContext, node: Call, window: number, callee: Callee): number {
  if (callee.kind === 'value') return 0;
  const signature = f.unit.signatureOf(callee);
  const missing = Math.max(0, signature.params - Math.max(node.args.length, signature.required));
  for (let i = 0; i < missing; i++) {
    const register = window + node.args.length + i;
    if (register > window) f.registers.take();
    f.load(register, signature.defaults[signature.defaults.length - missing + i] ?? null);
  }
  return missing;
}
