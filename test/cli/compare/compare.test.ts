import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Folder, type Outcome } from '../command.js';
import { osimIn } from '../in-process.js';

const WAITS =
  'param n = 1;\nprocess main { for (let i = 0; i < n; i++) { sleep(100); } }\nexpect outcome() == "finished";\n';
const osimPath = fileURLToPath(new URL('../../../bin/osim.cjs', import.meta.url));

interface Table {
  runs: {
    title: string;
    file: string;
    set: Record<string, string>;
    cpus: number;
    costs: string;
    scheduler: string;
    runs: number;
    outcome: string;
    figures: Record<string, number>;
    spread?: Record<string, [number, number]>;
  }[];
}

describe('osim compare', function () {
  this.timeout(120_000);
  let folder: Folder;

  before(() => {
    folder = new Folder({
      'one.osim': WAITS,
      'two.osim': 'process main { compute(50); }\nprocess other { compute(50); }',
      'pair.osim': 'process main { let p = pipe(); let b = alloc(4); read(p[0], b, 4); }',
      'broken.osim': 'process main { print("x" }',
      'empty.osim': 'fn f() { return 1; }',
      'jitter.osim': 'machine { quantum = 10; }\nprocess a { compute(500); }\nprocess b { compute(500); }',
      'endless.osim': 'process main { while (true) { compute(10); } }',
    });
  });
  after(() => folder.remove());

  const compare = (...words: string[]): Promise<Outcome> => osimIn(folder.path, 'compare', ...words);
  const table = async (...words: string[]): Promise<Table> => {
    const { status, stdout, stderr } = await compare('--json', ...words);
    assert.equal(status, 0, stderr);
    return JSON.parse(stdout) as Table;
  };

  it('prints a table of programs', async () => {
    const { status, stdout } = await compare('one.osim', 'two.osim');
    assert.equal(status, 0);
    assert.match(stdout, /^ +one +two\n/);
    assert.match(stdout, /\n {2}outcome +finished +finished\n/);
    assert.match(stdout, /\n {2}context switches +\d+ +\d+\n/);
  });

  it('runs one program under every combination of options', async () => {
    const { runs } = await table('one.osim', '--set', 'n=1,2', '--cpus', '1', '--cpus', '2', '--costs', 'none,linux');
    assert.deepEqual(
      runs.map(({ title }) => title),
      ['n=1', 'n=2'].flatMap((n) =>
        [1, 2].flatMap((cpus) => ['none', 'linux'].map((costs) => `${n} cpus=${cpus} ${costs}`)),
      ),
    );
    assert.deepEqual([runs[0]?.figures['time'], runs[4]?.figures['time']], [100, 200]);
    assert.deepEqual(
      runs.map(({ cpus }) => cpus),
      [1, 1, 2, 2, 1, 1, 2, 2],
    );
  });

  it('says what the figures of a run are, as `osim run --json` has them', async () => {
    const { runs } = await table('two.osim', '--scheduler', 'fifo,rr', '--costs', 'teaching');
    const alone = await osimIn(folder.path, 'run', '--json', 'two.osim', '--scheduler', 'rr');
    const { time, stats } = JSON.parse(alone.stdout) as { time: number; stats: Record<string, number> };
    assert.equal(runs[1]?.figures['time'], time);
    assert.equal(runs[1]?.figures['contextSwitches'], stats['contextSwitches']);
    assert.deepEqual(
      runs.map(({ scheduler }) => scheduler),
      ['fifo', 'rr'],
    );
  });

  it('has medians and the spread of several seeds', async () => {
    const { runs } = await table('jitter.osim', '--seed', '0..6');
    const [run] = runs;
    assert.equal(run?.runs, 7);
    const [least = 0, most = 0] = run?.spread?.['contextSwitches'] ?? [];
    const median = run?.figures['contextSwitches'] ?? -1;
    assert.ok(least < most && least <= median && median <= most, JSON.stringify(run));
    const again = await table('jitter.osim', '--seed', '0..6', '--jobs', '1');
    assert.deepEqual(again.runs, runs, 'in whatever process a run is made');
  });

  it('tells what can not be run, and shows the others', async () => {
    const { status, stdout, stderr } = await compare('one.osim', 'broken.osim', 'nowhere.osim', 'empty.osim');
    assert.equal(status, 2);
    assert.match(stdout, /^ +one\n/);
    assert.match(stderr, /osim: broken\.osim:1:\d+: error: /);
    assert.match(stderr, /osim: nowhere\.osim can not be read: /);
    assert.match(stderr, /osim: empty\.osim has no process/);
  });

  it('tells which program has no such param', async () => {
    const { status, stdout, stderr } = await compare('one.osim', 'two.osim', '--set', 'n=3');
    assert.equal(status, 2);
    assert.match(stdout, /^ +one\n/);
    assert.match(stderr, /osim: two\.osim:.*\bn\b/);
  });

  it('prints nothing when nothing could be run', async () => {
    const { status, stdout } = await compare('broken.osim');
    assert.deepEqual([status, stdout], [2, '']);
  });

  it('tells of runs that did not end well, and has their status', async () => {
    const { status, stdout, stderr } = await compare('one.osim', 'pair.osim');
    assert.equal(status, 3);
    assert.match(stdout, /outcome +finished +deadlock/);
    assert.match(stderr, /^osim: pair\.osim: deadlock; /m);
    const limited = await compare('endless.osim', '--max-steps', '10_000');
    assert.equal(limited.status, 5, limited.stderr);
  });

  it('refuses what makes no sense', async () => {
    const wrong: [RegExp, ...string[]][] = [
      [/no costs? |choices are teaching/, 'one.osim', '--costs', 'free'],
      [/scheduler/, 'one.osim', '--scheduler', 'rr,nobody'],
      [/--cpus takes an integer from 1 to 8/, 'one.osim', '--cpus', '1,9'],
      [/--seed takes/, 'one.osim', '--seed', '5..1'],
      [/--set takes a name/, 'one.osim', '--set', 'n'],
      [/runs; 10000 at most/, 'one.osim', '--seed', '0..9999', '--cpus', '1,2'],
      [/cannot be used/, 'one.osim', '--json', '--csv'],
      [/missing required argument/],
    ];
    for (const [message, ...words] of wrong) {
      const { status, stderr, stdout } = await compare(...words);
      assert.deepEqual([status, stdout], [2, ''], words.join(' '));
      assert.match(stderr, message);
      assert.equal(stderr.trim().split('\n').length, 1, stderr);
    }
  });

  it('writes CSV and Markdown', async () => {
    const csv = await compare('--csv', 'one.osim', '--set', 'n=1,2');
    const [head = '', first = ''] = csv.stdout.split('\n');
    assert.match(head, /^file,n,scheduler,cpus,costs,runs,outcome,time,/);
    assert.match(first, /^one\.osim,1,rr,1,teaching,1,finished,\d+,/);
    const md = await compare('--md', 'one.osim');
    assert.match(md.stdout, /^\| {2}\| one \|\n\| --- \| ---: \|\n/);
  });

  it('keeps what is done when Ctrl-C is typed', async () => {
    const words = [osimPath, 'compare', '--jobs', '1', 'one.osim', 'endless.osim', 'two.osim'];
    const child = spawn(process.execPath, words, {
      cwd: folder.path,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    let [stdout, stderr, typed] = ['', '', false];
    child.stdout.on('data', (data) => void (stdout += String(data)));
    // The second program does not end: as soon as it runs, the first one's result is there.
    child.stderr.on('data', (data) => {
      stderr += String(data);
      if (typed || !/1 of 3 runs done/.test(stderr)) return;
      typed = true;
      process.kill(-(child.pid ?? 0), 'SIGINT');
    });
    const status = await new Promise((resolve) => child.on('close', resolve));
    assert.equal(status, 130, stderr);
    assert.match(stdout, /^ +one\n/);
    assert.match(stderr, /osim: interrupted: 1 of 3 runs were made\./);
  });
});

describe('--costs', () => {
  const folder = new Folder({ 'p.osim': 'machine { costs = linux; }\nprocess main { let i = getpid(); }' });
  after(() => folder.remove());

  it("goes before the program's own setting, in every command that runs", async () => {
    const times = new Map<string, number>();
    for (const costs of ['teaching', 'linux', 'none']) {
      const { stdout } = await osimIn(folder.path, 'run', '--json', 'p.osim', '--costs', costs);
      times.set(costs, (JSON.parse(stdout) as { time: number }).time);
    }
    assert.equal(times.get('none'), 0);
    assert.ok((times.get('linux') ?? 0) > (times.get('teaching') ?? 0) && (times.get('teaching') ?? 0) > 0);
    const traced = await osimIn(folder.path, 'trace', 'p.osim', '--costs', 'none');
    assert.match(traced.stderr, /finished at tick 0,/);
    const wrong = await osimIn(folder.path, 'run', 'p.osim', '--costs', 'free');
    assert.equal(wrong.status, 2);
    assert.match(wrong.stderr, /choices are teaching, linux, none/);
  });
});
