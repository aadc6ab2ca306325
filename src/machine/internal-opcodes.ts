/**
 * Opcodes that only a linked program has: library functions and intrinsics that the CPU does itself because they move
 * its registers, calls that need more work, breakpoints, and fused forms of common sequences.
 *
 * A fused form stands in the fast code at the address of the first of its instructions; the plain instructions stand in
 * the plain code at the same addresses. It counts as many steps and ticks as the instructions it replaces.
 */
import { OP, OPCODES } from '../isa/isa.js';
import { FUSED_FORMS, ON_RESULT } from './fused-forms.js';

const FIRST = OPCODES.length;

const names = [
  'BREAK', // a breakpoint: the plain code has the instruction
  'CALLR', // CALL of a function with a `...rest` parameter
  'TLD', // GLD of a variable of which each thread has its own
  'TST', // GST, likewise
  'RESUME', // r[a] = resume(r[a], r[a+1])
  'COROUTINE', // r[a] = coroutine(r[a], r[a+1] …), c arguments in all
  'COMPUTE', // compute(r[a])
  'SYSCALL', // __syscall(r[a] …), c arguments in all
  'SPEND', // spend(r[a])
  'CURRENT', // r[a] = current()
  'NOW', // r[a] = now()
  'SAVE_CONTEXT',
  'RESTORE_CONTEXT',
  'HALT',
  'POWER_OFF',
  'QUICK', // LIB of a function that has a quick form
] as const;

export type InternalName = (typeof names)[number];

/** Internal opcode numbers by name. */
export const INTERNAL = Object.fromEntries(names.map((name, i) => [name, FIRST + i])) as Record<InternalName, number>;

/** Each fused form: its opcode, the instructions that it stands for, and whether it needs ON_RESULT's condition. */
export const FUSED: readonly { name: string; opcode: number; plain: readonly number[]; onResult: boolean }[] =
  FUSED_FORMS.map((form, i) => ({
    name: form.join('_'),
    opcode: FIRST + names.length + i,
    plain: form.map((name) => OP[name]),
    onResult: ON_RESULT.has(form.join('_')),
  }));

/** All that the interpreter executes by itself, by name. */
export const OPCODE = { ...OP, ...INTERNAL };

/** Natives that the CPU does itself. */
export const CONTROL: Record<string, number> = {
  resume: INTERNAL.RESUME,
  coroutine: INTERNAL.COROUTINE,
  compute: INTERNAL.COMPUTE,
  __syscall: INTERNAL.SYSCALL,
  spend: INTERNAL.SPEND,
  current: INTERNAL.CURRENT,
  now: INTERNAL.NOW,
  save_context: INTERNAL.SAVE_CONTEXT,
  restore_context: INTERNAL.RESTORE_CONTEXT,
  halt: INTERNAL.HALT,
  power_off: INTERNAL.POWER_OFF,
};
