/*
 * The words of host.c about more than files, pipes and processes: sockets, waiting for many descriptors, events, signals as
 * data, mapped files, zero copy, locks. The twins of prelude_io.osim.
 */
#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <poll.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/select.h>
#include <sys/sendfile.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/un.h>

static const struct name io_constants[] = {
  N(AF_INET), N(AF_UNIX), N(AF_UNSPEC), N(SOCK_STREAM), N(SOCK_DGRAM), N(SOCK_NONBLOCK), N(SOCK_CLOEXEC), N(SOL_SOCKET),
  N(SO_REUSEADDR), N(SO_TYPE), N(SO_ERROR), N(SO_KEEPALIVE), N(SO_ACCEPTCONN), N(SO_SNDBUF), N(SO_RCVBUF), N(IPPROTO_TCP),
  N(IPPROTO_UDP), N(TCP_NODELAY), N(SHUT_RD), N(SHUT_WR), N(SHUT_RDWR), N(MSG_PEEK), N(MSG_DONTWAIT), N(MSG_WAITALL),
  N(MSG_NOSIGNAL), N(MSG_TRUNC), N(MSG_MORE), N(MSG_EOR), N(MSG_CTRUNC), N(MSG_CMSG_CLOEXEC), N(MSG_OOB), N(SOCK_SEQPACKET),
  N(SO_REUSEPORT), N(SO_BROADCAST), N(SO_DOMAIN), N(SO_PROTOCOL), N(SO_RCVLOWAT), N(TCP_CORK), N(UDP_CORK), N(POLLIN), N(POLLOUT), N(POLLPRI), N(POLLRDHUP), N(POLLERR), N(POLLHUP), N(EPOLLIN),
  N(EPOLLOUT), N(EPOLLPRI), N(EPOLLRDHUP), N(EPOLLERR), N(EPOLLHUP), N(EPOLLET), N(EPOLLONESHOT), N(EPOLLEXCLUSIVE),
  N(EPOLL_CTL_ADD), N(EPOLL_CTL_DEL), N(EPOLL_CTL_MOD), N(EPOLL_CLOEXEC), N(EFD_SEMAPHORE), N(EFD_NONBLOCK),
  N(EFD_CLOEXEC), N(TFD_NONBLOCK), N(TFD_CLOEXEC), N(SFD_NONBLOCK), N(SFD_CLOEXEC), N(F_SETOWN), N(F_SETSIG),
  N(F_GETSIG), N(O_ASYNC), N(SIGBUS), N(SA_SIGINFO), N(MS_SYNC), N(MS_ASYNC), N(MS_INVALIDATE), N(SPLICE_F_NONBLOCK),
  N(SPLICE_F_MOVE), N(SPLICE_F_MORE), N(F_SETLK), N(F_SETLKW), N(F_GETLK), N(F_OFD_SETLK), N(F_OFD_SETLKW), N(F_OFD_GETLK), N(F_RDLCK), N(F_WRLCK), N(F_UNLCK), N(LOCK_SH),
  N(LOCK_EX), N(LOCK_UN), N(LOCK_NB), N(O_SYNC), N(O_DSYNC),
  { "SIGRTMIN", 32 }, { "SIGRTMAX", 64 },              /* the kernel's; glibc keeps two for itself */
};
static const struct name io_errors[] = {
  N(ENOTSOCK), N(EDESTADDRREQ), N(EMSGSIZE), N(EPROTOTYPE), N(ENOPROTOOPT), N(EPROTONOSUPPORT), N(ESOCKTNOSUPPORT),
  N(EAFNOSUPPORT), N(EADDRINUSE), N(EADDRNOTAVAIL), N(ENETUNREACH), N(ECONNABORTED), N(ECONNRESET), N(ENOBUFS), N(EISCONN),
  N(ENOTCONN), N(ESHUTDOWN), N(ETIMEDOUT), N(ECONNREFUSED), N(EALREADY), N(EINPROGRESS), N(ECANCELED), N(ENOLCK), N(ENOTBLK),
};

/* ---- Addresses: p0 … p3 are ports on 127.0.0.1, w0 … w3 the same ones on any address, null none; else a path. ---- */

static int first_port = 2000;

static socklen_t address(const char *text, struct sockaddr_storage *to) {
  struct sockaddr_in *in = (void *)to;
  struct sockaddr_un *un = (void *)to;
  memset(to, 0, sizeof *to);
  if (!strcmp(text, "null")) return 0;
  if ((*text == 'p' || *text == 'w') && text[1] >= '0' && text[1] <= '9') {
    in->sin_family = AF_INET;
    in->sin_port = htons(text[1] == '9' ? 0 : first_port + text[1] - '0');
    in->sin_addr.s_addr = htonl(*text == 'p' ? INADDR_LOOPBACK : INADDR_ANY);
    return sizeof *in;
  }
  un->sun_family = AF_UNIX;
  snprintf(un->sun_path, sizeof un->sun_path, "%s", text);
  return offsetof(struct sockaddr_un, sun_path) + strlen(text) + 1;
}

static char *address_name(struct sockaddr_storage *from, socklen_t size) {
  static char name[160];
  struct sockaddr_in *in = (void *)from;
  if (size < 2) return "nobody";
  if (from->ss_family == AF_UNIX) {
    snprintf(name, sizeof name, "unix(%s)", size <= 2 ? "" : ((struct sockaddr_un *)from)->sun_path);
    return name;
  }
  int port = ntohs(in->sin_port), k = port - first_port;
  char which[8];
  snprintf(which, sizeof which, k >= 0 && k < 4 ? "p%d" : port == 0 ? "0" : "some", k);
  snprintf(name, sizeof name, "%s:%s", inet_ntoa(in->sin_addr), which);
  return name;
}

/* Milliseconds of so many slots, and a half: never on the edge of one. 0 and -1 are themselves. */
static long ms_of(long slots) { return slots <= 0 ? slots : slots * slot_ms + slot_ms / 2; }

static struct timespec *time_of(long slots, struct timespec *t) {
  long ms = ms_of(slots);
  t->tv_sec = ms / 1000;
  t->tv_nsec = ms % 1000 * 1000000;
  return slots < 0 ? NULL : t;
}

static uint64_t set_from(struct step *s, int from) {
  uint64_t set = 0;
  for (int i = from; i < s->argc; i++) if (value(s->argv[i]) > 0) set |= 1UL << (value(s->argv[i]) - 1);
  return set;
}

/* ---- Signals as data ---- */

static void info_text(char *to, int size, int sig, int code, int pid, int status, int value, int fd, long band) {
  if (code == SI_USER || code == SI_TKILL) snprintf(to, size, "%d %s", code, who(pid));
  else if (code == SI_QUEUE) snprintf(to, size, "%d %s %d", code, who(pid), value);
  else if (sig == SIGCHLD && code > 0) snprintf(to, size, "%d %s %d", code, who(pid), status);
  else if (code >= POLL_IN && code <= POLL_HUP && sig != SIGSEGV && sig != SIGBUS) snprintf(to, size, "%d fd %d %lx", code, fd, band);
  else snprintf(to, size, "%d", code);
}

static void telling_handler(int sig, siginfo_t *info, void *frame) {
  int saved = errno;
  char text[80];
  info_text(text, sizeof text, sig, info->si_code, info->si_pid, info->si_status, info->si_int, info->si_fd, info->si_band);
  put("%d H %d %d %d %s\n", number, me, sig, sh->slot, text);
  errno = saved;
}

static const char *taken(long sig, siginfo_t *info) {
  char text[80];
  if (sig < 0) return res(sig);
  info_text(text, sizeof text, sig, info->si_code, info->si_pid, info->si_status, info->si_int, info->si_fd, info->si_band);
  return say("%ld %s", sig, text);
}

static const char *signals_read(int fd, int count) {
  struct signalfd_siginfo got[8];
  long n = syscall(SYS_read, fd, got, count * sizeof *got);
  if (n <= 0) return res(n);
  int at = snprintf(line, sizeof line, "%ld", n);
  for (int i = 0; i < n / (int)sizeof *got; i++) {
    char text[80];
    info_text(text, sizeof text, got[i].ssi_signo, got[i].ssi_code, got[i].ssi_pid, got[i].ssi_status, got[i].ssi_int, got[i].ssi_fd, got[i].ssi_band);
    at += snprintf(line + at, sizeof line - at, " (%d %s)", got[i].ssi_signo, text);
  }
  return line;
}

/* ---- Many descriptors ---- */

static const char *polled(struct step *s, int from, int masked) {
  struct pollfd fds[8];
  struct timespec t;
  int n = 0;
  long slots = value(s->argv[1]), r;
  for (int i = from; i + 1 < s->argc && n < 8; i += 2) fds[n++] = (struct pollfd){ value(s->argv[i]), value(s->argv[i + 1]), 0 };
  if (masked) {
    uint64_t set = 0;
    if (value(s->argv[2]) > 0) set = 1UL << (value(s->argv[2]) - 1);
    r = syscall(SYS_ppoll, fds, n, time_of(slots, &t), &set, 8);
  } else {
    r = syscall(SYS_poll, fds, n, ms_of(slots));
  }
  if (r < 0) return res(r);
  int at = snprintf(line, sizeof line, "%ld [", r);
  for (int i = 0; i < n; i++) at += snprintf(line + at, sizeof line - at, " %d:%x", fds[i].fd, fds[i].revents);
  snprintf(line + at, sizeof line - at, " ]");
  return line;
}

/* "0,1,2", or "-" for NULL. */
static fd_set *fds_of(const char *text, fd_set *set, int *most) {
  char copy[100], *rest = copy, *part;
  if (!strcmp(text, "-")) return NULL;
  FD_ZERO(set);
  snprintf(copy, sizeof copy, "%s", text);
  while ((part = strsep(&rest, ","))) {
    int fd = atoi(part);
    if (fd < 0 || fd >= FD_SETSIZE) { *most = -1; return set; }
    FD_SET(fd, set);
    if (*most >= 0 && fd >= *most) *most = fd + 1;
  }
  return set;
}

static int members(int at, fd_set *set) {
  at += snprintf(line + at, sizeof line - at, " [");
  for (int fd = 0; set && fd < FD_SETSIZE; fd++) if (FD_ISSET(fd, set)) at += snprintf(line + at, sizeof line - at, " %d", fd);
  return at + snprintf(line + at, sizeof line - at, " ]");
}

static const char *selected(struct step *s) {
  fd_set room[3], *sets[3];
  struct timespec t;
  int most = 0;
  for (int i = 0; i < 3; i++) sets[i] = fds_of(s->argv[2 + i], &room[i], &most);
  if (most < 0) return "-1 EINVAL";
  long r = syscall(SYS_pselect6, most, sets[0], sets[1], sets[2], time_of(value(s->argv[1]), &t), NULL);
  if (r < 0) return res(r);
  int at = snprintf(line, sizeof line, "%ld", r);
  for (int i = 0; i < 3; i++) at = members(at, sets[i]);
  return line;
}

static const char *epolled(int ep, int max, long slots) {
  struct epoll_event got[64];
  long r = syscall(SYS_epoll_wait, ep, got, max, ms_of(slots));
  if (r < 0) return res(r);
  int at = snprintf(line, sizeof line, "%ld [", r);
  for (int i = 0; i < r; i++) at += snprintf(line + at, sizeof line - at, " %d:%x", (int)got[i].data.u64, got[i].events);
  snprintf(line + at, sizeof line - at, " ]");
  return line;
}

/* ---- All of them ---- */

static long *offset_of(const char *text, long *room) {
  if (!strcmp(text, "null")) return NULL;
  *room = value(text);
  return room;
}

static const char *moved(long r, long *a, long *b) {
  if (r < 0) return res(r);
  int at = snprintf(line, sizeof line, "%ld", r);
  if (a) at += snprintf(line + at, sizeof line - at, " at %ld", *a);
  if (b) at += snprintf(line + at, sizeof line - at, " to %ld", *b);
  return line;
}

static const char *sockets(struct step *s, const char *w) {
  struct sockaddr_storage name;
  socklen_t size = sizeof name;
#define V(i) (s->argc > i ? value(s->argv[i]) : 0)
  if (IS(socket)) return res(syscall(SYS_socket, (int)V(1), (int)V(2), (int)V(3)));
  if (IS(socketpair)) {
    int fds[2];
    long r = syscall(SYS_socketpair, (int)V(1), (int)V(2), 0, fds);
    return r < 0 ? res(r) : say("%d %d", fds[0], fds[1]);
  }
  if (IS(bind)) { size = address(s->argv[2], &name); return res(syscall(SYS_bind, (int)V(1), &name, size)); }
  if (IS(connect)) { size = address(s->argv[2], &name); return res(syscall(SYS_connect, (int)V(1), &name, size)); }
  if (IS(listen)) return res(syscall(SYS_listen, (int)V(1), (int)V(2)));
  if (IS(accept4)) return res(syscall(SYS_accept4, (int)V(1), NULL, NULL, (int)V(2)));
  if (IS(send)) return res(syscall(SYS_sendto, (int)V(1), big, fill(0, s->argv[2], V(3)), (int)V(4), NULL, 0));
  if (IS(sendto)) {
    size = address(s->argv[5], &name);
    return res(syscall(SYS_sendto, (int)V(1), big, fill(0, s->argv[2], V(3)), (int)V(4), size ? &name : NULL, size));
  }
  if (IS(recv)) {
    memset(big, 0, V(2));                                    /* MSG_TRUNC leaves what was there */
    long r = syscall(SYS_recvfrom, (int)V(1), big, V(2), (int)V(3), NULL, NULL);
    return r > V(2) ? say("%ld in all", r) : data(r);
  }
  if (IS(recvfrom)) {
    memset(&name, 0, sizeof name);
    long r = syscall(SYS_recvfrom, (int)V(1), big, V(2), (int)V(3), &name, &size);
    if (r < 0) return res(r);
    data(r > V(2) ? V(2) : r);
    int at = strlen(line);
    snprintf(line + at, sizeof line - at, " from %s", address_name(&name, size));
    return line;
  }
  if (IS(sendmsg)) {                                          /* FD LETTER N FLAGS FDS… */
    char control[1100];
    struct iovec piece = { big, fill(0, s->argv[2], V(3)) };
    struct msghdr message = { .msg_iov = &piece, .msg_iovlen = 1 };
    struct cmsghdr *head = (void *)control;
    int count = s->argc - 5, *fds = (void *)CMSG_DATA(head);
    memset(control, 0, sizeof control);
    *head = (struct cmsghdr){ CMSG_LEN(4 * count), SOL_SOCKET, SCM_RIGHTS };
    for (int i = 0; i < count; i++) fds[i] = V(5 + i);
    message.msg_control = control;
    message.msg_controllen = CMSG_SPACE(4 * count);
    return res(syscall(SYS_sendmsg, (int)V(1), &message, (int)V(4)));
  }
  if (IS(recvmsg)) {                                          /* FD N ROOM FLAGS */
    char control[1100], told[400];
    struct iovec piece = { big, V(2) };
    struct msghdr message = { .msg_iov = &piece, .msg_iovlen = 1, .msg_control = V(3) ? control : NULL, .msg_controllen = V(3) };
    memset(big, 0, V(2));
    long r = syscall(SYS_recvmsg, (int)V(1), &message, (int)V(4));
    if (r < 0) return res(r);
    int at = snprintf(told, sizeof told, "%x {", message.msg_flags);
    for (struct cmsghdr *c = CMSG_FIRSTHDR(&message); c; c = CMSG_NXTHDR(&message, c))
      for (int i = 0; i < (int)(c->cmsg_len - CMSG_LEN(0)) / 4; i++) at += snprintf(told + at, sizeof told - at, " %d", ((int *)CMSG_DATA(c))[i]);
    data(r > V(2) ? V(2) : r);
    char bytes[300];
    snprintf(bytes, sizeof bytes, "%s", line);
    return say("%s } %s", told, bytes);
  }
  if (IS(shutdown)) return res(syscall(SYS_shutdown, (int)V(1), (int)V(2)));
  if (IS(getsockname) || IS(getpeername)) {
    memset(&name, 0, sizeof name);
    long r = syscall(IS(getsockname) ? SYS_getsockname : SYS_getpeername, (int)V(1), &name, &size);
    return r < 0 ? res(r) : say("%s", address_name(&name, size));
  }
  if (IS(getsockopt)) {
    int n = 0;
    size = sizeof n;
    long r = syscall(SYS_getsockopt, (int)V(1), (int)V(2), (int)V(3), &n, &size);
    if (r == 0 && V(3) == SO_ERROR && n) return say("%s", error_name(n));
    return res(r < 0 ? r : n);
  }
  if (IS(setsockopt)) { int n = V(4); return res(syscall(SYS_setsockopt, (int)V(1), (int)V(2), (int)V(3), &n, sizeof n)); }
  return NULL;
}

/* Until there is no more room, or nothing is left: how much that is, is another question. */
static const char *until_it_ends(struct step *s, int fills) {
  int before = 0;
  if (fills) memset(big, 'f', V(2));
  for (int i = 0; i < 4000; i++) {
    long n = fills ? syscall(SYS_write, (int)V(1), big, V(2)) : syscall(SYS_read, (int)V(1), big, 65536);
    if (n < 0 && fills) return say("%s then %s", before ? "some" : "nothing", error_name(errno));
    if (n <= 0 && !fills) {
      char end[40];
      snprintf(end, sizeof end, "%s", res(n));
      return say("%s then %s", before ? "some" : "nothing", end);
    }
    before = 1;
  }
  return "no end";
}

static const char *waiting(struct step *s, const char *w) {
  if (IS(fill) || IS(drain)) return until_it_ends(s, IS(fill));
  if (IS(poll)) return polled(s, 2, 0);
  if (IS(ppoll)) return polled(s, 3, 1);
  if (IS(select)) return selected(s);
  if (IS(epoll_create)) return res(syscall(SYS_epoll_create1, (int)V(1)));
  if (IS(epoll_ctl)) {
    struct epoll_event event = { V(4), { .u64 = V(3) } };
    return res(syscall(SYS_epoll_ctl, (int)V(1), (int)V(2), (int)V(3), &event));
  }
  if (IS(epoll_wait)) return epolled(V(1), V(2), V(3));
  if (IS(eventfd)) return res(syscall(SYS_eventfd2, (int)V(1), (int)V(2)));
  if (IS(evread)) {
    uint64_t n = 0;
    long r = syscall(SYS_read, (int)V(1), &n, 8);
    return r != 8 ? res(r) : n > 0x7fffffff ? "much" : say("%ld", (long)n);
  }
  if (IS(evwrite)) {
    uint64_t n = V(2);
    long r = syscall(SYS_write, (int)V(1), &n, 8);
    return r < 0 ? res(r) : "0";
  }
  if (IS(timerfd)) return res(syscall(SYS_timerfd_create, CLOCK_MONOTONIC, (int)V(1)));
  if (IS(timerfd_settime)) {
    struct itimerspec t = { { 0, 0 }, { 0, 0 } };
    time_of(V(2), &t.it_value);
    t.it_interval = (struct timespec){ V(3) * slot_ms / 1000, V(3) * slot_ms % 1000 * 1000000 };
    return res(syscall(SYS_timerfd_settime, (int)V(1), 0, &t, NULL));
  }
  return NULL;
}

static const char *signals(struct step *s, const char *w) {
  siginfo_t info;
  memset(&info, 0, sizeof info);
  if (IS(sigsuspend)) { uint64_t set = set_from(s, 1); return res(syscall(SYS_rt_sigsuspend, &set, 8)); }
  if (IS(sigwaitinfo)) { uint64_t set = set_from(s, 1); return taken(syscall(SYS_rt_sigtimedwait, &set, &info, NULL, 8), &info); }
  if (IS(sigtimedwait)) {
    uint64_t set = set_from(s, 2);
    struct timespec t;
    return taken(syscall(SYS_rt_sigtimedwait, &set, &info, time_of(V(1), &t), 8), &info);
  }
  if (IS(signalfd)) { uint64_t set = set_from(s, 3); return res(syscall(SYS_signalfd4, (int)V(1), &set, 8, (int)V(2))); }
  if (IS(sigread)) return signals_read(V(1), V(2));
  if (IS(sigqueue)) {
    for (int k = 0; k < ACTORS; k++) {
      if (!sh->pid[k] || sh->pid[k] != V(1)) continue;
      info.si_code = SI_QUEUE;
      info.si_pid = getpid();
      info.si_uid = getuid();
      info.si_int = V(3);
      return res(syscall(SYS_rt_sigqueueinfo, (int)V(1), (int)V(2), &info));
    }
    return "-1 ESRCH";
  }
  if (IS(setitimer)) {
    long first = ms_of(V(1)), every = V(2) * slot_ms;
    struct itimerval t = { { every / 1000, every % 1000 * 1000 }, { first / 1000, first % 1000 * 1000 } };
    return res(setitimer(ITIMER_REAL, &t, NULL));
  }
  if (IS(getown)) {
    struct f_owner_ex owner;
    long r = syscall(SYS_fcntl, (int)V(1), F_GETOWN_EX, &owner);
    return r < 0 ? res(r) : say("%s%s", owner.type == F_OWNER_PGRP && owner.pid ? "group of " : "", who(owner.pid));
  }
  if (IS(fioasync)) { int on = V(2); return res(syscall(SYS_ioctl, (int)V(1), FIOASYNC, &on)); }
  return NULL;
}

static const char *moving(struct step *s, const char *w) {
  long a, b;
  if (IS(mmapf)) {
    char *want = arena + V(1) * 4096;
    char *r = mmap(want, V(2) * 4096, V(3), MAP_FIXED | V(4), V(5), V(6));
    return r == MAP_FAILED ? res(-1) : r == want ? "ok" : "elsewhere";
  }
  if (IS(msync)) return res(syscall(SYS_msync, V(1), V(2), (int)V(3)));
  if (IS(sendfile)) {
    long *from = offset_of(s->argv[3], &a), r = syscall(SYS_sendfile, (int)V(1), (int)V(2), from, V(4));
    return moved(r, from, NULL);
  }
  if (IS(splice)) {
    long *from = offset_of(s->argv[2], &a), *to = offset_of(s->argv[4], &b);
    return moved(syscall(SYS_splice, (int)V(1), from, (int)V(3), to, V(5), (int)V(6)), from, to);
  }
  if (IS(tee)) return res(syscall(SYS_tee, (int)V(1), (int)V(2), V(3), (int)V(4)));
  if (IS(copy_file_range)) {
    long *from = offset_of(s->argv[2], &a), *to = offset_of(s->argv[4], &b);
    return moved(syscall(SYS_copy_file_range, (int)V(1), from, (int)V(3), to, V(5), (int)V(6)), from, to);
  }
  if (IS(flock)) return res(syscall(SYS_flock, (int)V(1), (int)V(2)));
  if (IS(lock)) {
    struct flock l = { V(3), V(4), V(5), V(6), 0 };
    long r = syscall(SYS_fcntl, (int)V(1), (int)V(2), &l);
    if (r < 0 || V(2) != F_GETLK && V(2) != F_OFD_GETLK) return res(r);
    return l.l_type == F_UNLCK ? "free" : say("%d %ld+%ld by %s", l.l_type, (long)l.l_start, (long)l.l_len, l.l_pid == -1 ? "a file" : who(l.l_pid));
  }
  return NULL;
}

static const char *run_io(struct step *s) {
  const char *w = s->argv[0], *text;
  if ((text = sockets(s, w)) || (text = waiting(s, w)) || (text = signals(s, w))) return text;
  return moving(s, w);
}

/* ---- A network and processes of one's own, so that runs side by side never meet and nothing stays behind ---- */

static void write_to(const char *path, const char *text) {
  int fd = open(path, O_WRONLY);
  if (fd >= 0) { if (write(fd, text, strlen(text)) < 0) {} close(fd); }
}

static void start_loopback(void) {
  struct ifreq loopback;
  memset(&loopback, 0, sizeof loopback);
  strcpy(loopback.ifr_name, "lo");
  loopback.ifr_flags = IFF_UP | IFF_RUNNING;
  int fd = socket(AF_INET, SOCK_DGRAM, 0);
  ioctl(fd, SIOCSIFFLAGS, &loopback);
  close(fd);
}

/* Goes on as process 1 of a new PID namespace, with a /proc that shows it; where that is not allowed, as before. */
static void own_processes(void) {
  enum { NOT_ALLOWED = 77 };
  int status, pid = syscall(SYS_clone, CLONE_NEWPID | CLONE_NEWNS | SIGCHLD, 0, 0, 0, 0);
  if (pid < 0) return;
  if (pid == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 || mount("proc", "/proc", "proc", 0, NULL) != 0) _exit(NOT_ALLOWED);
    return;
  }
  waitpid(pid, &status, 0);
  if (!WIFEXITED(status)) _exit(1);
  if (WEXITSTATUS(status) != NOT_ALLOWED) _exit(WEXITSTATUS(status));
}

/* Where a network is not allowed, ports that nobody has at the moment must do. */
static void own_namespaces(char **argv) {
  char map[60];
  int uid = getuid(), gid = getgid(), as_user = 0;
  if (unshare(CLONE_NEWNET) != 0) {
    if (unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0) return;
    as_user = 1;
    write_to("/proc/self/setgroups", "deny");
    snprintf(map, sizeof map, "%d %d 1", uid, uid);
    write_to("/proc/self/uid_map", map);
    snprintf(map, sizeof map, "%d %d 1", gid, gid);
    write_to("/proc/self/gid_map", map);
  }
  start_loopback();
  own_processes();
  if (as_user) {                               /* exec gives the rights up that came with the new user namespace */
    char *again[] = { argv[0], argv[1], argv[2], "ready", NULL };
    execv("/proc/self/exe", again);
  }
}

/* Four ports in a row for each sequence. */
static void choose_ports(int serial) {
  for (int tries = 0; tries < 100; tries++) {
    int fine = 1;
    first_port = 2000 + (serial * 4 + tries * 400) % 30000;
    for (int k = 0; k < 4; k++) {
      struct sockaddr_storage name;
      char text[3] = { 'w', (char)('0' + k), 0 };
      socklen_t size = address(text, &name);
      int fd = socket(AF_INET, SOCK_STREAM, 0);
      if (bind(fd, (struct sockaddr *)&name, size) != 0) fine = 0;
      close(fd);
    }
    if (fine) return;
  }
}
