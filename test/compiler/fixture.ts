/** Compiles texts against a small library of its own, so that these tests say the same whatever the real one has. */
import assert from 'node:assert/strict';
import { compileProgram, type Compiled, type CompileOptions } from '../../src/compiler/compile-program.js';
import { disassemble } from '../../src/compiler/disassemble.js';
import type { FunctionInfo, Image } from '../../src/compiler/image.js';
import { verifyImage } from '../../src/compiler/verify.js';
import { checkProgram } from '../../src/language/checks.js';
import { buildLibraryIndex } from '../../src/language/library.js';
import { loadKernel, loadProgram } from '../../src/language/names.js';

const BUILTINS = `extern fn text(buffer, n = null);
extern fn len(x);
extern fn push(list, x);
extern fn repeat(s, n);
extern fn format(pattern, ...args);
extern fn assert(condition, why = null);
extern fn __argument(i);
`;

const LIBC = `const O_RDONLY = 0;
const SEEK_SET = 0;
var errno = 0;
fn read(fd, buf, n) { return 0; }
fn open(path, flags, mode = 0o666 & ~0o22) { return 0; }
fn lseek(fd, offset, whence = SEEK_SET) { return 0; }
fn print(...values) { return 0; }
fn exit(code) { return code; }
fn mutex(kind = 0) { return kind; }
`;

const INTRINSICS = `kernel;
extern fn current();
extern fn spend(ticks);
`;

export const library = buildLibraryIndex([
  { path: 'std/builtins.osim', text: BUILTINS },
  { path: 'std/libc.osim', text: LIBC },
  { path: 'kernel/intrinsics.osim', text: INTRINSICS },
]);

/** Compiles a program; the image is verified, and the only errors are the compiler's own. */
export function compile(
  text: string,
  options: Partial<CompileOptions> & { others?: Record<string, string> } = {},
): Compiled {
  const { others = {}, ...rest } = options;
  const files: Record<string, string | undefined> = { 'file:///main.osim': text, ...others };
  const loaded =
    options.kind === 'kernel'
      ? loadKernel([{ uri: 'kernel:/a.osim', text: `kernel;\n${text}` }], library)
      : loadProgram('file:///main.osim', (uri) => files[uri], library);
  const errors = checkProgram(loaded, library).filter((problem) => problem.severity === 'error');
  assert.deepEqual(
    errors.map((problem) => problem.message),
    [],
  );
  const compiled = compileProgram(loaded, { kind: 'program', library, ...rest });
  assert.deepEqual(verifyImage(compiled.image), []);
  return compiled;
}

export function functionNamed(image: Image, name: string): FunctionInfo {
  const found = image.functions.find((f) => f.name === name);
  assert.ok(found, `no function ${name}`);
  return found;
}

/** The instructions of a function, with jump targets counted from its first. */
export function codeOf(image: Image, name: string): string[] {
  const { from, to } = functionNamed(image, name);
  return disassemble(image, from, to - from).map(({ text }) =>
    text.replace(/\s+/g, ' ').replace(/@(\d+)/, (_, target: string) => `@${Number(target) - from}`),
  );
}

/** The instructions that the statements of a function's body make, its parameters named in `parameters`. */
export function codeFor(body: string, parameters = '', declarations = ''): string[] {
  return codeOf(compile(`${declarations}\nfn f(${parameters}) { ${body} }`).image, 'f');
}
