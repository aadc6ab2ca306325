/** System calls through libc, trap, kernel and back, against xv6 on QEMU: what one steps through today. */
import type { Computer } from '../../src/computer/computer.js';
import { computerFor } from '../system.js';
import { ROUNDS, rates, type Bench, type Row, type Work } from './measure.js';
import { SUBJECTS, type Subject } from './subjects.js';

/** What xv6 for x86-64 on QEMU (TCG, one CPU) does in a second, measured once on a machine with two cores. */
const XV6 = 'xv6 on QEMU';

/** Milliseconds. The kernel is some hundred functions of translated code, which are made fast one after the other. */
const WARM_UP_MS = 4000;

/**
 * The computers of the last two runs. Without any of them V8 forgets the classes' hidden maps at a collection, and
 * throws away all code that was made for them; no session is without its computer.
 */
let kept: Computer[] = [];

/** A time slice lasts thousands of calls, as on xv6; with the 20 ticks of the lessons it would end within each call. */
function run({ program, n }: Subject, history: boolean): Work {
  const text = `machine { quantum = 100000; } ${program.replaceAll('N;', `${n};`)}`;
  return () => {
    const computer = computerFor(text, { history });
    kept = [computer, ...kept.slice(0, 1)];
    const { kind, report } = computer.run();
    if (kind !== 'finished') throw new Error(`the program's outcome is ${kind}: ${report.join(' ')}`);
    return n;
  };
}

export const bench: Bench = {
  name: 'system-calls',
  run(): Row[] {
    return SUBJECTS.flatMap((subject): Row[] => {
      const { off, on } = rates({ off: run(subject, false), on: run(subject, true) }, ROUNDS, WARM_UP_MS);
      const { what, unit, xv6 } = subject;
      return [
        { what, unit, ours: off, peer: XV6, theirs: xv6, measured: false, target: { least: 10 } },
        {
          what: `${what}, history on`,
          unit,
          ours: on,
          peer: 'the same, history off',
          theirs: off,
          measured: true,
          target: { least: 0.9 },
        },
      ];
    });
  },
};
