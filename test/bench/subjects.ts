/** What the system-call benchmark measures, and what xv6 does. */

export interface Subject {
  what: string;
  unit: string;
  /** How often in one run. */
  n: number;
  program: string;
  xv6: number;
}

export const SUBJECTS: readonly Subject[] = [
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
