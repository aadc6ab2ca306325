/**
 * The scheduling policies that the kernel has: the one list. Checks, completion, hovers and the command line's help go
 * by it; a test (test/language/schedulers.test.ts) holds the kernel's files, package.json, the snippets and the
 * documents to it.
 */
export const SCHEDULERS = {
  fifo: 'first come, first served; nobody is interrupted',
  sjf: 'the shortest next CPU burst first; nobody is interrupted',
  srtf: 'the shortest remaining time first, preemptive',
  rr: 'round robin: a quantum each in turn',
  priority: 'the highest priority (the least number) first, preemptive',
  mlfq: 'multi-level feedback queue: who computes sinks, who sleeps stays on top',
  lottery: 'a ticket is drawn for each quantum',
  stride: 'shares by tickets, without a draw',
  cfs: 'the completely fair scheduler, Linux until 6.5: the least virtual run time first',
  eevdf: 'Linux since 6.6: of those who have not had too much, the earliest virtual deadline first',
} as const satisfies Record<string, string>;

export type SchedulerName = keyof typeof SCHEDULERS;

export const SCHEDULER_NAMES = Object.keys(SCHEDULERS) as readonly SchedulerName[];
