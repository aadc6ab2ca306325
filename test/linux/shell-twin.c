/* The C twin of examples/shell.osim: the same system calls in the same order, so that what `strace -f` shows of it on a
 * real Linux can be compared with `osim trace --format strace`. See strace-twin.test.ts.
 *
 * One binary under three names: it is cat, wc or the shell, whichever it is called. Paths are opened without their
 * leading "/", so that the test can put an etc/motd of its own into the directory that it runs in. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int cat(const char *path) {
  int fd = path == NULL ? STDIN_FILENO : open(path + 1, O_RDONLY);
  char buf[512];
  ssize_t n;
  while ((n = read(fd, buf, 512)) > 0) write(STDOUT_FILENO, buf, n);
  return n;
}

static int wc(void) {
  char buf[512];
  int lines = 0, bytes = 0;
  ssize_t n;
  while ((n = read(STDIN_FILENO, buf, 512)) > 0) {
    bytes += n;
    for (ssize_t i = 0; i < n; i++) lines += buf[i] == '\n';
  }
  int length = snprintf(buf, sizeof buf, "%d %d\n", lines, bytes);
  write(STDOUT_FILENO, buf, length);
  return 0;
}

static int split(char *line, const char *separator, char **parts) {
  int n = 0;
  for (char *part = strtok(line, separator); part != NULL; part = strtok(NULL, separator)) parts[n++] = part;
  parts[n] = NULL;
  return n;
}

static void redirect(int fd, int target) {
  if (fd != target) {
    dup2(fd, target);
    close(fd);
  }
}

static void run(char *line) {
  char *commands[16], *words[16];
  pid_t children[16];
  int count = split(line, "|", commands);
  int input = STDIN_FILENO;
  for (int i = 0; i < count; i++) {
    int last = i == count - 1;
    int ends[2] = {-1, STDOUT_FILENO};
    if (!last) pipe(ends);
    children[i] = fork();
    if (children[i] == 0) {
      redirect(input, STDIN_FILENO);
      redirect(ends[1], STDOUT_FILENO);
      if (!last) close(ends[0]);
      split(commands[i], " ", words);
      execv(words[0], words);
      exit(127);
    }
    if (input != STDIN_FILENO) close(input);
    if (!last) close(ends[1]);
    input = ends[0];
  }
  for (int i = 0; i < count; i++) {
    int status;
    waitpid(children[i], &status, 0);
  }
}

int main(int argc, char **argv) {
  if (strcmp(argv[0], "cat") == 0) return cat(argc > 1 ? argv[1] : NULL);
  if (strcmp(argv[0], "wc") == 0) return wc();
  char buf[129];
  ssize_t n;
  while ((n = read(STDIN_FILENO, buf, 128)) > 0) {
    buf[n - 1] = 0;
    run(buf);
  }
  return 0;
}
