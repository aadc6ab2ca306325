/** `--record` and `--replay` of `osim run`, `trace` and `test`. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Folder, type Outcome } from './command.js';
import { osimIn } from './in-process.js';

const PROGRAM = `machine { cpus = 4; quantum = 10; }
file "/data" = repeat("0123456789", 2000);
process worker count 6 {
  let fd = open("/data", O_RDONLY);
  let b = alloc(100);
  for (i in 0..4) { print(pread(fd, b, 100, random(19000)), random(100)); compute(30); }
}
expect outcome() == "finished";
`;

const ENDLESS = 'machine { cpus = 2; } process p count 2 { while (true) { print(random(10)); compute(5); } }\n';

describe('osim --record and --replay', function () {
  this.timeout(60_000);
  const folder = new Folder({ 'p.osim': PROGRAM, 'endless.osim': ENDLESS, 'q.osim': PROGRAM.replace('30', '31') });
  after(() => folder.remove());
  const osim = (...words: string[]): Promise<Outcome> => osimIn(folder.path, ...words);
  const text = (name: string): string => readFileSync(join(folder.path, name), 'utf8');

  for (const seed of ['0', '1', '7', '12345']) {
    it(`repeat the run of seed ${seed} byte for byte, without the seed`, async () => {
      const plain = await osim('trace', '--seed', seed, 'p.osim');
      const recorded = await osim('trace', '--seed', seed, '--record', 'a.choices', 'p.osim');
      assert.deepEqual(recorded, plain, 'being recorded, it runs otherwise');
      assert.deepEqual(await osim('trace', '--replay', 'a.choices', 'p.osim'), plain);
      assert.deepEqual(await osim('trace', '--replay', 'a.choices', '--seed', '3', 'p.osim'), plain);
      if (seed !== '0') assert.notDeepEqual(await osim('trace', 'p.osim'), plain, 'the seed makes no difference here');
    });
  }

  it('work with run and test, too', async () => {
    const recorded = await osim('run', '--seed', '4', '--record', 'b.choices', 'p.osim');
    assert.deepEqual(await osim('run', '--replay', 'b.choices', 'p.osim'), recorded);
    assert.equal(recorded.status, 0);
    assert.equal((await osim('test', '--replay', 'b.choices', 'p.osim')).status, 0);
    assert.equal((await osim('test', '--record', 'c.choices', '--seed', '4', 'p.osim')).status, 0);
    assert.equal(text('c.choices'), text('b.choices'));
    const many = await osim('test', '--replay', 'b.choices', '.');
    assert.deepEqual([many.status, many.stdout], [2, '']);
    assert.match(many.stderr, /^osim: --replay is for one program, and here are 3\.\n$/);
  });

  it('replay a program and its scheduler from another folder', async () => {
    const policy = `kernel;
      fn enqueue_task(rq, t, flags) { list_add_tail(rq.queue, t); }
      fn dequeue_task(rq, t, flags) { list_remove(t); }
      fn pick_next_task(rq) {
        if (rq.queue.length == 0) { return null; }
        let t = rq.queue.first;
        for (let ticket = hw_random(rq.queue.length); ticket > 0; ticket--) { t = t.next; }
        list_remove(t);
        t.time_slice = 20;
        return t;
      }
      fn task_tick(rq, t) { return true; }
      fn check_preempt(rq, t) { return false; }
    `;
    for (const where of ['one', 'two/three']) {
      folder.write(`${where}/lottery.osim`, policy);
      folder.write(`${where}/p.osim`, PROGRAM.replace('cpus = 4;', 'cpus = 2; scheduler = "./lottery.osim";'));
    }
    const recorded = await osim('run', '--seed', '4', '--record', 'lottery.choices', 'one/p.osim');
    assert.equal(recorded.status, 0, recorded.stderr);
    assert.match(text('lottery.choices'), /^hw_random \d+\/\d+$/m);
    assert.deepEqual(await osim('run', '--replay', 'lottery.choices', 'two/three/p.osim'), recorded);
  });

  it('record what a limit ends, and replay it with the same limit', async () => {
    const recorded = await osim('run', '--seed', '4', '--max-ticks', '3000', '--record', 'd.choices', 'endless.osim');
    assert.equal(recorded.status, 5);
    assert.deepEqual(await osim('run', '--max-ticks', '3000', '--replay', 'd.choices', 'endless.osim'), recorded);
    assert.equal((await osim('run', '--max-ticks', '2000', '--replay', 'd.choices', 'endless.osim')).status, 5);
    const further = await osim('run', '--max-ticks', '4000', '--replay', 'd.choices', 'endless.osim');
    assert.equal(further.status, 2);
    assert.match(
      further.stderr,
      /^osim: d\.choices:\d+: the recording ends here, and the run goes on\..*--max-ticks.*\n$/,
    );
  });

  it('tell a wrong program before anything runs', async () => {
    await osim('run', '--record', 'e.choices', 'p.osim');
    const { status, stdout, stderr } = await osim('run', '--replay', 'e.choices', 'q.osim');
    assert.deepEqual([status, stdout], [2, '']);
    assert.match(stderr, /^e\.choices:\d+:1: error: The recording is of another program, or .*--record FILE\.\n$/);
  });

  it('tell a run that goes another way, where the recording no longer fits', async () => {
    await osim('run', '--seed', '4', '--record', 'f.choices', 'p.osim');
    const lines = text('f.choices').split('\n');
    const at = lines.findIndex((line) => line.startsWith('random '));
    const moved = lines.findIndex((line, i) => i > at && !line.startsWith('random '));
    [lines[at], lines[moved]] = [lines[moved], lines[at]];
    folder.write('f.choices', lines.join('\n'));
    const { status, stderr } = await osim('trace', '-o', 'f.trace', '--replay', 'f.choices', 'p.osim');
    assert.equal(status, 2);
    assert.match(stderr, /^osim: f\.choices:\d+: the run asks for \w+ among .* and this line is another choice\./m);
    assert.ok(!readdirSync(folder.path).includes('f.trace'), 'half a trace was left');
  });

  it('tell what can not be read', async () => {
    mkdirSync(join(folder.path, 'folder'), { recursive: true });
    writeFileSync(join(folder.path, 'large'), 'x'.repeat(17 * 1024 * 1024));
    const cases: [string, RegExp][] = [
      ['none', /^osim: none can not be read: there is no such file\.\n$/],
      ['folder', /^osim: folder can not be read: it is not a file\.\n$/],
      ['large', /^osim: large can not be read: it has \d+ bytes; at most \d+ are read\.\n$/],
      ['p.osim', /^p\.osim:1:1: error: This is no recording of choices\. osim run --record FILE makes one\.\n$/],
    ];
    for (const [name, message] of cases) {
      const { status, stdout, stderr } = await osim('run', '--replay', name, 'p.osim');
      assert.deepEqual([status, stdout], [2, ''], name);
      assert.match(stderr, message);
    }
  });

  it('tell before the run what can not be written, and leave nothing half written', async () => {
    for (const where of ['folder', 'nowhere/a.choices']) {
      mkdirSync(join(folder.path, 'folder'), { recursive: true });
      const { status, stdout, stderr } = await osim('run', '--record', where, 'p.osim');
      assert.deepEqual([status, stdout], [2, ''], where);
      assert.match(stderr, new RegExp(`^osim: ${where} can not be written: .*\\n$`));
    }
    folder.write('bad.osim', 'process p { nothing(); }\n');
    folder.write('kept.choices', 'as it was\n');
    assert.equal((await osim('run', '--record', 'kept.choices', 'bad.osim')).status, 2);
    assert.equal(text('kept.choices'), 'as it was\n');
    const program = statSync(join(folder.path, 'p.osim')).mtimeMs;
    const over = await osim('run', '--record', 'p.osim', 'q.osim');
    assert.equal(over.status, 2);
    assert.match(over.stderr, /--record takes the file to be written, and p\.osim is a program's name/);
    assert.equal(statSync(join(folder.path, 'p.osim')).mtimeMs, program);
    const both = await osim('run', '--record', 'x', '--replay', 'y', 'p.osim');
    assert.equal(both.status, 2);
    assert.match(both.stderr, /'--record <file>' cannot be used with option '--replay <file>'/);
    assert.deepEqual(
      readdirSync(folder.path).filter((name) => name.startsWith('.osim-')),
      [],
    );
  });
});
