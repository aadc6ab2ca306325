/** "Did you mean …?": the closest known name, or what a thing is called here that has another name elsewhere. */

const ELSEWHERE: Readonly<Record<string, string>> = {
  printf: 'print(…), or print(format("%d", x))',
  fprintf: 'write(2, …) for standard error',
  puts: 'print(…)',
  println: 'print(…)',
  echo: 'print(…)',
  cout: 'print(…)',
  console: 'print(…)',
  malloc: 'alloc(n)',
  calloc: 'alloc(n)',
  strlen: 'len(s)',
  sizeof: 'len(x), or the size you know',
  length: 'len(x)',
  strcmp: 'a == b, which compares strings',
  memset: 'fill(buf, byte)',
  memcpy: 'a loop over buf[i], or text() and write()',
  atoi: 'int(s)',
  sprintf: 'format("%d", …)',
  itoa: 'str(n)',
  rand: 'random(n)',
  usleep: 'sleep(ticks)',
  nanosleep: 'sleep(ticks)',
  time: 'clock()',
  perror: 'print(strerror(errno))',
  signal: 'sigaction(sig, handler)',
  execve: 'exec("program", …)',
  execvp: 'exec("program", …)',
  posix_spawn: 'spawn("program", …)',
  pthread_create: 'thread(f, …)',
  pthread_join: 'join(t)',
  pthread_detach: 'detach(t)',
  pthread_exit: 'thread_exit(value)',
  pthread_self: 'gettid()',
  pthread_mutex_init: 'mutex(), which makes one: let m = mutex();',
  pthread_mutex_lock: 'lock(m)',
  pthread_mutex_trylock: 'trylock(m)',
  pthread_mutex_timedlock: 'timedlock(m, ticks)',
  pthread_mutex_unlock: 'unlock(m)',
  pthread_mutex_destroy: 'mutex_destroy(m)',
  pthread_cond_init: 'cond(), which makes one: let c = cond();',
  pthread_cond_wait: 'wait_on(c, m)',
  pthread_cond_timedwait: 'wait_on(c, m, ticks)',
  pthread_cond_signal: 'notify(c)',
  pthread_cond_broadcast: 'notify_all(c)',
  pthread_cond_destroy: 'cond_destroy(c)',
  pthread_rwlock_init: 'rwlock(), which makes one: let l = rwlock();',
  pthread_rwlock_rdlock: 'rdlock(l)',
  pthread_rwlock_wrlock: 'wrlock(l)',
  pthread_rwlock_tryrdlock: 'tryrdlock(l)',
  pthread_rwlock_trywrlock: 'trywrlock(l)',
  pthread_rwlock_unlock: 'rwunlock(l)',
  pthread_barrier_init: 'barrier(n), which makes one: let b = barrier(n);',
  pthread_barrier_wait: 'barrier_wait(b)',
  pthread_once: 'call_once(o, f), with let o = once();',
  pthread_key_create: 'tss_create()',
  pthread_getspecific: 'tss_get(key)',
  pthread_setspecific: 'tss_set(key, value)',
  PTHREAD_MUTEX_INITIALIZER: 'mutex()',
  PTHREAD_PRIO_INHERIT: 'MUTEX_PRIO_INHERIT beside the type: mutex(MUTEX_NORMAL | MUTEX_PRIO_INHERIT)',
  pthread_mutexattr_setprotocol: 'a flag for mutex(): mutex(MUTEX_NORMAL | MUTEX_PRIO_INHERIT)',
  PTHREAD_COND_INITIALIZER: 'cond()',
  PTHREAD_MUTEX_NORMAL: 'MUTEX_NORMAL',
  PTHREAD_MUTEX_RECURSIVE: 'MUTEX_RECURSIVE',
  PTHREAD_MUTEX_ERRORCHECK: 'MUTEX_ERRORCHECK',
  sem_init: 'semaphore(n), which makes one: let s = semaphore(n);',
  sem_open: 'semaphore(n), as the value of a shared var',
  mtx_init: 'mutex()',
  mtx_lock: 'lock(m)',
  mtx_unlock: 'unlock(m)',
  cnd_wait: 'wait_on(c, m)',
  cnd_signal: 'notify(c)',
  cnd_broadcast: 'notify_all(c)',
  thrd_create: 'thread(f, …)',
  thrd_join: 'join(t)',
  atomic_fetch_add: 'atomic_add(variable, n)',
  atomic_fetch_sub: 'atomic_add(variable, -n)',
  atomic_exchange: 'atomic_xchg(variable, value)',
  atomic_compare_exchange_strong: 'atomic_cas(variable, old, new)',
  atomic_compare_exchange_weak: 'atomic_cas(variable, old, new)',
  __sync_fetch_and_add: 'atomic_add(variable, n)',
  __sync_bool_compare_and_swap: 'atomic_cas(variable, old, new)',
  __atomic_fetch_add: 'atomic_add(variable, n)',
  lock_guard: 'lock(m), and unlock(m) at each way out',
  unique_lock: 'lock(m), and unlock(m) at each way out',
  synchronized: 'lock(m) and unlock(m)',
  Mutex: 'mutex()',
  Lock: 'mutex()',
  Semaphore: 'semaphore(n)',
  Thread: 'thread(f, …)',
  std: 'no namespace: thread(f, …), mutex(), lock(m) are functions',
  epoll_create: 'epoll_create1(0)',
  opendir: 'readdir(path)',
  NULL: 'null',
  nil: 'null',
  None: 'null',
  undefined: 'null',
  nullptr: 'null',
  TRUE: 'true',
  True: 'true',
  FALSE: 'false',
  False: 'false',
  this: 'a parameter: there are no methods',
  self: 'a parameter: there are no methods',
  argv: 'the parameters of `program name(a, b)`',
  stdin: "0, the terminal's file descriptor",
  stderr: '2, the file descriptor of standard error',
  EWOULDBLOCK: 'EAGAIN',
};

/** A name known from elsewhere, in the words of this language. */
export function knownElsewhere(name: string): string | undefined {
  return Object.hasOwn(ELSEWHERE, name) ? ELSEWHERE[name] : undefined;
}

/** The candidate that differs by a typing mistake, if any. */
export function closest(name: string, candidates: Iterable<string>): string | undefined {
  const most = name.length <= 3 ? 1 : name.length <= 7 ? 2 : 3;
  let best: string | undefined;
  let bestDistance = most + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - name.length) >= bestDistance || candidate === name) continue;
    const sameLetters = candidate.toLowerCase() === name.toLowerCase();
    const distance = sameLetters ? 0.5 : editDistance(name, candidate, bestDistance);
    // A short name changed in every letter is another name.
    if (distance < bestDistance && distance < name.length) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Insertions, deletions, changes and swaps of neighbours; stops counting at `limit`. */
function editDistance(a: string, b: string, limit: number): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + change);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, beforeLast[j - 2] + 1);
      }
      row.push(cost);
      least = Math.min(least, cost);
    }
    if (least >= limit) return limit;
    beforeLast = last;
    last = row;
  }
  return last[b.length];
}
