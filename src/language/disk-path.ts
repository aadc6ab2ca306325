/**
 * Paths of declared files, `file "/etc/motd" = …;`: which file each means, as Linux takes paths, and which can be none.
 */

/** Linux's bounds, bytes. The zero byte at the end of a path counts. */
const NAME_MAX = 255;
const PATH_MAX = 4096;

/** What the kernel makes at boot. In the first two it alone makes files; the others are directories to put files in. */
const KERNELS_OWN: ReadonlySet<string> = new Set(['dev', 'proc']);
const ALWAYS_THERE: ReadonlySet<string> = new Set(['etc', 'home', 'tmp']);

export interface PathFault {
  readonly message: string;
  readonly hint: string;
}

/** The path without `.`, `..` and slashes that mean nothing; or what is wrong with it. Both are bytes. */
export function diskPath(written: string): string | PathFault {
  if (written.includes('\0')) {
    return { message: 'A path ends at its first zero byte: no file has a name with one.', hint: 'Remove the `\\0`.' };
  }
  if (written.length >= PATH_MAX) {
    return { message: `This path has ${written.length} bytes.`, hint: `A path has at most ${PATH_MAX - 1}.` };
  }
  const parts = written.split('/');
  const long = parts.find((part) => part.length > NAME_MAX);
  if (long !== undefined) {
    return { message: `A name in this path has ${long.length} bytes.`, hint: `A name has at most ${NAME_MAX}.` };
  }
  const names: string[] = [];
  for (const part of parts) {
    if (part === '..') names.pop();
    else if (part !== '' && part !== '.') names.push(part);
  }
  return placeFault(names) ?? formFault(written, parts) ?? `/${names.join('/')}`;
}

function placeFault([first, ...rest]: readonly string[]): PathFault | null {
  if (first === undefined) return null;
  if (KERNELS_OWN.has(first)) {
    return {
      message: `/${first} is the kernel's own: no file can be laid there.`,
      hint: 'Choose another, such as /tmp.',
    };
  }
  if (rest.length > 0 || !ALWAYS_THERE.has(first)) return null;
  return { message: `/${first} is a directory that is always there.`, hint: `Name a file in it: "/${first}/file".` };
}

function formFault(written: string, parts: readonly string[]): PathFault | null {
  const last = parts[parts.length - 1] ?? '';
  if (written.startsWith('/') && last !== '' && last !== '.' && last !== '..') return null;
  return {
    message: `"${written}" is not the path of a file on the simulated disk: such a path starts with / and names a file.`,
    hint: `For example "/${written.replace(/^[./]+|[./]+$/g, '') || 'data'}".`,
  };
}
