/** An instruction of the linked program as text, with the names that its operands stand for. */
import { instructionText as text, type Code } from '../compiler/disassemble.js';
import { describe } from '../computer/inspect-format.js';
import { CONTROL, INTERNAL } from '../machine/internal-opcodes.js';
import { OP, WORDS } from '../isa/isa.js';
import { ADDRESS, type Linked } from '../machine/link.js';
import { reference } from './stack.js';

const INTERNAL_NAMES = new Map(Object.entries(INTERNAL).map(([name, op]) => [op, name]));
/** Library functions and intrinsics that the CPU does itself have opcodes of their own in linked code. */
const CONTROL_NAMES = new Map(Object.entries(CONTROL).map(([name, op]) => [op, name]));

export function instructionText(program: Linked, pc: number): string {
  const op = program.plain[pc];
  const native = CONTROL_NAMES.get(op);
  if (native) return `${program.isKernel(pc) ? 'INTR ' : 'LIB  '} r${program.plain[pc + 1]}, ${native}`;
  if (op === INTERNAL.CALLR) return text(linkedCode(program, OP.CALL, pc), pc / WORDS);
  if (op === INTERNAL.TLD) return text(linkedCode(program, OP.GLD, pc), pc / WORDS);
  if (op === INTERNAL.TST) return text(linkedCode(program, OP.GST, pc), pc / WORDS);
  const internal = INTERNAL_NAMES.get(op);
  return internal ?? text(linkedCode(program, op, pc), pc / WORDS);
}

/** The linked program behind the questions of the disassembler, one opcode read as another. */
function linkedCode(program: Linked, op: number, pc: number): Code {
  const isKernel = program.isKernel(pc);
  const code: Record<number, number> = {};
  for (let i = 1; i < WORDS; i++) code[pc + i] = program.plain[pc + i];
  code[pc] = op;
  return {
    code: code as unknown as ArrayLike<number>,
    constant: (i) => describe(program.constants[i] ?? null),
    functionName: (i) => program.functions[i]?.name ?? `function ${i}`,
    fieldName: (i) => program.names[i] ?? String(i),
    shapeName: (i) => program.shapes[i]?.name ?? '{}',
    nativeName: (i) => program.nativeNames[i] ?? `native ${i}`,
    globalName: (i) => globalName(program, isKernel, i),
    target: (operand) => reference(program.addressOf(operand)),
    positionAt: () => undefined,
  };
}

function globalName(program: Linked, isKernel: boolean, operand: number): string {
  if (isKernel) return program.kernelGlobals[operand]?.name ?? `global ${operand}`;
  const global = program.userGlobals.find(({ address }) => address === operand);
  return global ? global.name : reference(operand % ADDRESS.KERNEL);
}
