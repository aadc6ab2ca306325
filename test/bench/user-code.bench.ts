/** User code: a loop and calls, through the whole computer, against a bare VM and interpreters from npm. */
import { createRequire } from 'node:module';
import { computerFor } from '../system.js';
import { fibStackCode, loopRegisterCode, loopStackCode, runRegisterCode, runStackCode } from './bare-vm.js';
import { rates, type Bench, type Row, type Work } from './measure.js';

const ITERATIONS = 4_000_000;
const FIB = 24;
/** Calls of fib(n) made by fib(FIB). */
const FIB_CALLS = 150_049;
/** The interpreters from npm are slower: less work for a round of the same length. */
const FEWER = 20;
/** Instructions a second that the bare VM must reach for the ratios to mean something. */
const REPRESENTATIVE = 150e6;

/** A program's run on a computer with the teaching costs. Boot and compilation count as well: some milliseconds. */
function osim(text: string, units: number, history = false): Work {
  return () => {
    const computer = computerFor(text, { history });
    const { kind } = computer.run();
    if (kind !== 'finished') throw new Error(`the program's outcome is ${kind}`);
    return units;
  };
}

const LOOP = `process p { let i = 0; while (i < ${ITERATIONS}) { i = i + 1; } }`;
const CALLS = `fn fib(n) { if (n < 2) { return n; } return fib(n - 1) + fib(n - 2); } process p { fib(${FIB}); }`;
const LOOP_JS = `var i = 0; while (i < ${ITERATIONS / FEWER}) { i = i + 1; }`;

const require = createRequire(import.meta.url);

/** Runs JavaScript in each interpreter that is installed. */
const INTERPRETERS: Record<string, () => (code: string) => void> = {
  'js-interpreter'() {
    const Interpreter = require('js-interpreter') as new (code: string) => { run(): boolean };
    return (code) => void new Interpreter(code).run();
  },
  sval() {
    const module = require('sval') as { default?: unknown };
    const Sval = (module.default ?? module) as new (options: object) => { run(code: string): void };
    return (code) => new Sval({ ecmaVer: 5 }).run(code);
  },
  eval5() {
    const { evaluate } = require('eval5') as { evaluate(code: string): unknown };
    return (code) => void evaluate(code);
  },
};

const NPM_TARGETS: Record<string, number> = { 'js-interpreter': 25, sval: 3, eval5: 3 };

function interpreters(): Record<string, Work> {
  const installed: Record<string, Work> = {};
  for (const [name, load] of Object.entries(INTERPRETERS)) {
    try {
      const run = load();
      installed[name] = () => {
        run(LOOP_JS);
        return ITERATIONS / FEWER;
      };
    } catch {
      console.log(`  ${name} is not installed: left out`);
    }
  }
  return installed;
}

export const bench: Bench = {
  name: 'user-code',
  run(): Row[] {
    let instructions = 0;
    const figures: Record<string, number> = rates<string>({
      'osim loop': osim(LOOP, ITERATIONS),
      'osim loop, history': osim(LOOP, ITERATIONS, true),
      'bare loop': () => {
        instructions = runStackCode(loopStackCode(ITERATIONS), Infinity).ticks;
        return ITERATIONS;
      },
      'bare register loop': () => {
        runRegisterCode(loopRegisterCode(ITERATIONS), Infinity);
        return ITERATIONS;
      },
      'osim fib': osim(CALLS, FIB_CALLS),
      'bare fib': () => {
        runStackCode(fibStackCode(FIB), Infinity);
        return FIB_CALLS;
      },
      ...interpreters(),
    });
    const of = (name: string): number => figures[name];
    const bareSpeed = (of('bare loop') * instructions) / ITERATIONS;
    console.log(`  the bare VM executes ${(bareSpeed / 1e6).toFixed(0)} M instructions/s`);
    if (bareSpeed < REPRESENTATIVE)
      console.log('  NOT REPRESENTATIVE: on a free machine it reaches 150 M instructions/s');
    const loop = { unit: 'iterations/s', measured: true };
    const recorded = { what: 'user code, loop i = i + 1, history on', ours: of('osim loop, history'), ...loop };
    const rows: Row[] = [
      { ...recorded, peer: 'bare VM, stack code', theirs: of('bare loop'), target: { least: 0.5 } },
      { ...recorded, peer: 'bare VM, register code', theirs: of('bare register loop'), target: null },
      { ...recorded, peer: 'the same, history off', theirs: of('osim loop'), target: { least: 0.9 } },
      {
        what: `calls, fib(${FIB})`,
        ours: of('osim fib'),
        unit: 'calls/s',
        peer: 'bare VM, heap frames',
        theirs: of('bare fib'),
        measured: true,
        target: { least: 0.6 },
      },
    ];
    for (const [name, target] of Object.entries(NPM_TARGETS)) {
      rows.push({ ...recorded, peer: name, theirs: figures[name] ?? null, target: { least: target } });
    }
    return rows;
  },
};
