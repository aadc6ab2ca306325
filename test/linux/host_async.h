/*
 * The words of host.c about asynchronous I/O: aio_* as glibc has them. The twins of prelude_async.osim. A control block has
 * a number, 0 to 3, and a buffer of its own. What POSIX leaves undefined is not asked: the result of an operation that is
 * under way, or was asked for before.
 */
#include <aio.h>

#define BLOCKS 4

static struct aiocb blocks[BLOCKS];
static char block_data[BLOCKS][16384];
static int block_state[BLOCKS];              /* 0: none; 1: a read or write was begun; its result was not asked for */

static int is_running(int k) { return block_state[k] && aio_error(&blocks[k]) == EINPROGRESS; }

static struct aiocb *block_of(struct step *s, int k, int sig_at) {
  struct aiocb *cb = &blocks[k];
  memset(cb, 0, sizeof *cb);
  cb->aio_fildes = V(2);
  cb->aio_buf = block_data[k];
  cb->aio_sigevent.sigev_notify = SIGEV_NONE;
  if (s->argc > sig_at && V(sig_at) > 0) {
    cb->aio_sigevent.sigev_notify = SIGEV_SIGNAL;
    cb->aio_sigevent.sigev_signo = V(sig_at);
  }
  return cb;
}

static const char *begun(int k, int r) {
  block_state[k] = r == 0;
  sh->threads = 1;
  return res(r);
}

static const char *run_async(struct step *s) {
  const char *w = s->argv[0];
  if (strncmp(w, "aio_", 4)) return NULL;
  int k = IS(aio_cancel) ? 0 : IS(aio_suspend) ? 0 : V(1) & (BLOCKS - 1);
  if (IS(aio_read)) {
    if (is_running(k)) return "busy";
    struct aiocb *cb = block_of(s, k, 5);
    cb->aio_nbytes = V(3);
    cb->aio_offset = V(4);
    return begun(k, aio_read(cb));
  }
  if (IS(aio_write)) {
    if (is_running(k)) return "busy";
    struct aiocb *cb = block_of(s, k, 6);
    cb->aio_nbytes = V(4);
    cb->aio_offset = V(5);
    memset(block_data[k], s->argv[3][0], V(4));
    return begun(k, aio_write(cb));
  }
  if (IS(aio_fsync)) {
    if (is_running(k)) return "busy";
    struct aiocb *cb = block_of(s, k, 9);
    return begun(k, aio_fsync(V(3), cb));
  }
  if (IS(aio_error)) {
    if (!block_state[k]) return "none";
    int e = aio_error(&blocks[k]);
    return e == 0 ? "0" : say("%s", error_name(e));
  }
  if (IS(aio_return)) {
    if (!block_state[k]) return "none";
    int e = aio_error(&blocks[k]);
    if (e == EINPROGRESS) return "in progress";
    block_state[k] = 0;
    long n = aio_return(&blocks[k]);
    if (e) errno = e;
    if (n > 0) memcpy(big, block_data[k], n);
    return data(e ? -1 : n);
  }
  if (IS(aio_suspend)) {
    const struct aiocb *list[BLOCKS];
    struct timespec t;
    int n = 0;
    for (int i = 2; i < s->argc && n < BLOCKS; i++) {
      if (block_state[V(i) & (BLOCKS - 1)]) list[n++] = &blocks[V(i) & (BLOCKS - 1)];
    }
    return n == 0 ? "none" : res(aio_suspend(list, n, time_of(V(1), &t)));
  }
  if (IS(aio_cancel)) {
    if (strcmp(s->argv[2], "null") && !block_state[V(2) & (BLOCKS - 1)]) return "none";
    int r = aio_cancel(V(1), strcmp(s->argv[2], "null") ? &blocks[V(2) & (BLOCKS - 1)] : NULL);
    return r == AIO_CANCELED ? "canceled" : r == AIO_NOTCANCELED ? "not canceled" : r == AIO_ALLDONE ? "all done" : res(r);
  }
  return NULL;
}
