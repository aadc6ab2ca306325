/*
 * Makes the calls of sequences on the host's own kernel and says what came of each. The words are those of prelude.osim.
 *
 * Usage: host DIRECTORY MILLISECONDS < sequences. DIRECTORY is fresh and is all that is touched. On standard input, for
 * each sequence "seq NUMBER TIMED", its steps "ACTOR WORD ARGUMENT…", and "end". Output, a line each:
 *   NUMBER B actor step              the actor began it
 *   NUMBER R actor step slot text    it has come back, in that slot
 *   NUMBER H actor signal slot       a handler ran
 *   NUMBER E 0 status                the first actor ended
 *
 * How the order is certain: one coordinator a sequence, which stands for init, gives one actor its step, then looks at
 * /proc/PID/stat until every actor sleeps (waits for its turn, or is blocked in its call), is stopped or has ended. All of
 * them run on one CPU. Nothing depends on how fast the host is, but in timed sequences (sleep, alarm), whose slots have a
 * length: MILLISECONDS; a coordinator that comes late says "late", and the run does not count.
 *
 * More of the words are in host_io.h, host_async.h, host_tty.h, host_at.h, host_mapping.h, host_uring.h and host_threads.h.
 *
 * Nothing is left behind: each coordinator ends whatever its sequence has begun, and all of them have, where that is allowed,
 * a PID namespace of their own, whose end is the end of whoever is in it.
 *
 * Signals go to actors only: before each kill the target's session is looked at.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/falloc.h>
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define ACTORS 3
#define MOST_STEPS 128
#define MOST_ARGS 12
#define LOG_SIZE (1 << 20)

struct step { int actor; int argc; char *argv[MOST_ARGS]; };

struct shared {
  volatile int slot;
  volatile int turn[ACTORS];   /* the step to make; -1: none */
  volatile int busy[ACTORS];   /* has a step to make, or is being born */
  volatile int pid[ACTORS];
  volatile int progress;       /* grows with each line */
  volatile int threads;        /* an actor has more than one: all of them must be quiet */
  volatile int used;
  volatile int ready;
  volatile int late;           /* the run says nothing */
  char log[LOG_SIZE];
};

static struct shared *sh;
static struct step steps[MOST_STEPS];
static int step_count, number, timed, coordinator;
static __thread int me, current_step;
static long slot_ms = 20;
static char *arena, big[131072];
static __thread char line[8192];

/* ---- Names and numbers ---- */

struct name { const char *name; long value; };
#define N(x) { #x, x }
static const struct name constants[] = {
  N(O_RDONLY), N(O_WRONLY), N(O_RDWR), N(O_CREAT), N(O_EXCL), N(O_TRUNC), N(O_APPEND), N(O_NONBLOCK), N(O_CLOEXEC),
  N(O_DIRECTORY), N(O_NOFOLLOW), N(F_DUPFD), N(F_DUPFD_CLOEXEC), N(F_GETFD), N(F_SETFD), N(F_GETFL), N(F_SETFL),
  N(F_GETPIPE_SZ), N(F_SETPIPE_SZ), N(FD_CLOEXEC), N(SEEK_SET), N(SEEK_CUR), N(SEEK_END), N(WNOHANG), N(WUNTRACED), N(WCONTINUED),
  N(WEXITED), N(WSTOPPED), N(WNOWAIT), N(P_ALL), N(P_PID), N(P_PGID), N(SIG_BLOCK), N(SIG_UNBLOCK), N(SIG_SETMASK),
  N(SIGHUP), N(SIGINT), N(SIGQUIT), N(SIGILL), N(SIGABRT), N(SIGFPE), N(SIGKILL), N(SIGUSR1), N(SIGSEGV), N(SIGUSR2),
  N(SIGPIPE), N(SIGALRM), N(SIGTERM), N(SIGCHLD), N(SIGCONT), N(SIGSTOP), N(SIGTSTP), N(SIGTTIN), N(SIGTTOU), N(SIGURG),
  N(SIGWINCH), N(SIGXFSZ), N(SIGIO), N(SIGVTALRM), N(SA_RESTART), N(SA_NODEFER), N(SA_RESETHAND), N(SA_NOCLDWAIT),
  N(SA_NOCLDSTOP), N(PROT_NONE), N(PROT_READ), N(PROT_WRITE), N(MAP_PRIVATE), N(MAP_SHARED), N(MAP_ANONYMOUS),
  N(MAP_FIXED), N(MAP_FIXED_NOREPLACE), N(RLIMIT_NOFILE), N(RLIMIT_FSIZE),
  N(FUTEX_WAIT), N(FUTEX_WAKE), N(FUTEX_REQUEUE), N(FUTEX_CMP_REQUEUE), N(FUTEX_WAIT_BITSET), N(FUTEX_WAKE_BITSET),
  N(FUTEX_LOCK_PI), N(FUTEX_LOCK_PI2), N(FUTEX_UNLOCK_PI), N(FUTEX_TRYLOCK_PI), N(FUTEX_PRIVATE_FLAG), N(FUTEX_CLOCK_REALTIME),
};
static const struct name errors[] = {
  N(EPERM), N(ENOENT), N(ESRCH), N(EINTR), N(EIO), N(ENXIO), N(E2BIG), N(ENOEXEC), N(EBADF), N(ECHILD), N(EAGAIN),
  N(ENOMEM), N(EACCES), N(EFAULT), N(EBUSY), N(EEXIST), N(EXDEV), N(ENODEV), N(ENOTDIR), N(EISDIR), N(EINVAL), N(ENFILE),
  N(EMFILE), N(ENOTTY), N(ETXTBSY), N(EFBIG), N(ENOSPC), N(ESPIPE), N(EROFS), N(EMLINK), N(EPIPE), N(ERANGE), N(EDEADLK),
  N(ENAMETOOLONG), N(ENOSYS), N(ENOTEMPTY), N(ELOOP), N(EOVERFLOW), N(EOPNOTSUPP),
};
#define COUNT(a) (int)(sizeof(a) / sizeof((a)[0]))
static const struct name io_constants[];       /* those of host_io.h */
static const struct name io_errors[];
static const struct name tty_constants[], at_constants[], uring_constants[], mapping_constants[];      /* those of host_tty.h, host_at.h … */
static const int io_constant_count, io_error_count, tty_constant_count, at_constant_count, uring_constant_count, mapping_constant_count;

static const struct name *named(const struct name *table, int count, const char *name) {
  for (int i = 0; i < count; i++) if (!strcmp(table[i].name, name)) return &table[i];
  return NULL;
}

static const char *error_name(int e) {
  static char unknown[16];
  for (int i = 0; i < COUNT(errors); i++) if (errors[i].value == e) return errors[i].name;
  for (int i = 0; i < io_error_count; i++) if (io_errors[i].value == e) return io_errors[i].name;
  snprintf(unknown, sizeof unknown, "%d", e);
  return unknown;
}

/* One word: a number, a constant, A0 … A2 (an actor's pid), m123 (a place in the arena), null, kernel. */
static long word(const char *w) {
  if (*w == '-' && w[1] == 'A') return -word(w + 1);
  if (*w == 'A' && w[1] >= '0' && w[1] <= '2' && !w[2]) return sh->pid[w[1] - '0'];
  if (*w == 'm' && w[1] >= '0' && w[1] <= '9') return (long)(arena + atol(w + 1));
  if (!strcmp(w, "null")) return 0;
  if (!strcmp(w, "kernel")) return (long)0xffff800000000000UL;
  if (w[0] == '0' && w[1] == 'o') return strtol(w + 2, NULL, 8);
  const struct name *found = named(constants, COUNT(constants), w);
  if (!found) found = named(io_constants, io_constant_count, w);
  if (!found) found = named(tty_constants, tty_constant_count, w);
  if (!found) found = named(at_constants, at_constant_count, w);
  if (!found) found = named(mapping_constants, mapping_constant_count, w);
  if (!found) found = named(uring_constants, uring_constant_count, w);
  if (found) return found->value;
  char *end;
  long n = strtol(w, &end, 0);
  if (*end || end == w) { fprintf(stderr, "host: what is %s?\n", w); _exit(3); }
  return n;
}

static long value(const char *text) {
  char copy[128], *rest = copy, *part;
  long sum = 0;
  snprintf(copy, sizeof copy, "%s", text);
  if (!strchr(copy, '|')) return word(copy);
  while ((part = strsep(&rest, "|"))) sum |= word(part);
  return sum;
}

/* ---- The log ---- */

static void put(const char *format, ...) {
  char text[8400];
  va_list args;
  va_start(args, format);
  int n = vsnprintf(text, sizeof text, format, args);
  va_end(args);
  if (n >= (int)sizeof text) n = sizeof text - 1;
  int at = __sync_fetch_and_add(&sh->used, n);
  if (at + n < LOG_SIZE) memcpy(sh->log + at, text, n);
  __sync_fetch_and_add(&sh->progress, 1);
}

static const char *say(const char *format, ...) {
  va_list args;
  va_start(args, format);
  vsnprintf(line, sizeof line, format, args);
  va_end(args);
  return line;
}

static const char *res(long r) { return r == -1 ? say("-1 %s", error_name(errno)) : say("%ld", r); }

static const char *who(int pid) {
  static char names[ACTORS][3] = { "A0", "A1", "A2" };
  if (pid == 0) return "0";
  if (pid == coordinator) return "init";
  for (int k = 0; k < ACTORS; k++) if (sh->pid[k] == pid) return names[k];
  return "other";
}

static const char *res_who(long r) { return r == -1 ? res(r) : say("%s", who(r)); }

/* Bytes by runs: "a*3 b*10"; 0 is a zero, ? any byte that is no letter. */
static const char *data(long n) {
  if (n <= 0) return res(n);
  for (long i = 0; i < n && i < (long)sizeof big; i++) if (big[i] && !isalpha(big[i])) big[i] = '?';
  int at = snprintf(line, sizeof line, "%ld #", n);
  for (long i = 0; i < n && at < (int)sizeof line - 40; ) {
    long j = i;
    while (j < n && big[j] == big[i]) j++;
    if (big[i]) at += snprintf(line + at, sizeof line - at, "%s%c*%ld", i ? " " : "", big[i], j - i);
    else at += snprintf(line + at, sizeof line - at, "%s0*%ld", i ? " " : "", j - i);
    i = j;
  }
  return line;
}

static const char *set_of(int r, uint64_t set) {
  if (r < 0) return res(-1);
  int at = snprintf(line, sizeof line, "[");
  for (int s = 1; s < 64; s++) if (set >> (s - 1) & 1) at += snprintf(line + at, sizeof line - at, " %d", s);
  snprintf(line + at, sizeof line - at, " ]");
  return line;
}

static const char *attributes(int r, struct stat *s) {
  if (r < 0) return res(-1);
  int at = snprintf(line, sizeof line, "%o %c%d", s->st_mode, S_ISDIR(s->st_mode) ? 'l' : 'n', (int)s->st_nlink);
  if (S_ISREG(s->st_mode) || S_ISLNK(s->st_mode)) at += snprintf(line + at, sizeof line - at, " %ld", (long)s->st_size);
  if (S_ISREG(s->st_mode)) snprintf(line + at, sizeof line - at, " b%ld", (long)s->st_blocks);
  return line;
}

static int by_name(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

static const char *names_in(const char *path) {
  static char block[32768];
  char *names[256];
  int count = 0;
  long got = 0;
  int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return res(-1);
  got = syscall(SYS_getdents64, fd, block, sizeof block);
  for (long i = 0; i < got && count < 256; i += *(unsigned short *)(block + i + 16)) {
    char *name = block + i + 19;
    if (strcmp(name, ".") && strcmp(name, "..")) names[count++] = name;
  }
  close(fd);
  if (got < 0) return res(got);
  qsort(names, count, sizeof *names, by_name);
  int at = snprintf(line, sizeof line, "[");
  for (int i = 0; i < count; i++) at += snprintf(line + at, sizeof line - at, " %s", names[i]);
  snprintf(line + at, sizeof line - at, " ]");
  return line;
}

/* ---- Calls ---- */

static void handler(int sig) {
  int saved = errno;
  put("%d H %d %d %d\n", number, me, sig, sh->slot);
  errno = saved;
}

/* Only actors are signalled: their session is theirs alone. */
static long kill_actor(long pid, int sig) {
  if (pid == 1 || pid == -1) return errno = EPERM, -1;
  long leader = pid < 0 ? -pid : pid;
  int ours = 0;
  for (int k = 0; k < ACTORS; k++) if (sh->pid[k] && (sh->pid[k] == leader || leader == 0)) ours = 1;
  if (!ours) return errno = ESRCH, -1;
  int session = leader == 0 ? getsid(0) : getsid(leader);
  for (int k = 0; k < ACTORS; k++) if (sh->pid[k] && sh->pid[k] == session) return syscall(SYS_kill, pid, sig);
  return pid < 0 && session < 0 ? syscall(SYS_kill, pid, sig) : (errno = ESRCH, -1);
}

static int fill(int at, const char *letter, int n) {
  memset(big + at, letter[0], n);
  return n;
}

#define IS(x) (!strcmp(w, #x))
#include "host_io.h"
#include "host_async.h"
#include "host_tty.h"
#include "host_threads.h"
#include "host_at.h"
#include "host_mapping.h"
#include "host_uring.h"

static const int io_constant_count = COUNT(io_constants), io_error_count = COUNT(io_errors);
static const int tty_constant_count = COUNT(tty_constants), at_constant_count = COUNT(at_constants);
static const int uring_constant_count = COUNT(uring_constants), mapping_constant_count = COUNT(mapping_constants);

static void act(int k);

static const char *run(struct step *s) {
  const char *w = s->argv[0], *A = s->argv[1], *B = s->argv[2];
  long a = 0, b = 0, c = 0, d = 0;
  for (int i = 1; i < s->argc; i++) {
    if (s->argv[i][0] == '/') { fprintf(stderr, "host: %s leads out of the directory\n", s->argv[i]); _exit(3); }
  }
#define ARG(i) (s->argc > i ? value(s->argv[i]) : 0)
  if (IS(fork)) {
    int k = atoi(A);
    sh->busy[k] = 1;
    long pid = syscall(SYS_fork);
    if (pid == 0) act(k);
    if (pid < 0) { sh->busy[k] = 0; return res(pid); }
    sh->pid[k] = pid;
    return "child";
  }
  /* words whose first argument is a path or a letter */
  if (IS(open)) return res(syscall(SYS_open, A, (int)ARG(2), (int)ARG(3)));
  if (IS(mkdir)) return res(syscall(SYS_mkdir, A, (int)ARG(2)));
  if (IS(rmdir)) return res(syscall(SYS_rmdir, A));
  if (IS(link)) return res(syscall(SYS_link, A, B));
  if (IS(symlink)) return res(syscall(SYS_symlink, A, B));
  if (IS(unlink)) return res(syscall(SYS_unlink, A));
  if (IS(rename)) return res(syscall(SYS_rename, A, B));
  if (IS(chmod)) return res(syscall(SYS_chmod, A, (int)ARG(2)));
  if (IS(mkfifo)) return res(syscall(SYS_mknod, A, (int)ARG(2) | S_IFIFO, 0));
  if (IS(chdir)) return res(syscall(SYS_chdir, A));
  if (IS(readdir)) return names_in(A);
  if (IS(truncate)) return res(syscall(SYS_truncate, A, ARG(2)));
  if (IS(stat)) { struct stat st; int r = stat(A, &st); return attributes(r, &st); }
  if (IS(lstat)) { struct stat st; int r = lstat(A, &st); return attributes(r, &st); }

  if (IS(write)) return res(syscall(SYS_write, (int)ARG(1), big, fill(0, B, ARG(3))));
  if (IS(pwrite)) return res(syscall(SYS_pwrite64, (int)ARG(1), big, fill(0, B, ARG(3)), ARG(4)));
  if (IS(writev)) {
    struct iovec v[2] = { { big, ARG(3) }, { big + ARG(3), ARG(5) } };
    fill(0, B, ARG(3));
    fill(ARG(3), s->argv[4], ARG(5));
    return res(syscall(SYS_writev, (int)ARG(1), v, 2));
  }
  if (IS(sigaction)) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = !strcmp(B, "H") ? handler : !strcmp(B, "IGN") ? SIG_IGN : SIG_DFL;
    action.sa_flags = ARG(3);
    if (!strcmp(B, "I")) {
      action.sa_sigaction = telling_handler;
      action.sa_flags |= SA_SIGINFO;
    }
    for (int i = 4; i < s->argc; i++) sigaddset(&action.sa_mask, ARG(i));
    return res(sigaction(ARG(1), &action, NULL));
  }
  if (IS(sigprocmask)) {
    uint64_t set = 0, old = 0;
    for (int i = 2; i < s->argc; i++) set |= 1UL << (ARG(i) - 1);
    int r = syscall(SYS_rt_sigprocmask, (int)ARG(1), &set, &old, 8);
    return set_of(r, old);
  }
  if (IS(fcntl)) {
    long r = syscall(SYS_fcntl, (int)ARG(1), (int)ARG(2), ARG(3));
    if (r >= 0 && ARG(2) == F_GETFL) r &= ~0100000L; /* O_LARGEFILE */
    return res(r);
  }

  const char *text = run_io(s);
  if (!text) text = run_async(s);
  if (!text) text = run_tty(s);
  if (!text) text = run_at(s);
  if (!text) text = run_mapping(s);
  if (!text) text = run_threads(s);
  if (!text) text = run_uring(s);
  if (text) return text;
  a = ARG(1), b = ARG(2), c = ARG(3), d = ARG(4);
  if (IS(close)) return res(syscall(SYS_close, (int)a));
  if (IS(dup)) return res(syscall(SYS_dup, (int)a));
  if (IS(dup2)) return res(syscall(SYS_dup2, (int)a, (int)b));
  if (IS(dup3)) return res(syscall(SYS_dup3, (int)a, (int)b, (int)c));
  if (IS(fionread)) { int n = 0; long r = syscall(SYS_ioctl, (int)a, FIONREAD, &n); return res(r < 0 ? r : n); }
  if (IS(fionbio)) { int on = b; return res(syscall(SYS_ioctl, (int)a, FIONBIO, &on)); }
  if (IS(limit)) {
    struct rlimit limit;
    getrlimit(a, &limit);
    limit.rlim_cur = b;
    return res(setrlimit(a, &limit));
  }
  if (IS(pipe2)) {
    int fds[2];
    long r = syscall(SYS_pipe2, fds, (int)a);
    return r < 0 ? res(r) : say("%d %d", fds[0], fds[1]);
  }
  if (IS(read)) return data(syscall(SYS_read, (int)a, big, b));
  if (IS(pread)) return data(syscall(SYS_pread64, (int)a, big, b, c));
  if (IS(readv)) {
    struct iovec v[2] = { { big, b }, { big + b, c } };
    return data(syscall(SYS_readv, (int)a, v, 2));
  }
  if (IS(lseek)) {
    struct stat st;
    if (fstat(a, &st) == 0 && S_ISDIR(st.st_mode)) return "directory";
    return res(syscall(SYS_lseek, (int)a, b, (int)c));
  }
  if (IS(ftruncate)) return res(syscall(SYS_ftruncate, (int)a, b));
  if (IS(fsync)) return res(syscall(SYS_fsync, (int)a));
  if (IS(readm)) return res(syscall(SYS_read, (int)a, b, c));
  if (IS(writem)) return res(syscall(SYS_write, (int)a, b, c));
  if (IS(umask)) return say("%o", (int)syscall(SYS_umask, (int)a));
  if (IS(fstat)) { struct stat st; int r = fstat(a, &st); return attributes(r, &st); }

  if (IS(exit)) _exit(a);
  if (IS(getppid)) return say("%s", who(syscall(SYS_getppid)));
  if (IS(getpgid)) return res_who(syscall(SYS_getpgid, (int)a));
  if (IS(setpgid)) return res(syscall(SYS_setpgid, (int)a, (int)b));
  if (IS(setsid)) return res_who(syscall(SYS_setsid));
  if (IS(waitpid)) {
    int status = 0;
    long r = syscall(SYS_wait4, (int)a, &status, (int)b, NULL);
    return r < 0 ? res(r) : r == 0 ? "0" : say("%s %d", who(r), status);
  }
  if (IS(waitid)) {
    siginfo_t info;
    memset(&info, 0, sizeof info);
    long r = syscall(SYS_waitid, (int)a, (int)b, &info, (int)c, NULL);
    if (r < 0) return res(r);
    return info.si_signo == 0 ? "0" : say("%d %d %s %d", info.si_signo, info.si_code, who(info.si_pid), info.si_status);
  }
  if (IS(yield)) return res(syscall(SYS_sched_yield));
  if (IS(sleep)) {
    long ms = a * slot_ms + slot_ms / 2;
    struct timespec t = { ms / 1000, ms % 1000 * 1000000 };
    return syscall(SYS_nanosleep, &t, &t) < 0 ? "left" : "0";
  }
  if (IS(pass)) return "0";

  if (IS(sigpending)) { uint64_t set = 0; int r = syscall(SYS_rt_sigpending, &set, 8); return set_of(r, set); }
  if (IS(kill)) return res(kill_actor(a, b));
  if (IS(raise)) return res(syscall(SYS_tgkill, getpid(), gettid(), (int)a));
  if (IS(pause)) return res(syscall(SYS_pause));
  if (IS(alarm)) {
    long ms = a == 0 ? 0 : a * slot_ms + slot_ms / 2;
    struct itimerval t = { { 0, 0 }, { ms / 1000, ms % 1000 * 1000 } }, old;
    setitimer(ITIMER_REAL, &t, &old);
    return old.it_value.tv_sec || old.it_value.tv_usec ? "left" : "0";
  }

  if (IS(mmap)) {
    char *want = arena + a * 4096;
    char *r = mmap(want, b * 4096, c, MAP_FIXED | MAP_ANONYMOUS | d, -1, 0);
    return r == MAP_FAILED ? res(-1) : r == want ? "ok" : "elsewhere";
  }
  if (IS(mmapx)) return mmap((void *)a, b, c, d, -1, 0) == MAP_FAILED ? res(-1) : "ok";
  if (IS(munmap)) return res(syscall(SYS_munmap, a, b));
  if (IS(mprotect)) return res(syscall(SYS_mprotect, a, b, c));
  if (IS(peek)) return say("%d", *(volatile unsigned char *)a);
  if (IS(poke)) { *(volatile unsigned char *)a = b; return "0"; }
  fprintf(stderr, "host: no word %s\n", w);
  _exit(3);
}

/* ---- Actors ---- */

static void act(int k) {
  me = k;
  sh->pid[k] = gettid();
  for (;;) {
    __sync_fetch_and_add(&sh->progress, 1);
    sh->busy[k] = 0;
    while (sh->turn[k] < 0) syscall(SYS_futex, &sh->turn[k], FUTEX_WAIT, -1, NULL, NULL, 0);
    current_step = sh->turn[k];
    sh->turn[k] = -1;
    put("%d B %d %d\n", number, me, current_step);
    int step = current_step;
    const char *text = run(&steps[step]);
    put("%d R %d %d %d %s\n", number, me, step, sh->slot, text);
  }
}

static void first_actor(const char *directory) {
  setsid();
  prctl(PR_SET_DUMPABLE, 0);                   /* no core files, whatever the host's settings */
  if (chdir(directory) != 0) _exit(3);
  for (int i = 1; i <= 6; i++) {               /* deep inside: no "..", however often, leads out of it */
    char name[2] = { (char)('0' + i), 0 };
    mkdir(name, 0777);
    if (chdir(name) != 0) _exit(3);
  }
  umask(022);
  for (int s = 1; s < 32; s++) signal(s, SIG_DFL);
  uint64_t none = 0;
  syscall(SYS_rt_sigprocmask, SIG_SETMASK, &none, NULL, 8);
  struct rlimit limit;
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = 1024;
  setrlimit(RLIMIT_NOFILE, &limit);
  arena = mmap(NULL, 16 * 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  shared_words = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  for (int fd = 0; fd < 64; fd++) close(fd);
  act(0);
}

/* ---- The coordinator ---- */

static int stat_fd[ACTORS];

static char state(int k) {
  char path[40], text[600];
  if (sh->pid[k] == 0) return 'N';
  if (!stat_fd[k]) {
    snprintf(path, sizeof path, "/proc/%d/stat", sh->pid[k]);
    stat_fd[k] = open(path, O_RDONLY | O_CLOEXEC);
    if (stat_fd[k] < 0) stat_fd[k] = -1;
  }
  if (stat_fd[k] < 0) return 'X';
  int n = pread(stat_fd[k], text, sizeof text - 1, 0);
  if (n <= 0) return 'X';
  text[n] = 0;
  char *after = strrchr(text, ')');
  return after ? after[2] : 'X';
}

/* Whether each thread of an actor sleeps. */
static int threads_sleep(int pid) {
  char path[60], text[600];
  struct dirent *entry;
  int sleep = 1;
  snprintf(path, sizeof path, "/proc/%d/task", pid);
  DIR *all = opendir(path);
  while (all && sleep && (entry = readdir(all))) {
    if (entry->d_name[0] == '.') continue;
    snprintf(path, sizeof path, "/proc/%d/task/%.20s/stat", pid, entry->d_name);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    int n = fd < 0 ? 0 : read(fd, text, sizeof text - 1);
    if (fd >= 0) close(fd);
    text[n > 0 ? n : 0] = 0;
    char *after = strrchr(text, ')');
    if (after && !strchr("STtZX", after[2])) sleep = 0;
  }
  if (all) closedir(all);
  return sleep;
}

static double now_ms(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static void reap(void) {
  int status, pid;
  while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
    if (sh->pid[0] == pid) put("%d E 0 %d\n", number, status);
  }
}

static int all_quiet(void) {
  int before = sh->progress;
  reap();
  for (int round = 0; round < 2; round++) {
    for (int k = 0; k < ACTORS; k++) {
      char c = state(k);
      if (c == 'N' ? sh->busy[k] && k == 0 : !strchr("STtZX", c)) return 0;
      if (c == 'S' && sh->turn[k] >= 0) return 0;
      if (sh->threads && sh->pid[k] && !threads_sleep(sh->pid[k])) return 0;
    }
  }
  return before == sh->progress;
}

static int settle(void) {
  double limit = now_ms() + 5000;
  for (int us = 20; ; us = us < 400 ? us * 5 / 4 : us) {   /* ever more rarely: on a busy host the actors get the CPU late */
    for (int i = 0; i < 3; i++) sched_yield();
    if (all_quiet()) return 1;
    if (now_ms() > limit) return 0;
    usleep(us);
  }
}

/* Whoever is below the coordinator: orphans come to it, so that its children are all that can be left in the end. */
static void kill_children(void) {
  char path[60];
  int pid;
  snprintf(path, sizeof path, "/proc/self/task/%d/children", getpid());
  FILE *children = fopen(path, "r");
  while (children && fscanf(children, "%d", &pid) == 1) kill(pid, SIGKILL);
  if (children) fclose(children);
  for (int k = 0; k < ACTORS; k++) if (sh->pid[k] && getsid(sh->pid[k]) == sh->pid[0]) kill(sh->pid[k], SIGKILL);
}

static void end_all(void) {
  for (int tries = 0; tries < 20000; tries++) {
    int pid;
    kill_children();
    while ((pid = waitpid(-1, NULL, WNOHANG)) > 0) {}
    if (pid < 0 && errno == ECHILD) return;
    usleep(200);
  }
}

static void coordinate(const char *directory, int cpu) {
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(cpu, &one);
  sched_setaffinity(0, sizeof one, &one);
  prctl(PR_SET_CHILD_SUBREAPER, 1);            /* orphans come here, as to init */
  prctl(PR_SET_TIMERSLACK, 1);
  coordinator = getpid();
  for (int k = 0; k < ACTORS; k++) sh->turn[k] = -1;
  sh->busy[0] = 1;
  if (step_count > 0 && !strcmp(steps[0].argv[0], "tty")) open_terminal();
  int pid = fork();
  if (pid == 0) first_actor(directory);
  sh->pid[0] = pid;
  int fine = settle();
  double start = now_ms();
  for (int i = 0; i < step_count && fine; i++) {
    if (timed) {
      double due = start + (i + 1) * (double)slot_ms, wait = due - now_ms();
      if (wait > 0) usleep((useconds_t)(wait * 1000));
      if (now_ms() > due + slot_ms / 3.0) { sh->late = 1; break; }
      settle();
    }
    sh->slot = i + 1;
    int k = steps[i].actor;
    if (!strcmp(steps[i].argv[0], "type")) {
      type(steps[i].argv[1]);
    } else if (state(k) == 'S' && !sh->busy[k]) {
      sh->busy[k] = 1;
      sh->turn[k] = i;
      syscall(SYS_futex, &sh->turn[k], FUTEX_WAKE, 1, NULL, NULL, 0);
    }
    fine = settle();
    if (timed && now_ms() > start + (i + 1) * (double)slot_ms + slot_ms / 3.0) { sh->late = 1; break; }
  }
  if (timed) {                                 /* the last slot, to its end */
    usleep((useconds_t)(slot_ms * 950));
    settle();
  }
  if (!fine) sh->late = 1;
  sh->ready = 1;
  int keep = sh->used;
  end_all();
  sh->used = keep;
  _exit(0);
}

/* ---- All sequences ---- */

static int read_sequence(void) {
  char text[4096];
  step_count = 0;
  if (!fgets(text, sizeof text, stdin) || sscanf(text, "seq %d %d", &number, &timed) != 2) return 0;
  while (fgets(text, sizeof text, stdin) && strncmp(text, "end", 3)) {
    struct step *s = &steps[step_count++ % MOST_STEPS];
    char *rest = strdup(text), *part;
    rest[strcspn(rest, "\n")] = 0;
    s->actor = atoi(strsep(&rest, " "));
    s->argc = 0;
    while ((part = strsep(&rest, " ")) && s->argc < MOST_ARGS) s->argv[s->argc++] = *part == '"' ? strtok(part, "\"") ? part + 1 : "" : part;
    for (int i = 0; i < s->argc; i++) if (!strcmp(s->argv[i], "\"")) s->argv[i] = "";
  }
  return 1;
}

int main(int argc, char **argv) {
  enum { SIDE_BY_SIDE = 4 };
  struct { int pid, number; struct shared *sh; } running[SIDE_BY_SIDE] = { { 0, 0, NULL } };
  char directory[512];
  int cpus[256], cpu_count = 0, turn = 0, busy = 0, more = 1;
  struct statfs fs;
  cpu_set_t set;
  if (argc < 3) return 2;
  slot_ms = atoi(argv[2]);
  if (argc == 3) own_namespaces(argv);
  signal(SIGPIPE, SIG_IGN);
  sched_getaffinity(0, sizeof set, &set);
  for (int i = 0; i < 256; i++) if (CPU_ISSET(i, &set)) cpus[cpu_count++] = i;
  statfs(argv[1], &fs);
  printf("fs %s\n", fs.f_type == 0x01021994 ? "tmpfs" : "other");
  while (more || busy) {
    while (more && busy < SIDE_BY_SIDE && (more = read_sequence())) {
      int slot = 0;
      while (running[slot].pid) slot++;
      sh = mmap(NULL, sizeof *sh, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
      snprintf(directory, sizeof directory, "%s/%d", argv[1], number);
      mkdir(directory, 0777);
      fflush(stdout);
      choose_ports(turn);
      int pid = fork();
      if (pid == 0) coordinate(directory, cpus[turn % cpu_count]);
      turn++;
      running[slot].pid = pid;
      running[slot].number = number;
      running[slot].sh = sh;
      busy++;
    }
    if (!busy) break;
    int pid = waitpid(-1, NULL, 0);
    for (int i = 0; i < SIDE_BY_SIDE; i++) {
      if (running[i].pid != pid) continue;
      fwrite(running[i].sh->log, 1, running[i].sh->used < LOG_SIZE ? running[i].sh->used : LOG_SIZE, stdout);
      if (running[i].sh->late || running[i].sh->used >= LOG_SIZE) printf("\n%d late\n", running[i].number);
      munmap(running[i].sh, sizeof *sh);
      running[i].pid = 0;
      busy--;
    }
  }
  return 0;
}
