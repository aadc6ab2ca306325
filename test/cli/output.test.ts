/** What the command line writes: to the file that is meant, whole or not at all; and what it does when it can not. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  linkSync,
  lstatSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeLinux } from '../hosts.js';
import { Folder } from './command.js';
import { osimIn } from './in-process.js';

const osim = fileURLToPath(new URL('../../bin/osim.cjs', import.meta.url));
const UNTIDY = 'process main {print(1);}\n';
const TIDY = 'process main { print(1); }\n';
const ENDLESS = 'process p {\n  log("begun");\n  while (true) { getpid(); }\n}\n';
const LOUD = 'process p { for (let i = 0; i < 20000; i++) { print("line", i); } }\n';

describeLinux('The command line: what it writes', function () {
  this.timeout(60_000);
  let folder: Folder;
  const at = (name: string): string => path.join(folder.path, name);
  const textOf = (name: string): string => readFileSync(at(name), 'utf8');
  beforeEach(() => (folder = new Folder({ 'main.osim': TIDY, 'untidy.osim': UNTIDY })));
  afterEach(() => folder.remove());

  it('goes through links to the file itself, which keeps its mode, its owner and its other names', async () => {
    symlinkSync('untidy.osim', at('link.osim'));
    symlinkSync('link.osim', at('chain.osim'));
    chmodSync(at('untidy.osim'), 0o640);
    const isRoot = process.getuid?.() === 0;
    if (isRoot) chownSync(at('untidy.osim'), 1234, 1234);
    assert.equal((await osimIn(folder.path, 'fmt', 'chain.osim')).status, 0);
    assert.deepEqual([readlinkSync(at('link.osim')), readlinkSync(at('chain.osim'))], ['untidy.osim', 'link.osim']);
    assert.equal(textOf('untidy.osim'), TIDY);
    const { mode, uid } = statSync(at('untidy.osim'));
    assert.equal(mode & 0o7777, 0o640);
    if (isRoot) assert.equal(uid, 1234);

    folder.write('one.osim', `// A longer text, so that the file becomes shorter.\n\n\n\n\n\n${UNTIDY}`);
    linkSync(at('one.osim'), at('two.osim'));
    const { ino } = statSync(at('one.osim'));
    assert.equal((await osimIn(folder.path, 'fmt', 'one.osim')).status, 0);
    assert.equal(statSync(at('one.osim')).ino, ino);
    assert.equal(textOf('two.osim'), `// A longer text, so that the file becomes shorter.\n\n${TIDY}`);

    symlinkSync('made.txt', at('nowhere.txt'));
    assert.equal((await osimIn(folder.path, 'trace', 'main.osim', '-o', 'nowhere.txt')).status, 0);
    assert.equal(readlinkSync(at('nowhere.txt')), 'made.txt');
    assert.match(textOf('made.txt'), /sched_switch/);
    assert.ok(!readdirSync(folder.path).some((name) => name.includes('.part')));
  });

  it('loses no byte that is no text', async () => {
    const bytes = Buffer.from('// Gr\xfc\xdfe\nprocess p {print("\xff");}\n', 'latin1');
    writeFileSync(at('latin.osim'), bytes);
    for (const options of [[], ['--check']]) {
      const { status, stderr } = await osimIn(folder.path, 'fmt', ...options, 'latin.osim', 'untidy.osim');
      assert.equal(status, 2);
      assert.match(stderr, /^latin\.osim:1:6: error: This is not text in UTF-8\. Save the file as UTF-8/);
    }
    assert.deepEqual(readFileSync(at('latin.osim')), bytes);
    assert.equal(textOf('untidy.osim'), TIDY);
  });

  it('goes to a pipe or a device, and never takes its place', async () => {
    spawnSync('mkfifo', [at('pipe')]);
    for (const words of [
      ['trace', 'main.osim', '-o', 'pipe'],
      ['test', 'main.osim', '--reporter', 'junit', '-o', 'pipe'],
    ]) {
      const reader = spawn('cat', [at('pipe')]);
      const read = new Promise<string>((resolve) => {
        let text = '';
        reader.stdout.on('data', (chunk) => (text += String(chunk)));
        reader.on('close', () => resolve(text));
      });
      assert.equal((await osimIn(folder.path, ...words)).status, 0);
      assert.match(await read, /sched_switch|<testsuites/);
      assert.ok(lstatSync(at('pipe')).isFIFO());
    }
    symlinkSync('/dev/null', at('null'));
    assert.equal((await osimIn(folder.path, 'trace', 'main.osim', '-o', 'null')).status, 0);
    assert.ok(statSync('/dev/null').isCharacterDevice() && lstatSync(at('null')).isSymbolicLink());
    const full = await osimIn(folder.path, 'trace', 'main.osim', '-o', '/dev/full');
    assert.deepEqual([full.status, full.stderr], [2, 'osim: /dev/full can not be written: the disk is full.\n']);
    // Standard output is a file here: what else is written to it must stay.
    const command = `{ echo before; "${process.execPath}" "${osim}" test main.osim -o /dev/stdout; echo after; } > all.txt`;
    spawnSync('sh', ['-c', command], { cwd: folder.path });
    assert.match(textOf('all.txt'), /^before\nmain\.osim\n[^]*1 passed, 0 failed, in 1 file\nafter\n$/);
  });

  it('says why a file can not be written, and leaves everything as it was', async () => {
    symlinkSync('round', at('round'));
    const cases: [string, RegExp][] = [
      ['no/where.txt', /^osim: no\/where\.txt can not be written: its folder does not exist\.$/m],
      ['.', /^osim: \. can not be written: it is a folder\.$/m],
      ['new/', /^osim: new\/ can not be written: it is a folder\.$/m],
      ['round', /^osim: round can not be written: its links go round in a circle\.$/m],
      ['n'.repeat(300), /can not be written: its name is too long\.$/m],
      ['main.osim/x', /can not be written: a part of its path is not a folder\.$/m],
    ];
    for (const [name, says] of cases) {
      const { status, stderr } = await osimIn(folder.path, 'trace', 'main.osim', '-o', name);
      assert.equal(status, 2, name);
      assert.match(stderr, says);
    }
    if (process.getuid?.() !== 0) {
      chmodSync(at('untidy.osim'), 0o444);
      assert.match((await osimIn(folder.path, 'fmt', 'untidy.osim')).stderr, /access is not allowed/);
      chmodSync(at('untidy.osim'), 0o644);
      chmodSync(folder.path, 0o555);
      assert.match((await osimIn(folder.path, 'fmt', 'untidy.osim')).stderr, /no file can be made in its folder/);
      chmodSync(folder.path, 0o755);
    }
    // A file that can not become as large as the trace: half of it must not be there.
    folder.write('loud.osim', LOUD);
    folder.write('out.txt', 'before\n');
    const limited = `ulimit -f 8; exec "${process.execPath}" "${osim}" trace loud.osim -o out.txt`;
    const { status, stderr } = spawnSync('bash', ['-c', limited], { cwd: folder.path, encoding: 'utf8' });
    assert.equal(status, 2, stderr);
    assert.match(stderr, /^osim: out\.txt can not be written: it has grown too large\.$/m);
    assert.equal(textOf('out.txt'), 'before\n');
    assert.deepEqual(readdirSync(folder.path).sort(), ['loud.osim', 'main.osim', 'out.txt', 'round', 'untidy.osim']);
  });

  it('leaves nothing behind when it is interrupted', async () => {
    folder.write('endless.osim', ENDLESS);
    folder.write('out.txt', 'before\n');
    const files = readdirSync(folder.path).sort();
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGKILL'] as const) {
      const command = spawn(process.execPath, [osim, 'trace', 'endless.osim', '-o', 'out.txt'], { cwd: folder.path });
      const ended = new Promise((resolve) => command.on('close', (_status, by) => resolve(by)));
      await new Promise((resolve) => command.stderr.once('data', resolve));
      command.kill(signal);
      assert.equal(await ended, signal);
      assert.deepEqual(readdirSync(folder.path).sort(), files);
      assert.equal(textOf('out.txt'), 'before\n');
    }
  });
});

describe('The command line: trouble of the host’s', function () {
  this.timeout(60_000);
  let folder: Folder;
  before(() => (folder = new Folder({ 'loud.osim': LOUD, 'main.osim': TIDY })));
  after(() => folder.remove());
  const at = (name: string): string => path.join(folder.path, name);

  /** Runs a line of bash in which `osim` is ours. */
  const bash = (line: string): { status: number | null; stdout: string; stderr: string } =>
    spawnSync('bash', ['-c', `osim() { "${process.execPath}" "${osim}" "$@"; }; ${line}`], {
      cwd: folder.path,
      encoding: 'utf8',
    });

  it('ends a command quietly when nobody reads its output any more', () => {
    for (const command of ['run loud.osim', 'trace loud.osim', 'trace --format jsonl loud.osim']) {
      const { stdout, stderr } = bash(`osim ${command} | head -1 > first; echo "\${PIPESTATUS[0]}"`);
      assert.deepEqual([stdout, stderr], ['141\n', ''], command);
    }
    // Here it is standard error that nobody reads.
    const { stdout } = bash('osim run loud.osim 2>&1 > /dev/null | true; echo "${PIPESTATUS[0]}"');
    assert.match(stdout, /^(141|0)\n$/);
  });

  it('ends a server quietly when its client has gone', () => {
    const dap = { seq: 1, type: 'request', command: 'initialize', arguments: { adapterID: 'osim' } };
    const lsp = { jsonrpc: '2.0', id: 1, method: 'initialize', params: { rootUri: null, capabilities: {} } };
    const servers: [string, object, number[]][] = [
      ['debug', dap, [0]],
      ['lsp', lsp, [0, 141]],
    ];
    for (const [name, message, statuses] of servers) {
      const text = JSON.stringify(message);
      writeFileSync(at(`${name}.txt`), `Content-Length: ${text.length}\r\n\r\n${text}`);
      // The server is there before it is spoken to, and its client is gone by then.
      const line = `{ sleep 0.5; cat ${name}.txt; sleep 0.5; } | osim ${name} | true; echo "\${PIPESTATUS[1]}"`;
      const { stdout, stderr } = bash(line);
      assert.ok(statuses.includes(Number(stdout)), stdout);
      assert.equal(stderr, '');
    }
  });

  it('is one line when the disk is full, and no panic', () => {
    const commands = ['run loud.osim', 'run --json main.osim', 'trace loud.osim', 'test main.osim', 'run --help'];
    for (const command of commands) {
      const { status, stderr } = bash(`osim ${command} > /dev/full`);
      assert.equal(status, 2, command);
      assert.equal(stderr, 'osim: Standard output can not be written: the disk is full.\n', command);
    }
    const { status, stdout } = bash('osim run main.osim 2> /dev/full');
    assert.deepEqual([status, stdout], [0, '1\n']);
    assert.equal(bash('osim run nowhere.osim 2> /dev/full').status, 2);
  });

  it('is no matter when standard output or standard error is closed', () => {
    assert.match(bash('osim run main.osim >&-').stderr, /^finished at tick/);
    assert.deepEqual([bash('osim run main.osim 2>&-').status, bash('osim run nope.osim 2>&-').status], [0, 2]);
    assert.equal(bash('osim run main.osim <&- >&- 2>&-').status, 0);
  });
});

describe('The command line: texts of programs in messages', function () {
  this.timeout(60_000);
  const HOSTILE = 'a\\e[31mred\\nforged.osim:1:1: error: \\u202ebidi \\x9b é';
  const SHOWN = 'a\\x1b[31mred\\nforged.osim:1:1: error: \\u202ebidi';
  let folder: Folder;
  before(() => {
    folder = new Folder({
      'texts.osim': `process p {
  log("log ${HOSTILE}");
  print("raw \\e[0m\\x9b\\u202e");
  assert(false, "why ${HOSTILE}");
}
expect stdout("p") == "", "expect ${HOSTILE}";
expect term_signal("p") == SIGABRT;
`,
    });
  });
  after(() => folder.remove());

  /** Control characters other than the end of a line, and those that turn text round. */
  const HIDDEN = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/; // eslint-disable-line no-control-regex

  it('show what they have, and do nothing to the terminal', async () => {
    const { stdout, stderr } = await osimIn(folder.path, 'run', 'texts.osim');
    assert.ok(stdout.startsWith('raw \x1b[0m') && stdout.endsWith('\n'), 'its own output is as it is');
    assert.doesNotMatch(stderr, HIDDEN);
    for (const word of ['log', 'why', 'expect']) assert.ok(stderr.includes(`${word} ${SHOWN}`), stderr);
    assert.doesNotMatch(stderr, /^forged/m);
  });

  it('are text, not bytes: an é is an é', async () => {
    folder.write('e.osim', 'process p { log("größe"); assert(1 == 2, "größe"); }\nexpect 1 == 2, "größe";\n');
    const { stderr } = await osimIn(folder.path, 'run', 'e.osim');
    assert.equal(stderr.split('größe').length, 4, stderr);
  });

  it('do no harm in any report', async () => {
    const reports = [
      ['test'],
      ['test', '--reporter', 'junit'],
      ['test', '--reporter', 'json'],
      ['run', '--json'],
      ['trace'],
      ['trace', '--format', 'strace'],
      ['trace', '--format', 'jsonl'],
    ];
    for (const words of reports) {
      const { stdout, stderr } = await osimIn(folder.path, ...words, 'texts.osim');
      assert.doesNotMatch(stdout, HIDDEN, words.join(' '));
      assert.doesNotMatch(stderr, HIDDEN, words.join(' '));
    }
    const { files } = JSON.parse((await osimIn(folder.path, 'test', '--reporter', 'json', 'texts.osim')).stdout) as {
      files: { expects: { why: string }[] }[];
    };
    assert.match(files[0]?.expects[0]?.why ?? '', /^expect a\x1b\[31mred\nforged/); // eslint-disable-line no-control-regex
  });

  it('of names of files are shown, too', async () => {
    const name = 'a\x1b[2J\nb.osim';
    folder.write(name, 'process p { prnt(1); }\n');
    for (const words of [['check'], ['run'], ['test'], ['fmt'], ['trace', '-o', 'no\x1b/where']]) {
      const { stdout, stderr } = await osimIn(folder.path, ...words, name);
      assert.doesNotMatch(stdout + stderr, HIDDEN, words.join(' '));
      if (words[0] !== 'fmt') assert.ok((stdout + stderr).includes('a\\x1b[2J\\nb.osim'), words.join(' '));
    }
  });
});
