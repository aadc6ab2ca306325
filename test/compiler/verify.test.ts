import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { compileProgram } from '../../src/compiler/compile-program.js';
import type { Image } from '../../src/compiler/image.js';
import { verifyImage } from '../../src/compiler/verify.js';
import { checkProgram } from '../../src/language/checks.js';
import { buildLibraryIndex } from '../../src/language/library.js';
import { loadProgram } from '../../src/language/names.js';
import { hasErrors } from '../../src/language/problem.js';
import { OP, WORDS } from '../../src/isa/isa.js';
import { Dice, randomProgram } from '../property/programs.js';
import { compile } from './fixture.js';

const std = new URL('../../src/std/', import.meta.url);
const realLibrary = buildLibraryIndex(
  readdirSync(std)
    .filter((name) => /^(abi|builtins|libc.*)\.osim$/.test(name))
    .sort()
    .map((name) => ({ path: `osim-std:/${name}`, text: readFileSync(new URL(name, std), 'utf8') })),
);

function compiled(text: string): Image {
  const loaded = loadProgram('file:///p.osim', () => text, realLibrary);
  return compileProgram(loaded, { kind: 'program', library: realLibrary }).image;
}

/** A random program with a few of its words lost, doubled or exchanged. */
function damaged(seed: number): string {
  const dice = new Dice(seed);
  const words = randomProgram(seed).match(/\s+|\w+|"(?:\\.|[^"\\])*"|\/\/.*|[^\w\s]/g) ?? [];
  for (let i = 0; i <= dice.below(4); i++) {
    const at = dice.below(words.length);
    const other = words[dice.below(words.length)] ?? '';
    const fresh = dice.pick(['0', 'null', '"x"', '-1', '9007199254740991', 'break;', '[]', '{ a: 1 }', 'x++', 'yield']);
    words.splice(at, dice.below(2), ...dice.pick([[], [other], [fresh]]));
  }
  return words.join('');
}

describe('Compiled code', () => {
  it('is well formed, whatever the program', () => {
    const programs = process.env.OSIM_LONG ? 2000 : 60;
    for (let seed = 0; seed < programs; seed++) {
      const image = compiled(randomProgram(seed));
      assert.deepEqual(verifyImage(image), [], `program ${seed}`);
    }
  });

  it('is well formed when the source was damaged and still compiles', () => {
    const programs = process.env.OSIM_LONG ? 3000 : 60;
    for (let seed = 0; seed < programs; seed++) {
      const loaded = loadProgram('file:///p.osim', () => damaged(seed), realLibrary);
      const isCorrect = !hasErrors(checkProgram(loaded, realLibrary));
      const { image } = compileProgram(loaded, { kind: 'program', library: realLibrary });
      if (isCorrect) assert.deepEqual(verifyImage(image), [], `program ${seed}`);
    }
  });

  it('is the same for the same source', () => {
    assert.deepEqual(compiled(randomProgram(7)), compiled(randomProgram(7)));
  });
});

describe('The verifier', () => {
  const text =
    'var g = 1; fn f(n) { while (n < 5) { n = h(n, g); } return { a: n }; } fn h(a, b) { return [a, b]; } process p { f(1); }';

  /** An image with one operand changed: of the first instruction with that opcode. */
  function spoilt(op: number, operand: number, value: number): string[] {
    const { image } = compile(text);
    const at = image.code.findIndex((word, i) => i % WORDS === 0 && word === op);
    assert.ok(at >= 0);
    image.code[at + operand] = value;
    return verifyImage(image);
  }

  it('finds registers, jumps, windows and names that are out of range', () => {
    assert.match(spoilt(OP.JLTI, 3, 999).join(), /JLTI at \d+: operand 999/);
    assert.match(spoilt(OP.JLTI, 1, 50).join(), /operand 50/);
    assert.match(spoilt(OP.CALL, 1, 1).join(), /window at r1/);
    assert.match(spoilt(OP.CALL, 3, 1).join(), /1 arguments for h/);
    assert.match(spoilt(OP.CALL, 2, 77).join(), /operand 77/);
    assert.match(spoilt(OP.GLD, 2, 5).join(), /operand 5/);
    assert.match(spoilt(OP.NEW, 2, 9).join(), /operand 9/);
    assert.match(spoilt(OP.LIST, 3, 90).join(), /uses r9/);
    assert.match(spoilt(OP.RET, 0, 200).join(), /unknown opcode 200/);
  });

  it('finds control that falls out of a function', () => {
    const { image } = compile('fn f(n) { return n; }');
    image.code[0] = OP.NEG;
    assert.match(verifyImage(image).join(), /falls out/);
  });
});
