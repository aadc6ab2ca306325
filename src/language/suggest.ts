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
  pthread_mutex_lock: 'lock(m)',
  pthread_mutex_unlock: 'unlock(m)',
  pthread_cond_wait: 'wait_on(c, m)',
  pthread_cond_signal: 'notify(c)',
  sem_init: 'semaphore(n)',
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
