/**
 * Checks that an image is well formed: the machine does not look again. Every operand in range, every jump inside its
 * function, no way out of a function but a return. Run on each image that is built, and in the tests.
 */
import { HEADER, OP, OPCODES, WORDS, type OperandKind } from '../isa/isa.js';
import type { FunctionInfo, Image } from './image.js';
import { positionsOf } from './positions.js';

/** What is wrong, one sentence each; empty for a good image. */
export function verifyImage(image: Image): string[] {
  const mistakes: string[] = [];
  const length = image.code.length / WORDS;
  if (!Number.isInteger(length)) mistakes.push(`the code has ${image.code.length} words, not a multiple of ${WORDS}`);
  let next = 0;
  for (const f of image.functions) {
    if (f.from !== next || f.to <= f.from || f.to > length)
      mistakes.push(`${f.name}: its code is at ${f.from} to ${f.to}`);
    next = f.to;
    mistakes.push(...new FunctionCheck(image, f).run().map((text) => `${f.name}: ${text}`));
  }
  if (next !== length) mistakes.push(`${length - next} instructions belong to no function`);
  for (const entry of [...image.processes, ...image.programs]) {
    if (!image.functions[entry.entry] || !image.functions[entry.body]) mistakes.push(`${entry.name}: no such function`);
  }
  for (const { name, init, body } of image.remotes) {
    if ((init >= 0 && !image.functions[init]) || !image.functions[body]) mistakes.push(`${name}: no such function`);
  }
  for (const constant of image.constants) {
    if (constant !== null && typeof constant === 'object' && !hasFunction(image, constant.function)) {
      mistakes.push(`a constant names function ${constant.function}`);
    }
    if (typeof constant === 'number' && !Number.isSafeInteger(constant)) mistakes.push(`the constant ${constant}`);
  }
  return mistakes;
}

class FunctionCheck {
  private readonly mistakes: string[] = [];

  constructor(
    private readonly image: Image,
    private readonly f: FunctionInfo,
  ) {}

  run(): string[] {
    const { f } = this;
    if (f.params + (f.rest ? 1 : 0) > f.registers) this.mistakes.push('fewer registers than parameters');
    if (f.params - f.required !== f.defaults.length) this.mistakes.push('defaults do not match the parameters');
    for (let at = f.from; at < f.to; at++) this.instruction(at);
    const last = this.image.code[(f.to - 1) * WORDS];
    if (last !== OP.RET && last !== OP.RET0 && last !== OP.JMP) this.mistakes.push('control falls out of its end');
    this.tables();
    return this.mistakes;
  }

  private instruction(at: number): void {
    const words = this.image.code.slice(at * WORDS, at * WORDS + WORDS);
    const row: readonly [string, OperandKind, OperandKind, OperandKind] | undefined = OPCODES[words[0] ?? -1];
    if (!row) return void this.mistakes.push(`unknown opcode ${words[0]} at ${at}`);
    const [name, ...kinds] = row;
    kinds.forEach((kind, i) => {
      const value = words[i + 1] ?? 0;
      // The first register of an empty row may be the one after the last: none is read.
      const emptyRow = (words[0] === OP.LIST && i === 1 && words[3] === 0) || (words[0] === OP.NEW && i === 2);
      if (emptyRow && value === this.f.registers) return;
      if (!this.fits(kind, value)) this.mistakes.push(`${name} at ${at}: operand ${value} is out of range`);
    });
    const [op, a = 0, b = 0, c = 0] = words;
    const window = op === OP.CALL || op === OP.CALLV || op === OP.LIB || op === OP.INTR;
    if (window && (a < HEADER || a + c > this.f.registers)) this.mistakes.push(`${name} at ${at}: window at r${a}`);
    if (op === OP.CALLV && b >= a - HEADER) this.mistakes.push(`CALLV at ${at}: r${b} is in the window at r${a}`);
    const row2 = this.lastOfRow(op ?? -1, words);
    if (row2 >= this.f.registers) this.mistakes.push(`${name} at ${at}: uses r${row2}`);
    if (op === OP.CALL) this.arity(at, b, c);
  }

  /** The last register of an instruction that uses several in a row. */
  private lastOfRow(op: number, [, a = 0, b = 0, c = 0]: number[]): number {
    if (op === OP.LIST) return b + c - 1;
    if (op === OP.NEW) return c + (this.image.shapes[b]?.fields.length ?? 0) - 1;
    if (op === OP.SLICE) return c + 1;
    if (op === OP.ITER || op === OP.NEXT) return a + 1;
    return -1;
  }

  private arity(at: number, callee: number, count: number): void {
    const info = this.image.functions[callee];
    if (info && (count < info.params || (count > info.params && !info.rest))) {
      this.mistakes.push(`CALL at ${at}: ${count} arguments for ${info.name}`);
    }
  }

  private fits(kind: OperandKind, value: number): boolean {
    const { image, f } = this;
    const below = (count: number): boolean => value >= 0 && value < count;
    switch (kind) {
      case 'r':
        return below(f.registers);
      case 't':
        return value >= f.from && value < f.to;
      case 'k':
        return below(image.constants.length);
      case 'f':
        return hasFunction(image, value);
      case 'n':
        return below(image.names.length);
      case 's':
        return below(image.shapes.length);
      case 'g':
        return value >= 0 ? below(image.globals.length) : ~value < image.externals.length;
      case 'l':
        return below(image.natives.length);
      default:
        return value === (value | 0);
    }
  }

  private tables(): void {
    const { f } = this;
    let last = f.from - 1;
    for (const { at } of positionsOf(f)) {
      if (at <= last || at >= f.to) this.mistakes.push(`a position at ${at}`);
      last = at;
    }
    if (positionsOf(f)[0]?.at !== f.from) this.mistakes.push('its first instruction has no position');
    for (const { name, register, from, to } of f.variables) {
      if (from < f.from || to > f.to || from > to || register >= f.registers)
        this.mistakes.push(`the variable ${name}`);
    }
  }
}

function hasFunction(image: Image, index: number): boolean {
  return index >= 0 ? index < image.functions.length : ~index < image.externals.length;
}
