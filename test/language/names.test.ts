import assert from 'node:assert';
import path from 'node:path';
import type { AstNode } from 'langium';
import { walk } from '../../src/language/ast-walk.js';
import { checkProgram } from '../../src/language/checks.js';
import { buildLibraryIndex, libraryView, signatureOf } from '../../src/language/library.js';
import type { Binding } from '../../src/language/bindings.js';
import { loadKernel, loadLibrary, loadProgram } from '../../src/language/names.js';
import { rangeOf } from '../../src/language/parse.js';
import { resolvePath } from '../../src/language/imports.js';
import { LIBRARY, load, places, problemsOf } from './fixture.js';
import { COST_SETS } from '../../src/machine/costs.js';
import { COST_NAMES } from '../../src/language/settings.js';
import { PROMISED_CALLS } from '../../src/language/calls.js';
import { kernelFile, kernelPaths } from '../kernel-file.js';
import { system } from '../system.js';
import { closest } from '../../src/language/suggest.js';

/** `name@line` to what it means, in the order of the text. */
function meanings(text: string, others: Record<string, string> = {}): string[] {
  const loaded = load(text, others);
  const found: string[] = [];
  walk(loaded.entry.ast, (node) => {
    if (node.$type !== 'NameRef') return;
    found.push(
      `${(node as AstNode & { name: string }).name}@${rangeOf(node).from.line} ${shown(loaded.bindings.get(node))}`,
    );
  });
  return found;
}

function shown(binding: Binding | undefined): string {
  if (!binding) return 'nothing';
  if (binding.kind === 'library') return `library ${binding.entry.kind}`;
  return `${binding.kind} ${rangeOf(binding.declaration).from.line}`;
}

describe('names', () => {
  it('mean the innermost declaration that is visible', () => {
    const text = `var x = 0;
fn f(a) {
  print(x, a);
  let x = x;
  { let x = a; print(x); }
  for (let a = 0; a < 1; a++) { print(a); }
  for (x in a) print(x);
  print(x, a);
}`;
    assert.deepStrictEqual(meanings(text), [
      'print@3 library fn',
      'x@3 global 1',
      'a@3 local 2',
      'x@4 global 1',
      'a@5 local 2',
      'print@5 library fn',
      'x@5 local 5',
      'a@6 local 6',
      'a@6 local 6',
      'print@6 library fn',
      'a@6 local 6',
      'a@7 local 2',
      'print@7 library fn',
      'x@7 local 7',
      'print@8 library fn',
      'x@8 local 4',
      'a@8 local 2',
    ]);
  });

  it('of every kind of declaration are told apart', () => {
    const text = `process p { print(c, E, ONE, q, g, f, errno, EAGAIN, len, S2 { a: 1 }); }
const c = 1; enum E { ONE } param q = 1; var g; fn f() { } struct S2 { a; }`;
    assert.deepStrictEqual(meanings(text).slice(1), [
      'c@1 constant 2',
      'E@1 enum 2',
      'ONE@1 constant 2',
      'q@1 param 2',
      'g@1 global 2',
      'f@1 function 2',
      'errno@1 library global',
      'EAGAIN@1 library const',
      'len@1 library extern',
    ]);
    assert.deepStrictEqual(places(problemsOf(text)), []);
  });

  it('of the program come before those of the library', () => {
    const text = 'fn read(a) { return a; }\nprocess p { let n = read(1); print(n); }';
    assert.ok(meanings(text).includes('read@2 function 1'));
    assert.deepStrictEqual(places(problemsOf(text)), ['1:4 shadows-library']);
  });

  it('that are private to libc are not there for programs', () => {
    assert.deepStrictEqual(places(problemsOf('process p { _trap(1); }')), ['1:13 undeclared-name']);
  });

  it('are reported once in each declaration', () => {
    assert.deepStrictEqual(places(problemsOf('fn f() { zz = 1; zz = 2; }\nfn g() { zz = 3; }')), [
      '1:10 undeclared-name',
      '2:10 undeclared-name',
    ]);
  });
});

describe('imports', () => {
  it('bring in everything but processes and expects, through cycles too', () => {
    const others = {
      './b.osim':
        'import "./main.osim";\nimport "./lib/c.osim";\nfn b() { return main_fn() + c(); }\nprocess hidden { }\nparam n = 2;\nexpect stdout("hidden") == "";',
      './lib/c.osim': 'import "../b.osim";\nfn c() { return n; }\nprogram prog(a) { }',
    };
    const text =
      'import "./b.osim";\nfn main_fn() { return 1; }\nprocess hidden { print(b(), c(), n); spawn("prog"); }';
    assert.deepStrictEqual(places(problemsOf(text, others)), []);
    assert.deepStrictEqual(
      load(text, others).files.map((file) => file.uri),
      ['file:///lesson/main.osim', 'file:///lesson/b.osim', 'file:///lesson/lib/c.osim'],
    );
  });

  it('make only what they reach visible', () => {
    const others = { './a.osim': 'fn a() { return b(); }', './b.osim': 'fn b() { return 1; }' };
    const problems = problemsOf('import "./a.osim";\nimport "./b.osim";\nprocess p { print(a(), b()); }', others);
    assert.deepStrictEqual(
      problems.map((problem) => [problem.uri, problem.code]),
      [['file:///lesson/a.osim', 'undeclared-name']],
    );
  });

  it('that clash are told where', () => {
    const [problem] = problemsOf('import "./b.osim";\nfn f() { }', { './b.osim': '\nconst f = 1;' });
    assert.strictEqual(problem?.code, 'name-clash');
    assert.match(problem.message, /main\.osim, line 2/);
  });

  it('lead where their paths say', () => {
    const from = 'file:///lesson/dir/main.osim';
    const paths: [string, string | undefined][] = [
      ['./a.osim', 'file:///lesson/dir/a.osim'],
      ['../a.osim', 'file:///lesson/a.osim'],
      ['./x/../a.osim', 'file:///lesson/dir/a.osim'],
      ['std/loop', 'std:/loop.osim'],
      ['std/loop.osim', 'std:/loop.osim'],
      ['a.osim', undefined],
      ['/etc/a.osim', undefined],
    ];
    for (const [path, uri] of paths) assert.strictEqual(resolvePath(path, from), uri, path);
    assert.strictEqual(resolvePath('./a.osim', 'examples/b.osim'), 'examples/a.osim');
    assert.strictEqual(resolvePath('./a.osim', 'b.osim'), 'a.osim');
    assert.strictEqual(resolvePath('../a.osim', 'b.osim'), '../a.osim');
  });

  it('of the library are read from the library', () => {
    const read = (uri: string): string | undefined =>
      ({
        'm.osim': 'import "std/loop";\nprocess p { run_loop(); }',
        'std:/loop.osim': 'fn run_loop() { return _trap(1); }',
      })[uri];
    const loaded = loadProgram('m.osim', read, LIBRARY);
    assert.deepStrictEqual(places(checkProgram(loaded, LIBRARY)), []);
  });

  it('of a missing file are one problem, even where the entry is missing', () => {
    assert.deepStrictEqual(places(loadProgram('m.osim', () => undefined, LIBRARY).problems), []);
  });
});

describe('kernel files', () => {
  it('share one name space, see intrinsics, and not libc', () => {
    const loaded = loadKernel(
      [
        { uri: 'a.osim', text: 'kernel;\nstruct Task { pid; }\nfn a() { spend(1); b(); read(1, 2, 3); }' },
        { uri: 'b.osim', text: 'kernel;\nfn b() { a(); return Task { pid: EAGAIN }; }' },
      ],
      LIBRARY,
    );
    assert.deepStrictEqual(places(checkProgram(loaded, LIBRARY)), ['3:25 libc-in-kernel']);
  });

  it('may be opened alone, with the kernel in the library index', () => {
    const library = buildLibraryIndex([
      { path: 'src/kernel/proc/task.osim', text: 'kernel;\n// A task.\nstruct Task { pid; }\nfn enqueue(t) { }' },
    ]);
    const text = 'kernel;\nfn pick() { enqueue(Task { pid: 1 }); }';
    const loaded = loadProgram('mine.osim', () => text, library);
    assert.deepStrictEqual(places(checkProgram(loaded, library)), []);
    assert.deepStrictEqual(
      places(
        checkProgram(
          loadProgram('p.osim', () => 'process p { enqueue(1); }', library),
          library,
        ),
      ),
      ['1:13 undeclared-name'],
    );
  });
});

describe('a copy of a kernel file, opened alone', () => {
  const { libraryIndex } = system();
  const told = (text: string) =>
    checkProgram(
      loadProgram('copy.osim', () => text, libraryIndex),
      libraryIndex,
    ).map(({ message }) => message);

  it('is checked as kernel code at once: nothing is wrong with it', () => {
    // One of each folder: a whole folder's files use the same names.
    const folders = new Map(kernelPaths.map((file) => [path.dirname(file), file]));
    for (const file of folders.values()) {
      assert.deepStrictEqual(told(kernelFile(path.basename(file)).text), [], file);
    }
  });

  it('and a slip in it is told', () => {
    const text = `${kernelFile('sched.osim').text}\nfn slip() { return enqeue_task(1); }\n`;
    assert.match(told(text).join('\n'), /^There is no function `enqeue_task`\.$/);
  });
});

describe('the library index', () => {
  const user = libraryView(LIBRARY).user;

  it("knows of each error when it comes, another function's among them", () => {
    const text = `// Reads.
// Errors: EINTR, EINVAL (n is negative), ELOOP (as open() says, or "x"),
// Errors: ENOSYS
fn a() {}
// Reads too.
// Errors: those of a(), EINVAL (too many)
fn b() {}
// Never fails.
// Errors: none
fn c() {}
// Errors: a bad buffer raises SIGSEGV
fn d() {}`;
    const view = libraryView(buildLibraryIndex([{ path: 'std/x.osim', text }])).user;
    const told = (name: string): string[] | undefined =>
      view.get(name)?.doc?.errors?.map((error) => `${error.name}: ${error.when ?? ''}`);
    const interrupted = 'EINTR: a signal came first, and its handler ran';
    const loop = 'ELOOP: as open() says, or "x"';
    assert.deepStrictEqual(told('a'), [interrupted, 'EINVAL: n is negative', loop, 'ENOSYS: ']);
    assert.deepStrictEqual(told('b'), [interrupted, 'EINVAL: too many', loop, 'ENOSYS: ']);
    assert.deepStrictEqual(told('c'), []);
    assert.strictEqual(told('d'), undefined);
  });

  it('has parameters, documentation, values and places', () => {
    const read = user.get('read');
    assert.ok(read);
    assert.strictEqual(signatureOf(read), 'read(fd, buf, n)');
    assert.deepStrictEqual(read.doc, {
      summary: 'Reads up to n bytes into a buffer.',
      details: 'More about it.',
      errors: [
        { name: 'EAGAIN', when: 'it would have to wait, and O_NONBLOCK forbids it' },
        { name: 'EBADF', when: 'the descriptor is not open, or not open for this' },
      ],
      blocks: 'yes',
      kernel: 'fs/read.osim',
      returns: 'bytes read; 0 at the end',
    });
    assert.deepStrictEqual([read.file, read.line, read.column], ['src/std/libc.osim', 17, 4]);
    assert.deepStrictEqual([user.get('THIRD')?.value, user.get('O_NONBLOCK')?.value], [6, 0x800]);
    assert.strictEqual(user.get('EAGAIN')?.doc?.summary, 'Resource temporarily unavailable');
    assert.deepStrictEqual([user.get('print')?.minArity, user.get('print')?.maxArity], [0, undefined]);
    assert.deepStrictEqual([user.get('write')?.minArity, user.get('write')?.maxArity], [2, 3]);
  });

  it('survives JSON unchanged', () => assert.deepStrictEqual(JSON.parse(JSON.stringify(LIBRARY)), LIBRARY));

  it('keeps private names to the library and intrinsics to the kernel', () => {
    assert.strictEqual(user.has('_trap'), false);
    assert.strictEqual(user.has('spend'), false);
    assert.strictEqual(libraryView(LIBRARY).kernel.has('spend'), true);
    assert.strictEqual(libraryView(LIBRARY).kernel.has('read'), false);
    const loaded = loadLibrary([{ uri: 'x.osim', text: 'fn f() { return _trap(1); }' }], LIBRARY);
    assert.deepStrictEqual(places(checkProgram(loaded, LIBRARY)), []);
  });
});

describe('settings of single costs', () => {
  it('are those of the machine', () =>
    assert.deepStrictEqual([...COST_NAMES].sort(), Object.keys(COST_SETS.teaching ?? {}).sort()));
});

describe('promised calls', () => {
  it('each have a signature and a summary', () => {
    assert.ok(PROMISED_CALLS.size > 150);
    for (const call of PROMISED_CALLS.values()) {
      assert.match(call.signature, /^\w+\(.*\)$/);
      assert.match(call.summary, /\.$/);
    }
  });

  it('that are missing are a warning, and the program may still run', () => {
    const problems = problemsOf('process p { let b = barrier(4); print(b); }');
    assert.deepStrictEqual(
      problems.map(({ severity, code }) => [severity, code]),
      [['warning', 'not-yet']],
    );
    assert.match(problems[0]?.message ?? '', /ENOSYS/);
  });
});

describe('closest', () => {
  it('finds slips of the finger, and nothing far-fetched', () => {
    assert.strictEqual(closest('prnt', ['print', 'fprint']), 'print');
    assert.strictEqual(closest('cuont', ['count', 'cost']), 'count');
    assert.strictEqual(closest('PRINT', ['print']), 'print');
    assert.strictEqual(closest('x', ['y', 'z']), undefined);
    assert.strictEqual(closest('zebra', ['print', 'count']), undefined);
  });
});
