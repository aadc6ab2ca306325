/**
 * The instruction set. A register machine: operands are slots of the current frame, constants and jump targets.
 *
 * An instruction is four 32-bit words: `op a b c`. Its address counts as 4 bytes for the reader (disassembly);
 * inside, `pc` is the word offset in the code array, a multiple of 4.
 *
 * A frame: `fp` is the stack slot of register 0. The three slots below it are the frame's header:
 *   [fp-3] return pc    [fp-2] caller's fp    [fp-1] index of this function
 * A call with arguments in r[a], r[a+1] … makes the callee's frame start at fp+a (the windows overlap, as in Lua),
 * so r[a-3] … r[a-1] must be free. The result replaces r[a]. Parameters are the callee's first registers, in order;
 * a `...rest` parameter gets a list. Missing arguments with a default are filled in by the caller at compile time, or
 * by the machine for a call through a value. All other registers of a new frame are null.
 *
 * Truth: false, 0 and null are false; all else is true (a string is an address in C: never null).
 * Integers are exact to 53 bits; an overflow faults. Strings are bytes: each char of the JS string is 0..255.
 */
export const OPCODES = [
  // -- moving ------------------------------------------------------------------------------------------------
  ['MOV', 'r', 'r', ''], // r[a] = r[b]
  ['LDI', 'r', 'i', ''], // r[a] = b, a 32-bit signed integer
  ['LDK', 'r', 'k', ''], // r[a] = constants[b]
  // -- arithmetic: r[a] = r[b] op r[c] -----------------------------------------------------------------------
  ['ADD', 'r', 'r', 'r'], // integers, or two strings joined
  ['SUB', 'r', 'r', 'r'],
  ['MUL', 'r', 'r', 'r'],
  ['DIV', 'r', 'r', 'r'], // truncates; by zero: SIGFPE
  ['MOD', 'r', 'r', 'r'],
  ['AND', 'r', 'r', 'r'], // exact two's complement over 53 bits
  ['OR', 'r', 'r', 'r'],
  ['XOR', 'r', 'r', 'r'],
  ['SHL', 'r', 'r', 'r'],
  ['SHR', 'r', 'r', 'r'], // arithmetic
  ['ADDI', 'r', 'r', 'i'], // r[a] = r[b] + c
  ['NEG', 'r', 'r', ''],
  ['NOT', 'r', 'r', ''], // logical: true or false
  ['BNOT', 'r', 'r', ''],
  ['EQ', 'r', 'r', 'r'],
  ['NE', 'r', 'r', 'r'],
  ['LT', 'r', 'r', 'r'],
  ['LE', 'r', 'r', 'r'],
  // -- jumps: targets are instruction indices of the image; word offsets once linked --------------------------
  ['JMP', 't', '', ''],
  ['JT', 'r', 't', ''], // if r[a] is true
  ['JF', 'r', 't', ''],
  ['JEQ', 'r', 'r', 't'],
  ['JNE', 'r', 'r', 't'],
  ['JLT', 'r', 'r', 't'],
  ['JLE', 'r', 'r', 't'],
  ['JGT', 'r', 'r', 't'],
  ['JGE', 'r', 'r', 't'],
  ['JEQI', 'r', 'i', 't'], // compare with an immediate
  ['JNEI', 'r', 'i', 't'],
  ['JLTI', 'r', 'i', 't'],
  ['JLEI', 'r', 'i', 't'],
  ['JGTI', 'r', 'i', 't'],
  ['JGEI', 'r', 'i', 't'],
  // -- calls -------------------------------------------------------------------------------------------------
  ['CALL', 'r', 'f', 'c'], // r[a] = function b (r[a] … r[a+c-1])
  ['CALLV', 'r', 'r', 'c'], // the function is the value in r[b]; b lies below a-3
  ['RET', 'r', '', ''],
  ['RET0', '', '', ''], // returns null
  ['LIB', 'r', 'l', 'c'], // r[a] = library function named by b (r[a] … r[a+c-1]); see src/std/builtins.osim
  ['INTR', 'r', 'l', 'c'], // the same for a kernel intrinsic; see src/kernel/intrinsics.osim
  ['TRAP', 'r', 'c', ''], // system call: number in r[a], b arguments in r[a+1] …; result in r[a]
  ['YIELD', 'r', 'r', ''], // coroutine: hand r[b] to the resumer; on resumption r[a] = the value sent
  // -- values with parts -------------------------------------------------------------------------------------
  ['NEW', 'r', 's', 'r'], // r[a] = record of shape b, fields taken from r[c], r[c+1] …
  ['LIST', 'r', 'r', 'c'], // r[a] = list of r[b] … r[b+c-1]
  ['GETF', 'r', 'r', 'n'], // r[a] = r[b].name
  ['SETF', 'r', 'n', 'r'], // r[a].name = r[c]
  ['GETI', 'r', 'r', 'r'], // r[a] = r[b][r[c]]      list, map, string, buffer
  ['SETI', 'r', 'r', 'r'], // r[a][r[b]] = r[c]
  ['SLICE', 'r', 'r', 'r'], // r[a] = r[b][r[c] .. r[c+1]]   string, list (a copy), buffer (a view)
  ['ITER', 'r', 'r', ''], // r[a] = what to walk for r[b] (a map gives a list of its keys); r[a+1] = 0
  ['NEXT', 'r', 'r', 't'], // if r[a+1] < length of r[a]: r[b] = r[a][r[a+1]++], else jump; a coroutine is resumed
  // -- globals -----------------------------------------------------------------------------------------------
  ['GLD', 'r', 'g', ''], // user: r[a] = the 8-byte slot of global b in the process's .data, through the MMU
  ['GST', 'g', 'r', ''], // user: global a = r[b]
  ['GARR', 'r', 'g', 'i'], // user: r[a] = the c slots from global b on, as a value: a shared array, or one word
  ['KLD', 'r', 'g', ''], // kernel global
  ['KST', 'g', 'r', ''],
] as const satisfies readonly (readonly [string, OperandKind, OperandKind, OperandKind])[];

/**
 * What an operand is: `r` register, `i` immediate, `k` constant, `t` jump target, `f` function (negative: ~index into
 * the image's externals), `n` field name, `s` shape, `g` global, `l` native name, `c` count, '' unused.
 */
export type OperandKind = '' | 'r' | 'i' | 'k' | 't' | 'f' | 'n' | 's' | 'g' | 'l' | 'c';

export type OpcodeName = (typeof OPCODES)[number][0];

/** Opcode numbers by name: `OP.ADD`. */
export const OP = Object.fromEntries(OPCODES.map((row, index) => [row[0], index])) as Record<OpcodeName, number>;

/** Words per instruction. */
export const WORDS = 4;
/** Slots of a frame's header. */
export const HEADER = 3;

/** Natives of this prefix are the calls of remotes: a process may have one of the same name. */
export const REMOTE_PREFIX = 'remote.';
