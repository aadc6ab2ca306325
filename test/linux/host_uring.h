/*
 * The words of host.c about io_uring: one ring a process, by the kernel's own interface. The twins of prelude_uring.osim.
 * A request has a number, which is its user data, and a buffer of its own.
 */
#include <linux/io_uring.h>

static const struct name uring_constants[] = {
  N(IORING_OP_NOP), N(IORING_OP_READ), N(IORING_OP_WRITE), N(IORING_OP_READV), N(IORING_OP_SEND), N(IORING_OP_RECV), N(IORING_OP_POLL_ADD),
  N(IORING_OP_POLL_REMOVE), N(IORING_OP_TIMEOUT), N(IORING_OP_TIMEOUT_REMOVE), N(IORING_OP_LINK_TIMEOUT),
  N(IORING_OP_ASYNC_CANCEL), N(IORING_OP_CLOSE), N(IOSQE_IO_LINK), N(IOSQE_IO_HARDLINK), N(IOSQE_IO_DRAIN),
  N(IOSQE_CQE_SKIP_SUCCESS),
};

static struct io_uring_params ring_params;
static unsigned char *ring_at;
static struct io_uring_sqe *ring_sqes;
static int ring_fd = -1;
static char ring_data[64][8192];
static struct iovec ring_vectors[64][2];
static struct __kernel_timespec never = { 100000, 0 };

#define RING_WORD(offset) ((unsigned *)(ring_at + (offset)))

static const char *ring_setup(int entries) {
  memset(&ring_params, 0, sizeof ring_params);
  ring_fd = syscall(SYS_io_uring_setup, entries, &ring_params);
  if (ring_fd < 0) return res(ring_fd);
  int size = ring_params.sq_off.array + ring_params.sq_entries * 4;
  ring_at = mmap(0, size, PROT_READ | PROT_WRITE, MAP_SHARED, ring_fd, IORING_OFF_SQ_RING);
  ring_sqes = mmap(0, ring_params.sq_entries * 64, PROT_READ | PROT_WRITE, MAP_SHARED, ring_fd, IORING_OFF_SQES);
  for (unsigned i = 0; i < ring_params.sq_entries; i++) RING_WORD(ring_params.sq_off.array)[i] = i;
  return res(ring_fd);
}

/* OP FD N DATA FLAGS ARG: what ARG means depends on the operation. */
static const char *ring_prep(struct step *s) {
  if (ring_fd < 0) return "no ring";
  unsigned *tail = RING_WORD(ring_params.sq_off.tail), *head = RING_WORD(ring_params.sq_off.head);
  if (*tail - *head >= ring_params.sq_entries) return "full";
  struct io_uring_sqe *e = &ring_sqes[*tail & (ring_params.sq_entries - 1)];
  int op = V(1), n = V(3), k = V(4);
  memset(e, 0, sizeof *e);
  e->opcode = op;
  e->fd = V(2);
  e->user_data = k;
  e->flags = V(5);
  if (op == IORING_OP_READ || op == IORING_OP_WRITE || op == IORING_OP_SEND || op == IORING_OP_RECV) {
    if (op == IORING_OP_WRITE || op == IORING_OP_SEND) memset(ring_data[k & 63], 'u', n);
    e->addr = (long)ring_data[k & 63];
    e->len = n;
    e->msg_flags = V(6);
  }
  if (op == IORING_OP_READV) {
    ring_vectors[k & 63][0] = (struct iovec){ ring_data[k & 63], n };
    ring_vectors[k & 63][1] = (struct iovec){ ring_data[k & 63] + n, n };
    e->addr = (long)ring_vectors[k & 63];
    e->len = 2;
    e->off = -1;
  }
  if (op == IORING_OP_POLL_ADD) e->poll32_events = V(6);
  if (op == IORING_OP_TIMEOUT || op == IORING_OP_LINK_TIMEOUT) {
    e->addr = (long)&never;
    e->len = 1;
    e->off = n;
  }
  if (op == IORING_OP_TIMEOUT_REMOVE || op == IORING_OP_POLL_REMOVE || op == IORING_OP_ASYNC_CANCEL) e->addr = V(6);
  __atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
  return "ok";
}

/* Gives other tasks of the kernel a moment. It must not sleep: who sleeps counts as blocked. */
static void look_around(void) {
  struct timespec from, now;
  clock_gettime(CLOCK_MONOTONIC, &from);
  do clock_gettime(CLOCK_MONOTONIC, &now);
  while ((now.tv_sec - from.tv_sec) * 1000000000L + now.tv_nsec - from.tv_nsec < 1000000);
}

static int by_number(const void *a, const void *b) {
  return (int)((struct io_uring_cqe *)a)->user_data - (int)((struct io_uring_cqe *)b)->user_data;
}

/* Hands so many in, and says what has come out, by their numbers: Linux posts what fails later than what succeeds at once. */
static const char *ring_enter(int n) {
  if (ring_fd < 0) return "no ring";
  long r = syscall(SYS_io_uring_enter, ring_fd, n, 0, 0, NULL, 0);
  int at = snprintf(line, sizeof line, "%ld [", r);
  for (int tries = 0; tries < 2; tries++) {
    syscall(SYS_io_uring_enter, ring_fd, 0, 0, IORING_ENTER_GETEVENTS, NULL, 0);
    if (tries == 0) look_around();
  }
  unsigned *head = RING_WORD(ring_params.cq_off.head), *tail = RING_WORD(ring_params.cq_off.tail);
  struct io_uring_cqe *cqes = (void *)(ring_at + ring_params.cq_off.cqes);
  struct io_uring_cqe told[128];
  int count = 0;
  for (; *head != __atomic_load_n(tail, __ATOMIC_ACQUIRE); (*head)++) told[count++] = cqes[*head & (ring_params.cq_entries - 1)];
  qsort(told, count, sizeof *told, by_number);
  for (struct io_uring_cqe *c = told; c < told + count; c++) {
    at += c->res < 0 ? snprintf(line + at, sizeof line - at, " %d:%s", (int)c->user_data, error_name(-c->res))
                     : snprintf(line + at, sizeof line - at, " %d:%d", (int)c->user_data, c->res);
  }
  snprintf(line + at, sizeof line - at, " ]");
  return line;
}

static const char *run_uring(struct step *s) {
  const char *w = s->argv[0];
  if (IS(uring_setup)) return ring_setup(V(1));
  if (IS(uring_prep)) return ring_prep(s);
  if (IS(uring_enter)) return ring_enter(V(1));
  return NULL;
}
