/*
 * The words of host.c about terminals and job control, the twins of prelude_tty.osim. A sequence that begins with "tty"
 * has a pseudo terminal of its own: the coordinator keeps the keyboard's end and types, whatever the actors do; the first
 * actor opens the other end and so gets it as its session's controlling terminal.
 */
#include <poll.h>
#include <termios.h>

#define TTY_FLAGS (ISIG | ICANON | NOFLSH | TOSTOP)

static int keyboard = -1, screen = -1;         /* the coordinator's */
static char tty_name[64];

static void open_terminal(void) {
  int number = 0, unlock = 0;
  keyboard = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
  if (keyboard < 0 || ioctl(keyboard, TIOCSPTLCK, &unlock) != 0 || ioctl(keyboard, TIOCGPTN, &number) != 0) _exit(3);
  snprintf(tty_name, sizeof tty_name, "/dev/pts/%d", number);
  screen = open(tty_name, O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (screen < 0) _exit(3);
}

static long read_screen(void) {
  char shown[4096];
  long n, all = 0;
  while ((n = read(keyboard, shown, sizeof shown)) > 0) all += n;
  return all;
}

/*
 * "ab$" is ab and Enter, "^Z" Ctrl-Z. The terminal echoes, and echo comes after all else that a character does: that is how
 * we know that it is over. What is not echoed has that long anyway.
 */
static void type(const char *text) {
  char keys[128];
  int n = 0, echo = 0;
  for (; *text; text++) {
    if (*text == '^') keys[n] = *++text == '?' ? 127 : *text & 31;
    else keys[n] = *text == '$' ? '\n' : *text;
    if (keys[n] == 127 || keys[n] == 21 || keys[n] == 4) {}
    else echo += *(unsigned char *)&keys[n] < 32 ? 2 : 1;
    n++;
  }
  read_screen();
  if (write(keyboard, keys, n) != n) _exit(3);
  struct pollfd look = { screen, POLLIN, 0 };
  poll(&look, 1, 0);                           /* waits for the line discipline, if there is nothing to read yet */
  for (int tries = 0; tries < 40; tries++) {
    echo -= read_screen();
    if (echo <= 0) break;
    usleep(250);
  }
  usleep(300);
}

static const char *set_attributes(int fd, unsigned set, int vmin) {
  struct termios t;
  if (ioctl(fd, TCGETS, &t) != 0) return res(-1);
  if (vmin >= 0) t.c_cc[VMIN] = vmin;
  else t.c_lflag = (t.c_lflag & ~TTY_FLAGS) | set;
  return res(syscall(SYS_ioctl, fd, TCSETS, &t));
}

static const char *run_tty(struct step *s) {
  const char *w = s->argv[0];
  if (IS(tty)) return res(open(tty_name, O_RDWR));
  if (IS(opentty)) return res(open("/dev/tty", V(1)));
  if (IS(tcgetpgrp)) { int n = 0; long r = syscall(SYS_ioctl, (int)V(1), TIOCGPGRP, &n); return r < 0 ? res(r) : who(n); }
  if (IS(tcsetpgrp)) { int n = V(2); return res(syscall(SYS_ioctl, (int)V(1), TIOCSPGRP, &n)); }
  if (IS(tcgetsid)) { int n = 0; long r = syscall(SYS_ioctl, (int)V(1), TIOCGSID, &n); return r < 0 ? res(r) : who(n); }
  if (IS(getsid)) return res_who(syscall(SYS_getsid, (int)V(1)));
  if (IS(lflag)) return set_attributes(V(1), V(2), -1);
  if (IS(vmin)) return set_attributes(V(1), 0, V(2));
  if (IS(getlflag)) {
    struct termios t;
    long r = syscall(SYS_ioctl, (int)V(1), TCGETS, &t);
    return res(r < 0 ? r : (long)(t.c_lflag & TTY_FLAGS));
  }
  if (IS(ctty)) return res(syscall(SYS_ioctl, (int)V(1), TIOCSCTTY, V(2)));
  if (IS(notty)) return res(syscall(SYS_ioctl, (int)V(1), TIOCNOTTY, 0));
  if (IS(tcflush)) return res(syscall(SYS_ioctl, (int)V(1), TCFLSH, V(2)));
  return NULL;
}

static const struct name tty_constants[] = {
  N(O_NOCTTY), N(ISIG), N(ICANON), N(NOFLSH), N(TOSTOP), N(TCIFLUSH), N(TCOFLUSH), N(TCIOFLUSH),
};
