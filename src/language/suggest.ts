/** "Did you mean …?": the closest known name, or what a thing is called here that has another name elsewhere. */

const ELSEWHERE: Readonly<Record<string, string>> = {
  sprintf: 'format("%d", …), which gives the string',
  snprintf: 'format("%d", …), which gives the string',
  strcpy: '`a = b`, which copies a string; memcpy(buf, s, n) for a buffer',
  strncpy: 's[0..n], the first n bytes of a string',
  strcat: 'a + b, which joins strings',
  strncmp: 'a[0..n] == b[0..n]',
  strchr: 'index_of(s, "c")',
  strrchr: 'last_index_of(s, "c")',
  strstr: 'index_of(s, part)',
  strtok: 'split(s, ",")',
  strdup: 'the string itself: strings are never changed in place',
  strtol: 'int(s)',
  atol: 'int(s)',
  tolower: 'lower(s)',
  toupper: 'upper(s)',
  isspace: 'a comparison of bytes; split(s) and trim(s) know blanks',
  isdigit: "c >= '0' && c <= '9'",
  bzero: 'fill(buf, 0)',
  realloc: 'alloc(n) and memcpy(new, old, n)',
  memcmp: 'text(a) == text(b)',
  htons: 'nothing: ports are plain numbers',
  htonl: 'nothing: addresses are strings',
  ntohs: 'nothing: ports are plain numbers',
  inet_pton: 'nothing: an address is a string, "127.0.0.1:80"',
  inet_addr: 'nothing: an address is a string, "127.0.0.1:80"',
  sockaddr_in: 'a port, or a string, "127.0.0.1:80"',
  FD_ZERO: 'a list: select([fd], [], [], timeout)',
  FD_SET: 'a list: select([fd], [], [], timeout)',
  FD_ISSET: 'has(result.readable, fd)',
  sigemptyset: '[], a list of signals',
  sigfillset: 'a list of the signals',
  sigaddset: 'push(sigs, SIGINT): a set of signals is a list',
  sigdelset: 'a list without it',
  sigismember: 'has(sigs, SIGINT)',
  execl: 'exec("program", …)',
  execlp: 'exec("program", …)',
  system: 'spawn("program", …) and waitpid(pid)',
  getline: 'fgets(buf, n, stdin), after import "std/stdio"; or read(0, buf, n), which gives a line of the terminal',
  popen: 'pipe(), fork() and dup2(): see examples/shell.osim',
  gettimeofday: 'clock()',
  clock_gettime: 'clock()',
  gets: 'read(0, buf, n)',
  scanf: 'read(0, buf, n), text() and int()',
  int: 'let name = …; there are no types to declare, and no pointers',
  char: 'let name = …; there are no types to declare, and no pointers',
  long: 'let name = …; there are no types to declare, and no pointers',
  unsigned: 'let name = …; there are no types to declare, and no pointers',
  void: 'let name = …; there are no types to declare, and no pointers',
  errno_t: 'an integer',
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
  atoi: 'int(s)',
  itoa: 'str(n)',
  rand: 'random(n)',
  srand: 'nothing: random(n) is seeded, by `--seed`',
  usleep: 'sleep(ticks)',
  nanosleep: 'sleep(ticks)',
  time: 'clock()',
  perror: 'print(strerror(errno))',
  signal: 'sigaction(sig, handler)',
  execve: 'exec("program", …)',
  execvp: 'exec("program", …)',
  posix_spawn: 'spawn("program", …)',
  sigaltstack: 'nothing: a handler runs on the stack of what it interrupts',
  lio_listio: 'aio_read() and aio_write() for each, and aio_suspend() to wait',
  inotify_init: 'nothing: the kernel tells nobody of changes; stat() in a loop asks',
  inotify_init1: 'nothing: the kernel tells nobody of changes; stat() in a loop asks',
  inotify_add_watch: 'nothing: the kernel tells nobody of changes; stat() in a loop asks',
  shm_open: 'memfd_create(name), or open() of a file in /tmp; then mmap() with MAP_SHARED',
  shm_unlink: 'unlink(path), if it is a file',
  shmget: 'mmap(null, n, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS) before fork(), or shared var',
  shmat: 'mmap(null, n, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS) before fork(), or shared var',
  mlock: 'nothing: pages of a process are never paged out',
  mlockall: 'nothing: pages of a process are never paged out',
  mincore: 'the Memory part of the Machine view, or /proc/self/status',
  sbrk: 'alloc(n), which moves the break when it must',
  brk: 'alloc(n), which moves the break when it must',
  getpagesize: '4096',
  sysconf: 'a constant: pages are of 4096 bytes; getrlimit() tells limits',
  pidfd_open: 'waitpid(pid), or SIGCHLD by signalfd()',
  ptrace: 'the debugger: set a breakpoint',
  prctl: 'nothing of it',
  mount: 'nothing: there is one file system',
  chroot: 'nothing: there is one root',
  getdents: 'readdir(path)',
  creat: 'open(path, O_WRONLY | O_CREAT | O_TRUNC, mode)',
  vfork: 'fork(), or spawn("program", …)',
  clone: 'fork(), or thread(f, …)',
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
  argv: 'the parameters of `program name(a, ...rest)`',
  argc: 'len(rest), with `program name(...rest)`',
  environ: 'nothing: programs have arguments, and no environment',
  getenv: 'a parameter of the program: there is no environment',
  EWOULDBLOCK: 'EAGAIN',
};

/** A name known from elsewhere, in the words of this language. */
export function knownElsewhere(name: string): string | undefined {
  return Object.hasOwn(ELSEWHERE, name) ? ELSEWHERE[name] : undefined;
}

/** What a module of the library has, for who uses a name and does not import it. */
export const MODULES: Readonly<Record<string, string>> = {
  'std/stdio':
    'printf fprintf puts putchar putc fputs fputc fopen fdopen fclose fileno fgets fgetc getc getchar fread fwrite ' +
    'fflush fseek ftell rewind feof ferror clearerr setvbuf stdin stdout stderr EOF BUFSIZ',
  'std/async': 'spawn_task run_tasks await_task await_all await_sleep',
};

/** The module to import for a name, and what does without one. */
export function importFor(name: string): string | undefined {
  const [module] = Object.entries(MODULES).find(([, names]) => names.split(' ').includes(name)) ?? [];
  if (module === undefined) return undefined;
  const instead = { printf: 'print(…)', puts: 'print(…)', fprintf: 'write(2, …)' }[name];
  return `It is in the library: import "${module}";${instead ? ` Without that there is ${instead}.` : ''}`;
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
