/*
 * The words of host.c about mappings that move, advice, files in memory and chance: the twins of prelude_mapping.osim.
 */
#include <sys/random.h>

static const char *run_mapping(struct step *s) {
  const char *w = s->argv[0];
  if (IS(mremap)) {
    long r = syscall(SYS_mremap, V(1), V(2), V(3), (int)V(4), V(5)), place = r - (long)arena;
    if (r == -1) return res(-1);
    return place >= 0 && place < 16 * 4096 ? say("m%ld", place) : "elsewhere";
  }
  if (IS(madvise)) return res(syscall(SYS_madvise, V(1), V(2), (int)V(3)));
  if (IS(memfd)) return res(syscall(SYS_memfd_create, s->argv[1], (unsigned)V(2)));
  if (IS(getrandom)) return res(syscall(SYS_getrandom, V(1), V(2), (unsigned)V(3)));
  if (IS(opened)) {
    char path[40];
    snprintf(path, sizeof path, "/proc/self/fd/%ld", V(1));
    long n = syscall(SYS_readlink, path, big, 4096);
    if (n < 0) return res(n);
    return strncmp(big, "/memfd:", 7) && strncmp(big, "/dev/", 5) ? "another" : say("%.*s", (int)n, big);
  }
  return NULL;
}

static const struct name mapping_constants[] = {
  N(MREMAP_MAYMOVE), N(MREMAP_FIXED), N(MREMAP_DONTUNMAP), N(MADV_NORMAL), N(MADV_RANDOM), N(MADV_SEQUENTIAL),
  N(MADV_WILLNEED), N(MADV_DONTNEED), N(MADV_FREE), N(MFD_CLOEXEC), N(GRND_NONBLOCK), N(GRND_RANDOM), N(GRND_INSECURE),
};
