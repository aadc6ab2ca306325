/**
 * The limit of what an interpreter in JavaScript can do: a switch over the simplest instructions, with nothing around
 * it but what every machine of ours must have, that is tagged values (each operand's type is tested), a table of what
 * each instruction costs, and a deadline at which it stops. No history, no breakpoints, no memory, no processes.
 *
 * Two dialects: stack code (operands are pushed and popped), the textbook's, and register code (operands are named), as
 * ours is. Calls take a frame from the heap.
 */

/** Stack code. One word for the operation, one for the operand. */
export const enum Push {
  CONST, LOAD, STORE, ADD, SUB, LT, JF, JMP, CALL, RET, HALT,
} // prettier-ignore

/** Register code. Four words: operation, a, b, c. */
export const enum Reg {
  LDI, ADDI, JLT, JMP, HALT,
} // prettier-ignore

type Tagged = number | string | boolean | null;

interface Frame {
  locals: Tagged[];
  caller: Frame | null;
  back: number;
}

export interface Ran {
  result: Tagged;
  /** Each instruction costs one tick, so these are instructions. */
  ticks: number;
}

const COSTS = Int32Array.from({ length: 16 }, () => 1);

/** Runs stack code from 0 until HALT, or until the clock reaches `deadline` ticks. */
export function runStackCode(code: Int32Array, deadline: number): Ran {
  const costs = COSTS;
  const stack: Tagged[] = new Array<Tagged>(1000).fill(0);
  let frame: Frame = { locals: [0, 0, 0, 0], caller: null, back: 0 };
  let [sp, pc, clock] = [0, 0, 0];
  while (clock < deadline) {
    const op = code[pc];
    const operand = code[pc + 1];
    clock += costs[op];
    pc += 2;
    switch (op) {
      case Push.CONST:
        stack[sp++] = operand;
        break;
      case Push.LOAD:
        stack[sp++] = frame.locals[operand];
        break;
      case Push.STORE:
        frame.locals[operand] = stack[--sp];
        break;
      case Push.ADD: {
        const b = stack[--sp];
        const a = stack[--sp];
        if (typeof a !== 'number' || typeof b !== 'number') throw new TypeError('+');
        stack[sp++] = a + b;
        break;
      }
      case Push.SUB: {
        const b = stack[--sp];
        const a = stack[--sp];
        if (typeof a !== 'number' || typeof b !== 'number') throw new TypeError('-');
        stack[sp++] = a - b;
        break;
      }
      case Push.LT: {
        const b = stack[--sp];
        const a = stack[--sp];
        if (typeof a !== 'number' || typeof b !== 'number') throw new TypeError('<');
        stack[sp++] = a < b;
        break;
      }
      case Push.JF:
        if (stack[--sp] === false) pc = operand;
        break;
      case Push.JMP:
        pc = operand;
        break;
      case Push.CALL:
        frame = { locals: [stack[--sp], 0], caller: frame, back: pc };
        pc = operand;
        break;
      case Push.RET:
        pc = frame.back;
        frame = frame.caller as Frame;
        break;
      case Push.HALT:
        return { result: stack[sp - 1], ticks: clock };
      default:
        throw new Error(`no operation ${op}`);
    }
  }
  return { result: null, ticks: clock };
}

/** Runs register code from 0 until HALT, or until the clock reaches `deadline` ticks. */
export function runRegisterCode(code: Int32Array, deadline: number): Ran {
  const costs = COSTS;
  const registers: Tagged[] = new Array<Tagged>(64).fill(0);
  let [pc, clock] = [0, 0];
  while (clock < deadline) {
    const op = code[pc];
    clock += costs[op];
    switch (op) {
      case Reg.LDI:
        registers[code[pc + 1]] = code[pc + 2];
        break;
      case Reg.ADDI: {
        const x = registers[code[pc + 2]];
        if (typeof x !== 'number') throw new TypeError('+');
        registers[code[pc + 1]] = x + code[pc + 3];
        break;
      }
      case Reg.JLT: {
        const x = registers[code[pc + 1]];
        const y = registers[code[pc + 2]];
        if (typeof x !== 'number' || typeof y !== 'number') throw new TypeError('<');
        if (x < y) {
          pc = code[pc + 3];
          continue;
        }
        break;
      }
      case Reg.JMP:
        pc = code[pc + 1];
        continue;
      case Reg.HALT:
        return { result: registers[code[pc + 1]], ticks: clock };
      default:
        throw new Error(`no operation ${op}`);
    }
    pc += 4;
  }
  return { result: null, ticks: clock };
}

/** `i = 0; while (i < n) i = i + 1;` */
export function loopStackCode(n: number): Int32Array {
  return Int32Array.from([
    [Push.CONST, 0], [Push.STORE, 0],
    [Push.LOAD, 0], [Push.CONST, n], [Push.LT, 0], [Push.JF, 22],
    [Push.LOAD, 0], [Push.CONST, 1], [Push.ADD, 0], [Push.STORE, 0], [Push.JMP, 4],
    [Push.LOAD, 0], [Push.HALT, 0],
  ].flat()); // prettier-ignore
}

/** The same. */
export function loopRegisterCode(n: number): Int32Array {
  return Int32Array.from([
    [Reg.LDI, 0, 0, 0], [Reg.LDI, 1, n, 0], [Reg.JMP, 16, 0, 0],
    [Reg.ADDI, 0, 0, 1], [Reg.JLT, 0, 1, 12],
    [Reg.HALT, 0, 0, 0],
  ].flat()); // prettier-ignore
}

/** `fib(n)`, by two calls of itself. */
export function fibStackCode(n: number): Int32Array {
  return Int32Array.from([
    [Push.CONST, n], [Push.CALL, 6], [Push.HALT, 0],
    [Push.LOAD, 0], [Push.CONST, 2], [Push.LT, 0], [Push.JF, 18],
    [Push.LOAD, 0], [Push.RET, 0],
    [Push.LOAD, 0], [Push.CONST, 1], [Push.SUB, 0], [Push.CALL, 6],
    [Push.LOAD, 0], [Push.CONST, 2], [Push.SUB, 0], [Push.CALL, 6],
    [Push.ADD, 0], [Push.RET, 0],
  ].flat()); // prettier-ignore
}
