/**
 * Code as text, one instruction a line: `ADDI  r3, r3, 1`. Operands that stand for something are shown by name.
 */
import { OPCODES, WORDS, type OperandKind } from '../isa/isa.js';
import type { Constant, Image, Position } from './image.js';
import { positionOf } from './positions.js';

/** What names the operands: an image as the compiler made it, or linked code behind the same questions. */
export interface Code {
  /** Four words an instruction. */
  readonly code: ArrayLike<number>;
  constant(index: number): string;
  functionName(index: number): string;
  fieldName(index: number): string;
  shapeName(index: number): string;
  nativeName(index: number): string;
  globalName(index: number): string;
  /** The text for a jump's target. */
  target(operand: number): string;
  positionAt(index: number): Position | undefined;
}

export interface DisassembledInstruction {
  /** Index of the instruction. */
  index: number;
  text: string;
  position: Position | undefined;
}

/** `count` instructions from index `from` on; fewer at the end of the code. */
export function disassemble(source: Image | Code, from: number, count: number): DisassembledInstruction[] {
  const code = 'positionAt' in source ? source : codeOf(source);
  const end = Math.min(from + count, code.code.length / WORDS);
  const lines: DisassembledInstruction[] = [];
  for (let index = Math.max(0, from); index < end; index++) {
    lines.push({ index, text: instructionText(code, index), position: code.positionAt(index) });
  }
  return lines;
}

/** One instruction as text. An unknown opcode is shown as a number. */
export function instructionText(code: Code, index: number): string {
  const at = index * WORDS;
  const row: readonly [string, OperandKind, OperandKind, OperandKind] | undefined = OPCODES[code.code[at] ?? -1];
  if (!row) return `.word ${code.code[at] ?? 0}`;
  const [name, ...kinds] = row;
  const operands = kinds.flatMap((kind, i) =>
    kind === '' ? [] : [operandText(code, kind, code.code[at + 1 + i] ?? 0)],
  );
  return operands.length === 0 ? name : `${name.padEnd(5)} ${operands.join(', ')}`;
}

function operandText(code: Code, kind: OperandKind, value: number): string {
  switch (kind) {
    case 'r':
      return `r${value}`;
    case 'k':
      return code.constant(value);
    case 't':
      return code.target(value);
    case 'f':
      return code.functionName(value);
    case 'n':
      return `.${code.fieldName(value)}`;
    case 's':
      return code.shapeName(value);
    case 'g':
      return code.globalName(value);
    case 'l':
      return code.nativeName(value);
    default:
      return String(value);
  }
}

/** An image's own names. Jump targets are instruction indices: `@12`. */
export function codeOf(image: Image): Code {
  const functionName = (i: number): string =>
    (i >= 0 ? image.functions[i]?.name : image.externals[~i]) ?? `function ${i}`;
  return {
    code: image.code,
    constant: (i) => constantText(image.constants[i] ?? null, functionName),
    functionName,
    fieldName: (i) => image.names[i] ?? `field ${i}`,
    shapeName: (i) => shapeText(image.shapes[i]),
    nativeName: (i) => image.natives[i] ?? `native ${i}`,
    globalName: (i) => (i >= 0 ? image.globals[i]?.name : image.externals[~i]) ?? `global ${i}`,
    target: (i) => `@${i}`,
    positionAt: (index) => positionIn(image, index),
  };
}

export function constantText(value: Constant, functionName: (index: number) => string): string {
  if (value !== null && typeof value === 'object') return functionName(value.function);
  return typeof value === 'string' ? shortened(JSON.stringify(value)) : String(value);
}

export function shapeText(shape: { name: string | null; fields: readonly string[] } | undefined): string {
  if (!shape) return 'shape ?';
  return shape.name ?? `{ ${shape.fields.join(', ')} }`;
}

const WIDTH_OF_STRINGS = 40;

function shortened(text: string): string {
  return text.length <= WIDTH_OF_STRINGS ? text : `${text.slice(0, WIDTH_OF_STRINGS - 2)}…"`;
}

function positionIn(image: Image, index: number): Position | undefined {
  const owner = image.functions.find((f) => index >= f.from && index < f.to);
  return owner && positionOf(owner, index);
}
