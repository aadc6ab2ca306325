/** System calls through libc, trap, kernel and back, against xv6 on QEMU: what one steps through today. */
import { computerFor } from '../system.js';
import { rates, type Bench, type Row, type Work } from './measure.js';
import { SUBJECTS, type Subject } from './subjects.js';

/** What xv6 for x86-64 on QEMU (TCG, one CPU) does in a second, measured once on a machine with two cores. */
const XV6 = 'xv6 on QEMU';

/** A time slice lasts thousands of calls, as on xv6; with the 20 ticks of the lessons it would end within each call. */
function run({ program, n }: Subject, history: boolean): Work {
  const text = `machine { quantum = 100000; } ${program.replaceAll('N;', `${n};`)}`;
  return () => {
    const { kind, report } = computerFor(text, { history }).run();
    if (kind !== 'finished') throw new Error(`the program's outcome is ${kind}: ${report.join(' ')}`);
    return n;
  };
}

export const bench: Bench = {
  name: 'system-calls',
  run(): Row[] {
    return SUBJECTS.flatMap((subject): Row[] => {
      const { off, on } = rates({ off: run(subject, false), on: run(subject, true) });
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
