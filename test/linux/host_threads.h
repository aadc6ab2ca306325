/*
 * The words of host.c about threads, futex and locks, as glibc has them: the twins of prelude_threads.osim. A thread is an
 * actor, as a process is. What POSIX leaves undefined is not asked: both sides keep the same books, and answer "not mine",
 * "in use" or "none" themselves.
 */
#include <limits.h>
#include <pthread.h>
#include <semaphore.h>

#define MOST 4

static uint32_t *shared_words;               /* four futex words that forks share */
static uint32_t private_words[MOST];

enum { UNBORN, JOINABLE, DETACHED, JOINED };
static pthread_t threads[ACTORS];
static int thread_state[ACTORS], thread_ended[ACTORS], joiner[ACTORS];

static struct { pthread_mutex_t m; int live, type, owner, depth, waiting; } mutexes[MOST];
static struct { pthread_cond_t c; int live, waiting, mutex; } conds[MOST];
static struct { sem_t s; int live, waiting; } sems[MOST];
static struct { pthread_rwlock_t l; int live, writer, waiting, readers[ACTORS]; } rwlocks[MOST];
static struct { pthread_barrier_t b; int live, waiting; } barriers[MOST];

static void act(int k);

static void *thread_actor(void *k) {
  act((int)(long)k);
  return NULL;
}

static const char *err(int e) { return e == 0 ? "0" : e == PTHREAD_BARRIER_SERIAL_THREAD ? "serial" : say("%s", error_name(e)); }
static const char *err_no(int r) { return err(r < 0 ? errno : 0); }

/* A word by its number; 7: not aligned, 8: nothing is mapped there, 9: the kernel's. */
static uint32_t *word_at(long k) {
  if (k == 7) return (uint32_t *)((char *)shared_words + 1);
  if (k == 8) return (uint32_t *)64;
  if (k == 9) return (uint32_t *)0xffff800000000000UL;
  return k >= 4 ? &private_words[k - 4] : &shared_words[k];
}

/* The time so many slots from now. */
static struct timespec *until(clockid_t clock, long slots, struct timespec *t) {
  long ms = ms_of(slots);
  if (slots == -1) return NULL;
  clock_gettime(clock, t);
  t->tv_nsec += ms % 1000 * 1000000;
  t->tv_sec += ms / 1000 + t->tv_nsec / 1000000000;
  t->tv_nsec %= 1000000000;
  if (slots < -1) t->tv_nsec = -1;
  return t;
}

/* The clock that an operation's time is of; -1: it is a length. */
static int clock_of(int op) {
  switch (op & FUTEX_CMD_MASK) {
    case FUTEX_WAIT: return -1;
    case FUTEX_LOCK_PI: return CLOCK_REALTIME;
    default: return op & FUTEX_CLOCK_REALTIME ? CLOCK_REALTIME : CLOCK_MONOTONIC;
  }
}

static const char *futex_wait_word(struct step *s) {
  struct timespec t, *end = &t;
  int op = V(1);
  long slots = V(4);
  if (clock_of(op) >= 0) end = until(clock_of(op), slots, &t);
  else { end = slots == -1 ? NULL : &t; time_of(slots < 0 ? 0 : slots, &t); if (slots < -1) t.tv_nsec = -1; }
  return res(syscall(SYS_futex, word_at(V(2)), op, (int)V(3), end, NULL, (int)V(5)));
}

static const char *futex_word_text(uint32_t word) {
  const char *bits = word & FUTEX_WAITERS ? "W " : "";
  for (int k = 0; k < ACTORS; k++) if (sh->pid[k] && (word & FUTEX_TID_MASK) == sh->pid[k]) return say("%sA%d", bits, k);
  return say("%s%u", bits, word & ~FUTEX_WAITERS);
}

static const char *mutex_word(struct step *s, const char *w, int k) {
  struct timespec t;
  if (IS(minit)) {
    if (mutexes[k].live && (mutexes[k].owner || mutexes[k].waiting)) return "in use";
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    int e = pthread_mutexattr_settype(&attributes, V(2) & ~32);
    if (V(2) & 32) pthread_mutexattr_setprotocol(&attributes, PTHREAD_PRIO_INHERIT);
    if (e) return err(e);
    memset(&mutexes[k], 0, sizeof mutexes[k]);
    mutexes[k].live = 1;
    mutexes[k].type = V(2);
    return err(pthread_mutex_init(&mutexes[k].m, &attributes));
  }
  if (!mutexes[k].live) return "none";
  int mine = mutexes[k].owner == me + 1, e;
  if (IS(mlock) || IS(mtimed) || IS(mtry)) {
    mutexes[k].waiting++;
    e = IS(mlock) ? pthread_mutex_lock(&mutexes[k].m)
      : IS(mtry) ? pthread_mutex_trylock(&mutexes[k].m) : pthread_mutex_timedlock(&mutexes[k].m, until(CLOCK_REALTIME, V(2), &t));
    mutexes[k].waiting--;
    if (e == 0) { mutexes[k].owner = me + 1; mutexes[k].depth++; }
    return err(e);
  }
  if (IS(munlock)) {
    if (mutexes[k].type == PTHREAD_MUTEX_NORMAL && !mine) return "not mine";
    if (mine && --mutexes[k].depth == 0) mutexes[k].owner = 0;
    return err(pthread_mutex_unlock(&mutexes[k].m));
  }
  if (mutexes[k].waiting) return "in use";
  e = pthread_mutex_destroy(&mutexes[k].m);
  if (e == 0) mutexes[k].live = 0;
  return err(e);
}

static const char *cond_word(struct step *s, const char *w, int k) {
  struct timespec t;
  if (IS(cinit)) {
    if (conds[k].waiting) return "in use";
    conds[k].live = 1;
    return err(pthread_cond_init(&conds[k].c, NULL));
  }
  if (!conds[k].live) return "none";
  if (IS(csignal)) return err(pthread_cond_signal(&conds[k].c));
  if (IS(cbroadcast)) return err(pthread_cond_broadcast(&conds[k].c));
  if (IS(cdestroy)) {
    if (conds[k].waiting) return "in use";
    conds[k].live = 0;
    return err(pthread_cond_destroy(&conds[k].c));
  }
  int m = V(2) & (MOST - 1);
  if (!mutexes[m].live) return "none";
  if (conds[k].waiting && conds[k].mutex != m) return "other mutex";
  if (mutexes[m].owner != me + 1 && (mutexes[m].type & 3) == 0) return "not mine";
  int depth = mutexes[m].owner == me + 1 ? mutexes[m].depth : 0;
  if (depth > 1) return "too deep";
  conds[k].waiting++;
  conds[k].mutex = m;
  mutexes[m].waiting++;
  if (depth) { mutexes[m].owner = 0; mutexes[m].depth = 0; }
  int e = V(3) == -1 ? pthread_cond_wait(&conds[k].c, &mutexes[m].m)
        : pthread_cond_timedwait(&conds[k].c, &mutexes[m].m, until(CLOCK_REALTIME, V(3), &t));
  if (depth) { mutexes[m].owner = me + 1; mutexes[m].depth = 1; }
  mutexes[m].waiting--;
  conds[k].waiting--;
  return err(e);
}

static const char *sem_word(struct step *s, const char *w, int k) {
  struct timespec t;
  int r;
  if (IS(sinit)) {
    if (sems[k].waiting) return "in use";
    r = sem_init(&sems[k].s, 0, V(2));
    if (r == 0) sems[k].live = 1;
    return err_no(r);
  }
  if (!sems[k].live) return "none";
  if (IS(spost)) return err_no(sem_post(&sems[k].s));
  if (IS(strywait)) return err_no(sem_trywait(&sems[k].s));
  if (IS(sget)) { sem_getvalue(&sems[k].s, &r); return say("%d", r); }
  if (IS(sdestroy)) {
    if (sems[k].waiting) return "in use";
    sems[k].live = 0;
    return err_no(sem_destroy(&sems[k].s));
  }
  sems[k].waiting++;
  r = IS(swait) ? sem_wait(&sems[k].s) : sem_timedwait(&sems[k].s, until(CLOCK_REALTIME, V(2), &t));
  sems[k].waiting--;
  return err_no(r);
}

static const char *rwlock_word(struct step *s, const char *w, int k) {
  int held = rwlocks[k].writer || rwlocks[k].waiting, e;
  for (int i = 0; i < ACTORS; i++) held = held || rwlocks[k].readers[i];
  if (IS(linit)) {
    if (held) return "in use";
    rwlocks[k].live = 1;
    return err(pthread_rwlock_init(&rwlocks[k].l, NULL));
  }
  if (!rwlocks[k].live) return "none";
  if (IS(ldestroy)) {
    if (held) return "in use";
    rwlocks[k].live = 0;
    return err(pthread_rwlock_destroy(&rwlocks[k].l));
  }
  if (IS(lunlock)) {
    if (rwlocks[k].writer == me + 1) rwlocks[k].writer = 0;
    else if (rwlocks[k].readers[me]) rwlocks[k].readers[me]--;
    else return "not mine";
    return err(pthread_rwlock_unlock(&rwlocks[k].l));
  }
  rwlocks[k].waiting++;
  e = IS(lread) ? pthread_rwlock_rdlock(&rwlocks[k].l) : IS(ltryread) ? pthread_rwlock_tryrdlock(&rwlocks[k].l)
    : IS(lwrite) ? pthread_rwlock_wrlock(&rwlocks[k].l) : pthread_rwlock_trywrlock(&rwlocks[k].l);
  rwlocks[k].waiting--;
  if (e == 0) { if (IS(lread) || IS(ltryread)) rwlocks[k].readers[me]++; else rwlocks[k].writer = me + 1; }
  return err(e);
}

static const char *barrier_word(struct step *s, const char *w, int k) {
  if (IS(binit)) {
    if (barriers[k].waiting) return "in use";
    int e = pthread_barrier_init(&barriers[k].b, NULL, V(2));
    if (e == 0) barriers[k].live = 1;
    return err(e);
  }
  if (!barriers[k].live) return "none";
  if (IS(bdestroy)) {
    if (barriers[k].waiting) return "in use";
    barriers[k].live = 0;
    return err(pthread_barrier_destroy(&barriers[k].b));
  }
  barriers[k].waiting++;
  int e = pthread_barrier_wait(&barriers[k].b);
  barriers[k].waiting--;
  return err(e);
}

static const char *thread_word(struct step *s, const char *w, int k) {
  if (IS(thread)) {
    sh->busy[k] = 1;
    sh->threads = 1;
    thread_state[k] = JOINABLE;
    int e = pthread_create(&threads[k], NULL, thread_actor, (void *)(long)k);
    if (e == 0) return "thread";
    sh->busy[k] = 0;
    thread_state[k] = UNBORN;
    return err(e);
  }
  if (IS(texit)) {
    for (int i = 0; i < MOST; i++) if (mutexes[i].owner == me + 1 && mutexes[i].type & 32) return "holds";   /* glibc: abort() */
    thread_ended[me] = 1;
    pthread_exit((void *)(long)V(1));
  }
  if (IS(tkill)) {
    if (k != me && (thread_state[k] == UNBORN || thread_ended[k])) return "none";
    return res(syscall(SYS_tgkill, getpid(), sh->pid[k], (int)V(2)));
  }
  if (k == me) {
    if (IS(join)) return err(pthread_join(pthread_self(), NULL));
    if (k == 0) return "none";
  }
  if (thread_state[k] == UNBORN || thread_state[k] == JOINED || (thread_state[k] == DETACHED && thread_ended[k])) return "none";
  if (joiner[k] || joiner[me] == k + 1) return "in use";   /* glibc 2.36 would not notice */
  if (IS(detach)) {
    int e = pthread_detach(threads[k]);
    if (e == 0) thread_state[k] = DETACHED;
    return err(e);
  }
  void *value = NULL;
  joiner[k] = me + 1;
  int e = pthread_join(threads[k], &value);
  joiner[k] = 0;
  if (e) return err(e);
  thread_state[k] = JOINED;
  return say("value %ld", (long)value);
}

static const char *run_threads(struct step *s) {
  const char *w = s->argv[0];
  int k = s->argc > 1 && s->argv[1][0] != 'F' ? V(1) & (MOST - 1) : 0;
  if (IS(thread) || IS(join) || IS(detach) || IS(texit) || IS(tkill)) return thread_word(s, w, k);
  if (IS(fwait)) return futex_wait_word(s);
  if (IS(fwake)) return res(syscall(SYS_futex, word_at(V(2)), (int)V(1), (int)V(3), V(4), word_at(V(5)), (int)V(6)));
  if (IS(fset)) { *word_at(V(1)) = V(2); return "0"; }
  if (IS(fget)) return futex_word_text(*word_at(V(1)));
  if (IS(minit) || IS(mlock) || IS(mtry) || IS(mtimed) || IS(munlock) || IS(mdestroy)) return mutex_word(s, w, k);
  if (IS(cinit) || IS(cwait) || IS(csignal) || IS(cbroadcast) || IS(cdestroy)) return cond_word(s, w, k);
  if (IS(sinit) || IS(swait) || IS(stimed) || IS(strywait) || IS(spost) || IS(sget) || IS(sdestroy)) return sem_word(s, w, k);
  if (IS(linit) || IS(lread) || IS(lwrite) || IS(ltryread) || IS(ltrywrite) || IS(lunlock) || IS(ldestroy)) return rwlock_word(s, w, k);
  if (IS(binit) || IS(bwait) || IS(bdestroy)) return barrier_word(s, w, k);
  return NULL;
}
