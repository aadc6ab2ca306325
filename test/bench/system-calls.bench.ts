/** System calls through libc, trap, kernel and back, against xv6 on QEMU: what one steps through today. */
import { computerFor } from '../system.js';
import { rates, type Bench, type Row, type Work } from './measure.js';

/** What xv6 for x86-64 on QEMU (TCG, one CPU) does in a second, measured once on a machine with two cores. */
const XV6 = 'xv6 on QEMU';

interface Subject {
  what: string;
  unit: string;
  /** How often in one run. */
  n: number;
  program: string;
  xv6: number;
}

const SUBJECTS: readonly Subject[] = [
  {
    what: 'getpid()',
    unit: 'calls/s',
    n: 60_000,
    program: 'process p { for (let i = 0; i < N; i++) { getpid(); } }',
    xv6: 80_000,
  },
  {
    what: 'pipe round trip between two processes',
    unit: 'round trips/s',
    n: 3_000,
    program: `process p {
      let there = pipe();
      let back = pipe();
      let buf = alloc(1);
      if (fork() == 0) {
        for (let i = 0; i < N; i++) { read(there[0], buf, 1); write(back[1], buf, 1); }
        exit(0);
      }
      for (let i = 0; i < N; i++) { write(there[1], buf, 1); read(back[0], buf, 1); }
      wait();
    }`,
    xv6: 3_900,
  },
  {
    what: 'fork + exit + wait',
    unit: 'processes/s',
    n: 2_000,
    program: 'process p { for (let i = 0; i < N; i++) { if (fork() == 0) { exit(0); } wait(); } }',
    xv6: 2_100,
  },
  {
    what: 'open + read 1 KiB + close',
    unit: 'rounds/s',
    n: 5_000,
    program: `file "/data" = repeat("x", 1024);
    process p {
      let buf = alloc(1024);
      for (let i = 0; i < N; i++) { let fd = open("/data", O_RDONLY); read(fd, buf, 1024); close(fd); }
    }`,
    xv6: 2_200,
  },
];

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
