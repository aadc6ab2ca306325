/*
 * The words of host.c about paths at open directories, flags of open, and holes in files: the twins of prelude_at.osim.
 */
static const char *run_at(struct step *s) {
  const char *w = s->argv[0], *B = s->argv[2];
  if (IS(openat)) return res(syscall(SYS_openat, (int)V(1), B, (int)V(3), (int)V(4)));
  if (IS(mkdirat)) return res(syscall(SYS_mkdirat, (int)V(1), B, (int)V(3)));
  if (IS(mkfifoat)) return res(syscall(SYS_mknodat, (int)V(1), B, (int)V(3) | S_IFIFO, 0));
  if (IS(unlinkat)) return res(syscall(SYS_unlinkat, (int)V(1), B, (int)V(3)));
  if (IS(symlinkat)) return res(syscall(SYS_symlinkat, s->argv[1], (int)V(2), s->argv[3]));
  if (IS(readlinkat)) {
    long n = syscall(SYS_readlinkat, (int)V(1), B, big, 4096);
    return n < 0 ? res(n) : say("%.*s", (int)n, big);
  }
  if (IS(linkat)) return res(syscall(SYS_linkat, (int)V(1), B, (int)V(3), s->argv[4], (int)V(5)));
  if (IS(renameat2)) return res(syscall(SYS_renameat2, (int)V(1), B, (int)V(3), s->argv[4], (int)V(5)));
  if (IS(fstatat)) {
    struct stat st;
    return attributes(fstatat(V(1), B, &st, V(3)), &st);
  }
  if (IS(access)) return res(syscall(SYS_access, s->argv[1], (int)V(2)));
  if (IS(faccessat)) return res(syscall(SYS_faccessat2, (int)V(1), B, (int)V(3), (int)V(4)));
  if (IS(fchmod)) return res(syscall(SYS_fchmod, (int)V(1), (int)V(2)));
  if (IS(fchmodat)) return res(syscall(452 /* fchmodat2 */, (int)V(1), B, (int)V(3), (int)V(4)));
  if (IS(fchdir)) return res(syscall(SYS_fchdir, (int)V(1)));
  if (IS(fallocate)) return res(syscall(SYS_fallocate, (int)V(1), (int)V(2), V(3), V(4)));
  if (IS(preadv)) {
    struct iovec v[2] = { { big, V(2) }, { big + V(2), V(3) } };
    return data(syscall(SYS_preadv, (int)V(1), v, 2, V(4), 0));
  }
  if (IS(pwritev)) {
    struct iovec v[2] = { { big, V(3) }, { big + V(3), V(4) } };
    fill(0, B, V(3) + V(4));
    return res(syscall(SYS_pwritev, (int)V(1), v, 2, V(5), 0));
  }
  return NULL;
}

static const struct name at_constants[] = {
  N(O_PATH), N(O_TMPFILE), N(O_NOATIME), N(O_SYNC), N(O_DSYNC), N(O_ASYNC), N(AT_FDCWD), N(AT_SYMLINK_NOFOLLOW),
  N(AT_SYMLINK_FOLLOW), N(AT_REMOVEDIR), N(AT_EMPTY_PATH), N(AT_EACCESS), N(RENAME_NOREPLACE), N(RENAME_EXCHANGE),
  N(R_OK), N(W_OK), N(X_OK), N(F_OK), N(SEEK_DATA), N(SEEK_HOLE), N(FALLOC_FL_KEEP_SIZE), N(FALLOC_FL_PUNCH_HOLE),
};
