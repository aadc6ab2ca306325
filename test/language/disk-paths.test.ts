/** The paths of declared files: each is laid where Linux would find it, or is told at its place; none is lost. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compile } from '../../src/computer/computer.js';
import { Machine } from '../../src/machine/machine.js';
import { checkProgram } from '../../src/language/checks.js';
import { diskPath } from '../../src/language/disk-path.js';
import { EMPTY_LIBRARY } from '../../src/language/library.js';
import { loadProgram } from '../../src/language/names.js';
import { computerFor, system } from '../system.js';

function problemsOf(text: string, others: Record<string, string> = {}): string[] {
  const files: Record<string, string> = { 'file:///main.osim': text, ...others };
  const loaded = loadProgram('file:///main.osim', (uri) => files[uri]);
  return checkProgram(loaded, EMPTY_LIBRARY).map(
    ({ uri, from, to, code, message }) =>
      `${uri.slice('file:///'.length)}:${from.line}:${from.column}-${to.column} ${code}: ${message}`,
  );
}

describe('Paths of declared files', () => {
  it('mean what they mean on Linux', () => {
    const same: [string, string][] = [
      ['/motd', '/motd'],
      ['//etc///motd', '/etc/motd'],
      ['/x/./y', '/x/y'],
      ['/a/../../b', '/b'],
      ['/a/b/../c', '/a/c'],
      ['/dev/../x', '/x'],
      ['/development/proc', '/development/proc'],
      ['/...', '/...'],
      [`/${'n'.repeat(255)}`, `/${'n'.repeat(255)}`],
      ['/\xff', '/\xff'],
    ];
    for (const [written, path] of same) assert.equal(diskPath(written), path, written);
  });

  it('that can be no file are told where they stand', () => {
    const wrong: [string, RegExp][] = [
      ['/dev', /1:6-12 bad-file-path: \/dev is the kernel's own/],
      ['/dev/tty', /\/dev is the kernel's own/],
      ['/dev/x', /\/dev is the kernel's own/],
      ['/x/../dev//null', /\/dev is the kernel's own/],
      ['dev/x', /\/dev is the kernel's own/],
      ['/proc', /\/proc is the kernel's own/],
      ['/proc/1/status', /1:6-22 bad-file-path: \/proc is the kernel's own/],
      ['/./proc/x', /\/proc is the kernel's own/],
      ['/etc', /\/etc is a directory that is always there/],
      ['/tmp', /\/tmp is a directory/],
      ['motd', /"motd" is not the path of a file/],
      ['./x', /is not the path of a file/],
      ['/', /is not the path of a file/],
      ['', /is not the path of a file/],
      ['.', /is not the path of a file/],
      ['/a/..', /is not the path of a file/],
      ['/a/', /is not the path of a file/],
      ['/a/.', /is not the path of a file/],
      ['/a\\0b', /zero byte/],
      [`/${'n'.repeat(256)}`, /has 256 bytes/],
      [`/${'n/'.repeat(2048)}x`, /This path has 4098 bytes/],
    ];
    for (const [written, says] of wrong) {
      const [problem, ...more] = problemsOf(`file "${written}" = "x";`);
      assert.match(problem ?? 'nothing is told', says, written);
      assert.deepEqual(more, []);
    }
  });

  it('that clash are told at the later of the two', () => {
    const clashes: [string, RegExp][] = [
      ['file "/a" = "1";\nfile "/a" = "2";', /2:6-10 duplicate-file: The file "\/a" is declared twice: in line 1, too/],
      ['file "/a" = "1";\nfile "/x/../a" = "2";', /2:6-15 duplicate-file/],
      [
        'file "/a" = "1";\nfile "/a/b" = "2";',
        /2:6-12 file-and-directory: "\/a\/b" can not be in "\/a": that is a file, .* line 1/,
      ],
      [
        'file "/a/b/c" = "1";\nfile "/a" = "2";',
        /2:6-10 file-and-directory: "\/a" is a directory already: "\/a\/b\/c" lies in it/,
      ],
    ];
    for (const [text, says] of clashes) {
      const found = problemsOf(text);
      assert.equal(found.length, 1, text);
      assert.match(found[0] ?? '', says);
    }
    assert.deepEqual(problemsOf('file "/a" = "1";\nfile "/ab/c" = "2";\nfile "/a.b" = "3";\nfile "/ab/d" = "4";'), []);
    // In the file that imports: there it can be mended, and there an editor shows it.
    const imported = problemsOf('import "./other.osim";\nfile "/a" = "1";', {
      'file:///other.osim': 'file "/a" = "2";',
    });
    assert.equal(imported.length, 1);
    assert.match(
      imported[0] ?? '',
      /^main\.osim:2:6-10 duplicate-file: .* declared twice: in file:\/\/\/other\.osim, line 1, too/,
    );
  });

  it('lead a program to its file by every spelling', () => {
    const written = ['/x/./y', '/a/../../b', '//c//d', '/e', '/f/g/../h', '/dev/../i', `/${'n'.repeat(255)}`];
    const files = written.map((path, i) => `file "${path}" = "${i}";`).join('\n');
    const reads = ['/x/y', '/b', '/c/d', '/e', '/f/h', '/i', `/${'n'.repeat(255)}`]
      .map((path) => `show("${path}");`)
      .join('\n');
    const computer = computerFor(`${files}
fn show(path) {
  let b = alloc(9);
  print(text(b, read(open(path, O_RDONLY), b, 9)));
}
process p {
  ${reads}
}`);
    assert.equal(computer.run().kind, 'finished');
    assert.equal(computer.machine.terminal.text(2), '0\n1\n2\n3\n4\n5\n6\n');
  });

  it('boot, however the image was made', () => {
    const uri = '/p.osim';
    const text = 'process p { let n = open("/dev/tty", O_RDWR); print(n, stat("/good").size); }';
    const { compiled } = compile(system(), { uri, read: (wanted) => (wanted === uri ? text : undefined) });
    assert.ok(compiled);
    const run = (paths: string[]): string => {
      const disk = [...paths, '/good'].map((path) => ({ path, content: 'abc' }));
      const machine = new Machine([system().kernel, system().library, { ...compiled.image, disk }], {
        seed: 0,
        cpus: 1,
        settings: {},
      });
      while (!machine.outcome) machine.run(1_000_000);
      assert.equal(machine.outcome.kind, 'finished', `${JSON.stringify(paths)}: ${machine.outcome.report.join('\n')}`);
      return machine.terminal.text(2);
    };
    const known = ['/dev', '/dev/tty', '/dev/tty/x', '/proc', '/proc/1/status', '/etc', '/', '', '.', '/tmp/'];
    for (const path of known) assert.equal(run([path]), '3 3\n', path);
    const part = fc.constantFrom('dev', 'proc', 'tty', '1', '.', '..', '', 'x', 'etc', '\0', 'n'.repeat(300));
    const paths = fc.array(
      fc.array(part, { maxLength: 4 }).map((parts) => parts.join('/')),
      { maxLength: 4 },
    );
    fc.assert(
      fc.property(paths, (some) => assert.equal(run(some), '3 3\n')),
      { numRuns: 60 },
    );
  });
});
