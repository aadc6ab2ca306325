/** Faults of a translator: each changes what it writes, wherever it writes that. */
import * as fastPaths from '../../src/machine/translated/fast-paths.js';
import { FUNCTIONS } from '../../src/machine/generated/translated.js';
import type { Linked } from '../../src/machine/link.js';
import { R, UNWIND, type Translated } from '../../src/machine/translated/running.js';
import { ListValue } from '../../src/machine/values.js';
import { HELPERS, translated } from '../../scripts/translator/program.mjs';

/** What the fault is, what text it changes, and into what. */
type Into = string | ((...found: string[]) => string);
export const FAULTS: readonly (readonly [what: string, text: RegExp, into: Into])[] = [
  ['a sum is one too much', /(= v\d+ \+ \d+);/, '$1 + 1;'],
  ['a difference is a sum', /(= v\d+) - (v\d+);/, '$1 + $2;'],
  ['a jump is taken when it is not to be', /if \((v\d+) === null\) \{/, 'if ($1 !== null) {'],
  ['a bound is one too far', /if \((v\d+) < (v?\d+)\) \{/, 'if ($1 <= $2) {'],
  ['a register is not set', /\ns\[fp \+ \d+\] = v\d+;/, ''],
  ['a register is set beside another', /\ns\[fp \+ (\d+)\] = (v\d+);/, (_, r, v) => `\ns[fp + ${Number(r) + 1}] = ${v};`],
  ['a constant is another one', /\ns\[fp \+ (\d+)\] = (\d+);/, (_, r, n) => `\ns[fp + ${r}] = ${Number(n) + 1};`],
  ['a block counts one too few', /R\.left -= (\d+);/, (_, n) => `R.left -= ${Number(n) - 1};`],
  ['a block counts one too many', /R\.left -= (\d+);/, (_, n) => `R.left -= ${Number(n) + 1};`],
  ['what a jump leaves out is counted', /\{\nR\.left \+= \d+;/, '{'],
  ['a block runs beyond the budget', /if \(R\.left < \d+\) return L\(fp, \d+, 0\);/, ''],
  ['a way goes to the wrong block', /at = (\d+); continue;/, (_, n) => `at = ${Number(n) - 1}; continue;`],
  ['a call returns one instruction too late', /\] = (\d+); s\[fp \+ (\d+)\] = fp;/, (_, pc, r) => `] = ${Number(pc) + 4}; s[fp + ${r}] = fp;`],
  ["a callee's register is not cleared", /\ns\[fp \+ \d+\] = null;/, ''],
  ['a call names another function', /= fp; s\[fp \+ (\d+)\] = (\d+);/, (_, r, f) => `= fp; s[fp + ${r}] = ${Number(f) + 1};`],
  ['a return from the kernel is taken for one within it', /if \(s\[fp - 3\] < 0\) return L\(fp, \d+, 1\);/, ''],
  ['what was asked of the CPU is forgotten', /if \((native\(.*\))\) return L\(.*\);/, '$1;'],
  ['a native function is at another instruction', /(native\(\d+, fp, fp \+ \d+, \d+), (\d+)\)/, (_, call, pc) => `${call}, ${Number(pc) - 4})`],
  ['a field is the one before', /\.fields\[([1-9]\d*)\];/, (_, n) => `.fields[${Number(n) - 1}];`],
  ['a field is set in place of the one before', /\.fields\[([1-9]\d*)\] = /, (_, n) => `.fields[${Number(n) - 1}] = `],
  ["a record is changed without the history's knowledge", /\nif \(v\d+\.epoch !== R\.epoch\) save\(v\d+\);/, ''],
  ['a kernel variable is not set', /\nR\.globals\[\d+\] = .*;/, ''],
  ['a kernel variable is another one', /= R\.globals\[([1-9]\d*)\];/, (_, n) => `= R.globals[${Number(n) - 1}];`],
  ['a list is walked from its second element on', /\.items\[(v\d+)\.head \+ (v\d+)\]/, '.items[$1.head + $2 + 1]'],
  ['a test for false is one for true', /if \(\((v\d+) === false \|\| .*\)\) \{/, 'if ($1) {'],
  ['too little is given back', /(return L\(fp, \d+), ([2-9])\);/, (_, call, n) => `${call}, ${Number(n) - 1});`],
]; // prettier-ignore

/** Puts a fault into all functions. Returns how many it has changed, and what undoes it. */
export function seed(
  program: Linked,
  [, pattern, into]: (typeof FAULTS)[number],
): { changed: number; undo: () => void } {
  const before = FUNCTIONS.slice();
  let changed = 0;
  for (const [f, text] of translated(program).functions) {
    const faulty = text.replace(new RegExp(pattern, 'g'), into as string);
    if (faulty === text) continue;
    changed++;
    FUNCTIONS[f] = compiled(f, faulty);
  }
  return { changed, undo: () => before.forEach((f, i) => (FUNCTIONS[i] = f)) };
}

/** A function of this text, which calls the others that are there at that time. */
function compiled(f: number, text: string): Translated {
  const callees = new Set([...text.matchAll(/\bf(\d+)\(fp \+/g)].map(([, number]) => Number(number)));
  callees.delete(f);
  const names = ['R', 'UNWIND', 'L', 'ListValue', 'MAX', 'FUNCTIONS', ...HELPERS];
  const values = [R, UNWIND, fastPaths.leave, ListValue, Number.MAX_SAFE_INTEGER, FUNCTIONS];
  const helpers = HELPERS.map((name) => fastPaths[name]);
  const calls = [...callees].map((callee) => `const f${callee} = (fp, at) => FUNCTIONS[${callee}](fp, at);`);
  // The text is the translator's own.
  const make = new Function(...names, `${calls.join('\n')}\nreturn ${text};`) as (...all: unknown[]) => Translated;
  return make(...values, ...helpers);
}
