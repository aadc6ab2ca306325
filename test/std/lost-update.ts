/** Programs in which threads count together, with and without a lock, and what can come out. */

export interface Counting {
  threads: number;
  /** How often each adds 1. */
  times: number;
  cpus: number;
  /** Ticks: short, so that an interrupt falls between a load and its store. */
  quantum: number;
  how: 'plain' | 'mutex' | 'semaphore' | 'rwlock' | 'atomic' | 'cas' | 'flag';
}

const STEPS: Record<Counting['how'], string> = {
  plain: 'n = n + 1;',
  mutex: 'lock(m); n = n + 1; unlock(m);',
  semaphore: 'sem_wait(s); n = n + 1; sem_post(s);',
  rwlock: 'wrlock(l); n = n + 1; rwunlock(l);',
  atomic: 'atomic_add(n, 1);',
  cas: 'while (true) { let old = n; if (atomic_cas(n, old, old + 1)) { break; } }',
  // OSTEP's first attempt at a lock: the test and the setting of the flag are two steps.
  flag: 'while (flag == 1) { sched_yield(); } flag = 1; n = n + 1; flag = 0;',
};

/** A program whose process prints what the threads have counted to. */
export function counting({ threads, times, cpus, quantum, how }: Counting): string {
  return `machine { cpus = ${cpus}; quantum = ${quantum}; cost_context_switch = 0; cost_address_space_switch = 0; }
var n = 0;
var flag = 0;
var go = 0;
var m = mutex();
var s = semaphore(1);
var l = rwlock();
fn adds() {
  while (go == 0) { }
  for (i in 0..${times}) { ${STEPS[how]} }
}
process p {
  let started = [];
  for (i in 0..${threads}) { push(started, thread(adds)); }
  go = 1;
  for (t in started) { join(t); }
  print(n);
}
`;
}
