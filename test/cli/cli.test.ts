import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { Folder, type Outcome } from './command.js';
import { osimIn } from './in-process.js';
import { describePosix } from '../hosts.js';
import { kernelFolder } from '../kernel-file.js';

const HELLO =
  'param who = "world";\nprocess main { print("hello", who); }\nexpect stdout("main") == "hello world\\n", "it greets";\n';
const DEADLOCK = 'process main { let p = pipe(); let b = alloc(4); read(p[0], b, 4); }\n';

let folder: Folder;
const osim = (...words: string[]): Promise<Outcome> => osimIn(folder.path, ...words);

/** One line on standard error, no stack, and the status. */
function refused(outcome: Outcome, message: RegExp, status = 2): void {
  assert.equal(outcome.status, status, outcome.stderr);
  assert.match(outcome.stderr, message);
  assert.equal(outcome.stderr.trim().split('\n').length, 1, outcome.stderr);
  assert.doesNotMatch(outcome.stderr, /^\s+at /m);
}

describe('The command line', function () {
  this.timeout(60_000);

  before(() => {
    folder = new Folder({
      'hello.osim': HELLO,
      'deadlock.osim': DEADLOCK,
      'named.osim': `${DEADLOCK}expect outcome() == "deadlock";`,
      'loop.osim': 'process main { while (true) { compute(10); } }',
      'fault.osim': 'fn f(z) {\n  return 1 / z;\n}\nprocess main { f(0); }',
      'broken.osim': 'process main { print("x" }',
      'wrong.osim': `${HELLO}expect stat("context_switches") < 0, "never";\nexpect 1 == LIMIT;\nconst LIMIT = 2;`,
      'quiet/nothing.osim': 'fn f() { return 1; }',
      'words.txt': 'some words',
      'words.osim':
        'file "/w" from "./words.txt";\nprocess main { let b = alloc(20); print(text(b, read(open("/w", O_RDONLY), b, 20))); }',
      'secret.osim': 'file "/w" from "../secret.txt";\nprocess main { }',
      'linked.osim': 'file "/w" from "./link.txt";\nprocess main { }',
      'untidy.osim': 'process main{print( 1 );}\n',
    });
  });
  after(() => folder.remove());

  describe('run', () => {
    it('prints what the program prints, and a summary on standard error', () => {
      const { status, stdout, stderr } = folder.osim('run', 'hello.osim');
      assert.deepEqual([status, stdout], [0, 'hello world\n']);
      assert.match(stderr, /^finished at tick \d+, 1 process, .*\n1 expect met\n$/);
    });

    it('sets params, and says when an expect fails', async () => {
      const { status, stdout, stderr } = await osim('run', 'hello.osim', '--set', 'who=you');
      assert.deepEqual([status, stdout], [1, 'hello you\n']);
      assert.match(stderr, /line 3: expect stdout\("main"\) == .* failed; actual: "hello you\\n" \(it greets\)/);
    });

    it('prints one object with --json', async () => {
      const { status, stdout } = await osim('run', '--json', 'hello.osim');
      const run = JSON.parse(stdout) as Record<string, unknown>;
      assert.equal(status, 0);
      assert.equal(run['outcome'], 'finished');
      assert.deepEqual(run['expects'], [
        { text: 'stdout("main") == "hello world\\n"', ok: true, actual: 'hello world\n' },
      ]);
      const [main] = run['processes'] as Record<string, unknown>[];
      assert.deepEqual(
        [main?.['name'], main?.['ppid'], main?.['exitCode'], main?.['signal'], main?.['stdout']],
        ['main', 1, 0, null, 'hello world\n'],
      );
      for (const key of ['time', 'steps', 'stats', 'cpus']) assert.ok(key in run, key);
    });

    it('has a status for each way to end', async () => {
      const statuses = [
        ['deadlock.osim', 3],
        ['named.osim', 0],
        ['broken.osim', 2],
        ['wrong.osim', 1],
      ] as const;
      for (const [file, status] of statuses) assert.equal((await osim('run', file)).status, status, file);
      assert.equal((await osim('run', 'loop.osim', '--max-steps', '20000')).status, 5);
      assert.equal((await osim('run', 'loop.osim', '--max-ticks', '1000')).status, 5);
    });

    it('names the line at which a program went wrong', async () => {
      const { stderr } = await osim('run', 'fault.osim');
      assert.match(stderr, /^fault\.osim:2:10: main \(pid \d+\) was ended by SIGFPE: division by zero/);
    });

    it('is the same for the same seed', async () => {
      const run = (): Promise<Outcome> => osim('run', '--json', '--seed', '7', '--cpus', '2', 'hello.osim');
      assert.deepEqual(await run(), await run());
    });

    it('reads host files beside the program, and no others', async () => {
      assert.equal((await osim('run', 'words.osim')).stdout, 'some words\n');
      refused(await osim('run', 'secret.osim'), /secret\.osim:1:1: error: .*"\.\.\/secret\.txt" can not be used/);
    });

    describePosix('links', () => {
      it('do not lead to others', async () => {
        symlinkSync('/etc/hostname', join(folder.path, 'link.txt'));
        refused(await osim('run', 'linked.osim'), /outside of the program's folder|no such file/);
      });
    });
  });

  describe('mistakes in the command', () => {
    it('take one line, with a hint', async () => {
      refused(await osim('run', 'nope.osim'), /^osim: nope\.osim can not be read: there is no such file\.$/m);
      refused(await osim('run', '.'), /it is not a file/);
      refused(await osim('run', 'hello.osim', '--cpu', '2'), /unknown option '--cpu' \(Did you mean --cpus\?\)/);
      refused(await osim('run', 'hello.osim', '--cpus', '9'), /--cpus takes an integer from 1 to 8/);
      refused(await osim('run', 'hello.osim', '--seed', '-1'), /--seed takes an integer of at least 0/);
      refused(
        await osim('run', 'hello.osim', '--scheduler', 'best'),
        /`best` is no value for `scheduler`\. The choices are fifo, /,
      );
      refused(await osim('run', 'hello.osim', '--set', 'who'), /--set takes a name and a value/);
      refused(await osim('run', 'hello.osim', '--set', 'whom=x'), /no param `whom`\. Did you mean `who`\?/);
      refused(await osim('run', 'hello.osim', '--kernel', 'nowhere'), /kernel folder nowhere can not be read/);
      refused(await osim('trace', 'hello.osim', '--format', 'html'), /Allowed choices are text, strace, jsonl/);
      refused(await osim('trace', 'hello.osim', '-o', 'no/where'), /its folder does not exist/);
      refused(await osim('debug', '--port', 'x'), /--port takes/);
      refused(await osim('rum'), /unknown command 'rum' \(Did you mean run\?\)/);
    });
  });

  describe('run --stats', () => {
    it('prints copies by call; as JSON, they add up', async () => {
      const { stderr } = await osim('run', 'hello.osim', '--stats');
      assert.match(stderr, /^copies +DMA +to user +from user +in the kernel$/m);
      assert.match(stderr, /^write +· +· +1 \(12\) +·$/m);
      const { stats } = JSON.parse((await osim('run', 'hello.osim', '--json')).stdout) as {
        stats: Record<string, Record<string, Record<string, number>>>;
      };
      for (const [all, byCall] of [
        ['copies', 'copiesByCall'],
        ['bytesCopied', 'bytesCopiedByCall'],
      ] as const) {
        for (const [kind, count] of Object.entries(stats[all] ?? {})) {
          const sum = Object.values(stats[byCall] ?? {}).reduce((so, kinds) => so + (kinds[kind] ?? 0), 0);
          assert.equal(sum, count, `${all}.${kind}`);
        }
      }
    });
  });

  describe('check', () => {
    it('prints diagnostics and runs nothing', async () => {
      const { status, stdout, stderr } = await osim('check', 'broken.osim', 'hello.osim');
      assert.deepEqual([status, stdout], [2, '']);
      assert.match(stderr, /^broken\.osim:1:\d+: error: .*\n1 error\n$/);
      assert.equal((await osim('check', 'hello.osim')).status, 0);
    });
  });

  describe('test', () => {
    it('reports each expect; a file without a process passes', async () => {
      const { status, stdout } = await osim('test', 'hello.osim', 'wrong.osim', 'quiet');
      assert.equal(status, 1);
      assert.match(stdout, /✓ stdout\("main"\) == "hello world\\n" {2}\(it greets\)/);
      assert.match(stdout, /✗ stat\("context_switches"\) < 0 {2}\(never\)\n {6}line 4: actual: \d+/);
      assert.match(stdout, /✗ 1 == LIMIT\n {6}line 5: actual: 1/);
      assert.match(stdout, /quiet\/nothing\.osim\n {2}✓ compiles/);
      assert.match(stdout, /3 passed, 2 failed, in 3 files/);
    });

    it('says what else went wrong', async () => {
      const { status, stdout } = await osim('test', 'deadlock.osim');
      assert.equal(status, 1);
      assert.match(stdout, /the run ended with deadlock/);
      assert.equal((await osim('test', 'broken.osim')).status, 2);
    });

    it('writes JSON and JUnit', async () => {
      const result = JSON.parse((await osim('test', '--reporter', 'json', 'wrong.osim')).stdout) as Record<
        string,
        unknown
      >;
      assert.deepEqual([result['passed'], result['failed']], [1, 2]);
      const xml = (await osim('test', '--reporter', 'junit', 'wrong.osim')).stdout;
      assert.match(xml, /<testsuites tests="3" failures="2">/);
      assert.match(xml, /name="stat\(&quot;context_switches&quot;\) &lt; 0"/);
    });
  });

  describe('trace', () => {
    it('prints events, those that are asked for', async () => {
      const all = await osim('trace', 'hello.osim');
      assert.match(all.stdout, /cpu0 main\/2 +sys_enter: nr=1 name="write" pid=2/);
      const some = (await osim('trace', 'hello.osim', '--events', 'sched_*', '--format', 'jsonl')).stdout
        .trim()
        .split('\n');
      const names = new Set(some.map((line) => (JSON.parse(line) as { event: string }).event));
      assert.ok([...names].every((name) => name.startsWith('sched_')) && names.has('sched_switch'));
    });

    it('names the events that there were when none was meant', async () => {
      const { status, stdout, stderr } = await osim('trace', 'hello.osim', '--events', 'shed_*');
      assert.deepEqual([status, stdout], [0, '']);
      assert.match(stderr, /^osim: no event is called shed_\*\. This run had: .*sched_switch, .*sys_enter, sys_exit/);
    });

    it('names the coroutine for which the kernel works', async () => {
      folder.write('turns.osim', 'fn f() { getpid(); yield 1; }\nprocess p { getppid(); resume(coroutine(f)); }\n');
      const { stdout } = await osim('trace', 'turns.osim', '--syscalls');
      assert.match(stdout, /p\/2:f#1 +sys_enter: .*getpid/);
      assert.match(stdout, /p\/2 +sys_enter: .*getppid/);
      const lines = (await osim('trace', 'turns.osim', '--syscalls', '--format', 'jsonl')).stdout;
      assert.match(lines, /"task":"p","coroutine":"f#1","event":"sys_enter"/);
    });

    it('shows system calls as strace does', async () => {
      const { stdout } = await osim('trace', 'hello.osim', '--format', 'strace');
      assert.match(stdout, /^write\(1, "hello world\\n", 12\) += 12$/m);
      assert.match(stdout, /^\+\+\+ exited with 0 \+\+\+$/m);
    });

    it('writes a file whole, or leaves it alone', async () => {
      assert.equal((await osim('trace', 'hello.osim', '-o', 'out.txt')).status, 0);
      assert.match(readFileSync(join(folder.path, 'out.txt'), 'utf8'), /sched_switch/);
      assert.equal((await osim('trace', 'broken.osim', '-o', 'none.txt')).status, 2);
      assert.ok(!existsSync(join(folder.path, 'none.txt')));
      assert.ok(!readdirSync(folder.path).some((name) => name.endsWith('.part')));
    });
  });

  describe('fmt', () => {
    it('formats in place, or only says what is not formatted', async () => {
      assert.equal((await osim('fmt', '--check', 'untidy.osim')).status, 1);
      assert.equal((await osim('fmt', 'untidy.osim')).status, 0);
      assert.match(readFileSync(join(folder.path, 'untidy.osim'), 'utf8'), /^process main \{ ?\s*print\(1\);/);
      assert.equal((await osim('fmt', '--check', 'untidy.osim')).status, 0);
      assert.equal((await osim('fmt', 'broken.osim')).status, 2);
    });
  });

  describe('a kernel of one’s own', () => {
    it('is compiled on the spot', async () => {
      mkdirSync(join(folder.path, 'k'), { recursive: true });
      folder.write('k/note.osim', 'kernel;\nfn note() { return 1; }\n');
      assert.equal((await osim('run', 'hello.osim', '--kernel', 'k')).stdout, 'hello world\n');
      folder.write('k/note.osim', 'kernel;\nfn note() { return nothing; }\n');
      const { status, stderr } = await osim('run', 'hello.osim', '--kernel', 'k');
      assert.equal(status, 2);
      assert.match(stderr, /^k\/note\.osim:2:\d+: error: /);
    });

    it('may be a copy of the whole kernel, files in folders', async () => {
      cpSync(kernelFolder, join(folder.path, 'whole'), { recursive: true });
      const { stdout, stderr } = await osim('run', 'hello.osim', '--kernel', 'whole');
      assert.equal(stdout, 'hello world\n', stderr);
    });
  });
});
