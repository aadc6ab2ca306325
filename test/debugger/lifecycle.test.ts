import assert from 'node:assert/strict';
import path from 'node:path';
import { kernelFile, kernelPaths } from '../kernel-file.js';
import { PROGRAM, clientFor } from './client.js';

const ENDLESS = 'process p {\n  let i = 0;\n  while (true) {\n    i = i + 1;\n  }\n}';

describe('debugger: lifecycle', () => {
  it('runs a program to its end: output, exit status, terminated, in this order', async () => {
    const client = clientFor('process p {\n  print("hello");\n  exit(3);\n}');
    await client.launch(PROGRAM);
    await client.ended();
    assert.equal(client.output(), 'hello\n');
    assert.match(client.output('console'), /has finished/);
    const kinds = client.events.map(({ event }) => event);
    assert.ok(kinds.indexOf('exited') < kinds.indexOf('terminated'));
    const output = client.events.find(({ event, body }) => event === 'output' && body.category === 'stdout');
    assert.equal(output?.body.line, 2);
    assert.equal(output?.body.source.path, PROGRAM);
    await client.request('disconnect');
    assert.deepEqual(client.faults, []);
  });

  it('runs without stopping when told not to debug', async () => {
    const client = clientFor('process p {\n  print("hello");\n}');
    await client.launch(PROGRAM, { noDebug: true, stopOnEntry: true, lines: [2] });
    await client.ended();
    assert.equal(client.output(), 'hello\n');
    assert.ok(!client.events.some(({ event }) => event === 'stopped'));
  });

  for (const [what, text, says] of [
    [
      'no process',
      'fn f() { return 1; }',
      /test\.osim starts nothing: it has no process\. Declare one: process main \{/,
    ],
    ['fn main()', 'fn main() { return 1; }', /it has no process\. Make one of fn main\(\): process main \{/],
  ] as const) {
    it(`says that a program with ${what} starts nothing, and what to write, where it is seen`, async () => {
      const client = clientFor(text);
      await client.launch(PROGRAM);
      await client.ended();
      assert.match(client.output('important'), says);
    });
  }

  it('stops on entry at the first statement of the first process', async () => {
    const client = clientFor('process p {\n  print("hello");\n}');
    await client.launch(PROGRAM, { stopOnEntry: true });
    assert.equal((await client.stop()).reason, 'entry');
    assert.equal(await client.where(), 'test.osim:2 p');
  });

  it('stays at the end when asked to, so that one can step back into it', async () => {
    const client = clientFor('process p {\n  let a = 1;\n  print("hello");\n}');
    await client.launch(PROGRAM, { stopOnExit: true });
    assert.match((await client.stop()).description ?? '', /ended/);
    // In no file: an editor would open the kernel's.
    const [end, ...more] = await client.frames();
    assert.deepEqual(
      [end?.name, end?.source, end?.presentationHint, more],
      ['The run has ended', undefined, 'label', []],
    );
    assert.ok((await client.scope('Kernel')).size > 0);
    const rest = await client.request('stackTrace', { threadId: client.threadId, startFrame: 1, levels: 19 });
    assert.deepEqual(rest, { stackFrames: [], totalFrames: 1 });
    await client.breakpoints(PROGRAM, [3]);
    await client.step('reverseContinue');
    assert.equal(await client.where(), 'test.osim:3 p');
    await client.step('continue');
    await client.request('continue', { threadId: client.threadId });
    await client.ended();
    assert.equal(client.output(), 'hello\n', 'told once');
  });

  it('says what is wrong with a program, with file, line and column, and lets a corrected one be launched', async () => {
    const client = clientFor('process p {\n  prnt("hello");\n}');
    await client.initialize();
    const refusal = await client.refusal('launch', { program: PROGRAM });
    assert.match(refusal, /\/program\/test\.osim:2:3: error: .*prnt/);
    assert.match(client.output('stderr'), /test\.osim:2:3: error/);
    assert.match(
      await client.refusal('launch', { program: '/nowhere.osim' }),
      /nowhere\.osim can not be read: it is not there/,
    );
    client.files[PROGRAM] = 'process p {\n  print("hello");\n}';
    await client.request('configurationDone');
    await client.request('launch', { program: PROGRAM });
    await client.ended();
    assert.equal(client.output(), 'hello\n');
  });

  it('takes params, seed, cpus and scheduler from the launch', async () => {
    const client = clientFor('param who = "world";\nprocess p {\n  print("hello", who);\n}');
    await client.launch(PROGRAM, { params: { who: 'you' }, cpus: 2, scheduler: 'fifo', seed: 7 });
    await client.ended();
    assert.equal(client.output(), 'hello you\n');
    assert.equal(client.session.debuggee?.machine.cpus.length, 2);
    const wrong = clientFor('process p { }');
    await wrong.initialize();
    assert.match(await wrong.refusal('launch', { program: PROGRAM, params: { nosuch: 1 } }), /nosuch/);
    assert.match(await wrong.refusal('launch', { program: PROGRAM, cpus: 'two' }), /cpus must be/);
  });

  it('says which setting of launch.json can not be so, and what it can be', async () => {
    const client = clientFor('param n = 3;\nprocess p { }');
    await client.initialize();
    const refusals: [object, RegExp][] = [
      [{ cpus: 99 }, /cpus must be an integer from 1 to 8; 99 is not/],
      [{ cpus: 0 }, /cpus must be an integer from 1 to 8; 0 is not/],
      [{ cpus: 1.5 }, /cpus must be an integer from 1 to 8; 1\.5 is not/],
      [{ cpus: '2' }, /cpus must be an integer from 1 to 8; "2" is not/],
      [{ seed: -1 }, /seed must be an integer, 0 or more; -1 is not/],
      [{ seed: 1.5 }, /seed must be an integer, 0 or more; 1\.5 is not/],
      [{ seed: 2 ** 60 }, /seed must be an integer/],
      [{ maxSteps: 0 }, /maxSteps must be an integer, 1 or more; 0 is not/],
      [{ maxTicks: 0 }, /maxTicks must be an integer from 1 to 1000000000000000; 0 is not/],
      [{ maxTicks: 1e300 }, /maxTicks must be an integer/],
      [{ scheduler: 3 }, /scheduler must be a string/],
      [{ scheduler: 'best' }, /`best` is no value for `scheduler`\. The choices are fifo, /],
      [{ costs: 'free' }, /costs/],
      [{ kernel: 5 }, /kernel must be a string/],
      [{ workspace: [] }, /workspace must be a string/],
      [{ trace: 7 }, /trace must be true or false or must be a string or must be a list/],
      [{ stopOnEntry: 'yes' }, /stopOnEntry must be true or false/],
      [{ params: [1] }, /params must be an object/],
      [{ params: { n: {} } }, /params n must be a simple value/],
      [{ params: { n: 'many' } }, /The param `n` is an integer; "many" is not/],
      [{ params: { m: 1 } }, /no param `m`/],
    ];
    for (const [launch, says] of refusals) {
      assert.match(await client.refusal('launch', { program: PROGRAM, ...launch }), says);
    }
  });

  it('reads imported files, and files for the disk, through the host', async () => {
    const client = clientFor(
      'import "./lib/other.osim";\nfile "/w" from "./words.txt";\nprocess p {\n  let b = alloc(9);\n  print(triple(2), text(b, read(open("/w", O_RDONLY), b, 9)));\n}',
      {
        '/program/lib/other.osim': 'fn triple(x) { return x * 3; }',
        '/program/words.txt': 'some words',
      },
    );
    await client.launch(PROGRAM, { others: { '/program/lib/other.osim': [1] } });
    await client.stop();
    assert.equal(await client.where(), 'other.osim:1 triple');
    await client.request('continue', { threadId: client.threadId });
    await client.ended();
    assert.equal(client.output(), '6 some word\n');
    const outside = clientFor('file "/w" from "../../etc/passwd";\nprocess p { }');
    await outside.initialize();
    assert.match(await outside.refusal('launch', { program: PROGRAM }), /beside the program/);
  });

  it('pauses an endless loop at once, at any time, and goes on', async () => {
    const client = clientFor(ENDLESS);
    await client.launch(PROGRAM);
    const counts: number[] = [];
    for (let i = 0; i < 3; i++) {
      await client.ran(3);
      await client.request('pause', { threadId: 2 });
      const stop = await client.stop();
      assert.equal(stop.reason, 'pause');
      counts.push(Number(await client.evaluate('i')));
      await client.request('continue', { threadId: client.threadId });
    }
    assert.ok((counts[0] ?? 0) < (counts[2] ?? 0));
    await client.request('disconnect');
    await client.when(() => !client.session.execution.running);
  });

  it('pauses do not change the run', async () => {
    const text = 'process a { for (i in 0..3000) { sleep(3); } }\nprocess b { for (i in 0..3000) { compute(7); } }';
    const plain = clientFor(text);
    await plain.launch(PROGRAM);
    await plain.ended();
    const paused = clientFor(text);
    await paused.launch(PROGRAM);
    for (let i = 0; i < 10; i++) {
      await paused.ran(1 + (i % 3));
      const { success } = await paused.ask('pause', { threadId: 0 });
      if (!success) break;
      await Promise.race([paused.stop(), paused.ended()]);
      await paused.ask('continue', { threadId: 0 });
    }
    await paused.ended();
    assert.equal(paused.session.debuggee?.machine.steps, plain.session.debuggee?.machine.steps);
    assert.equal(paused.session.debuggee?.machine.time, plain.session.debuggee?.machine.time);
  });

  it('a step that does not come back can be paused', async () => {
    const client = clientFor('fn forever() {\n  while (true) { }\n}\nprocess p {\n  forever();\n  print(1);\n}');
    await client.launch(PROGRAM, { lines: [5] });
    await client.stop();
    await client.request('next', { threadId: client.threadId });
    await client.ran();
    assert.match(await client.refusal('stackTrace', { threadId: client.threadId }), /running/);
    assert.match(await client.refusal('next', { threadId: client.threadId }), /running/);
    await client.request('pause', { threadId: client.threadId });
    assert.equal((await client.stop()).reason, 'pause');
    assert.equal(await client.where(), 'test.osim:2 forever');
  });

  it('restarts from the beginning, with what has been changed in the file, breakpoints kept', async () => {
    const client = clientFor('process p {\n  print("one");\n  print("end");\n}');
    await client.launch(PROGRAM, { lines: [3] });
    await client.stop();
    client.files[PROGRAM] = 'process p {\n  print("two");\n  print("end");\n}';
    const done = client.stopped();
    await client.request('restart');
    client.threadId = (await done).threadId;
    assert.equal(await client.where(), 'test.osim:3 p');
    assert.equal(client.output(), 'one\ntwo\n');
  });

  it('restarts a program that runs, and terminates one', async () => {
    const client = clientFor(ENDLESS);
    await client.launch(PROGRAM);
    await client.ran();
    await client.request('restart', { arguments: { stopOnEntry: true } });
    assert.equal((await client.stop()).reason, 'entry');
    await client.request('continue', { threadId: client.threadId });
    await client.request('terminate');
    await client.ended();
    assert.match(await client.refusal('continue', { threadId: 2 }), /ended|running/);
    await client.request('disconnect');
  });

  it('kills a process on demand: an input of the run, like any other', async () => {
    const client = clientFor(
      'process a {\n  while (true) { sleep(10); }\n}\nprocess b {\n  for (i in 0..5) { sleep(30); }\n}',
    );
    await client.launch(PROGRAM, { lines: [5] });
    await client.stop();
    await client.breakpoints(PROGRAM, []);
    const before = await client.threads();
    const victim = before.find(({ name }) => name.includes(' a '))?.id;
    await client.request('terminateThreads', { threadIds: [victim] });
    assert.match(await client.refusal('terminateThreads', { threadIds: [999] }), /Only processes/);
    await client.request('continue', { threadId: client.threadId });
    await client.ended();
    assert.equal(client.session.debuggee?.machine.outcome?.kind, 'finished');
  });

  it('names threads by pid, name and state', async () => {
    const client = clientFor(
      'process a {\n  sleep(1000);\n}\nprocess b {\n  compute(100);\n  getpid();\n}\nprocess c { compute(500); }',
    );
    await client.launch(PROGRAM, { lines: [6] });
    await client.stop();
    const names = (await client.threads()).map(({ name }) => name);
    assert.ok(
      names.some((name) => /^P2 a · BLOCKED sleep/.test(name)),
      names.join('; '),
    );
    assert.ok(
      names.some((name) => /^P3 b · RUNNING cpu0$/.test(name)),
      names.join('; '),
    );
    assert.ok(
      names.some((name) => /^P4 c · READY$/.test(name)),
      names.join('; '),
    );
  });

  it('shows the frames of a task that does not run, down to where it sleeps', async () => {
    const client = clientFor('process a {\n  sleep(1000);\n}\nprocess b {\n  compute(100);\n}');
    await client.launch(PROGRAM, { lines: [5] });
    await client.stop();
    await client.step('next');
    const sleeper = (await client.threads()).find(({ name }) => name.includes(' a '));
    const frames = await client.frames(sleeper?.id);
    assert.equal(frames[frames.length - 1]?.name, 'a');
    assert.ok(frames.some(({ name }) => name === 'schedule'));
    assert.ok(
      frames
        .filter(({ source }) => source?.path?.startsWith('osim-kernel'))
        .every(({ presentationHint }) => presentationHint === 'subtle'),
    );
  });

  it('gives frames in pages', async () => {
    const client = clientFor(
      'fn down(n) {\n  if (n == 0) {\n    return 0;\n  }\n  return down(n - 1);\n}\nprocess p { down(30); }',
    );
    await client.launch(PROGRAM, { lines: [3] });
    await client.stop();
    const all = await client.request('stackTrace', { threadId: client.threadId });
    assert.equal(all.totalFrames, 32);
    const page = await client.request('stackTrace', { threadId: client.threadId, startFrame: 10, levels: 5 });
    assert.equal(page.stackFrames.length, 5);
    assert.equal(page.totalFrames, 32);
    assert.equal(await client.evaluate('n', 'watch', 10), '10');
    assert.deepEqual(
      (await client.request('stackTrace', { threadId: client.threadId, startFrame: 99 })).stackFrames,
      [],
    );
  });

  it('lists at most some hundred of ten thousand tasks, and sums up the rest', async function () {
    const client = clientFor('process p count 2000 {\n  sleep(100000);\n}\nprocess last at 50000 {\n  getpid();\n}');
    await client.launch(PROGRAM, { lines: [5] });
    await client.stop();
    const threads = await client.threads();
    assert.equal(threads.length, 501);
    assert.match(threads[500]?.name ?? '', /^… and 1502 more: 1502 blocked$/);
    assert.ok(threads.some(({ name }) => name.includes('last · RUNNING')));
    assert.deepEqual(await client.frames(threads[500]?.id), []);
  });

  it('counts lines and columns as the client does', async () => {
    const client = clientFor('process p {\n  print(1);\n}');
    await client.initialize({ linesStartAt1: false, columnsStartAt1: false });
    await client.request('launch', { program: PROGRAM });
    const [set] = await client.breakpoints(PROGRAM, [1]);
    assert.deepEqual([set?.line, set?.column], [1, 2]);
    await client.request('configurationDone');
    await client.stop();
    assert.deepEqual((await client.frames())[0]?.line, 1);
  });

  it('gives the source of the kernel and the library, and lists all sources', async () => {
    const client = clientFor('process p {\n  print(1);\n}');
    await client.launch(PROGRAM, { lines: [2] });
    await client.stop();
    const { content } = await client.request('source', { source: { path: 'osim-kernel:/fs/read.osim' } });
    assert.match(content, /^kernel;/);
    assert.match((await client.request('source', { source: { path: PROGRAM } })).content, /print/);
    assert.match(await client.refusal('source', { source: { path: '/etc/passwd' } }), /not part/);
    const { sources } = await client.request('loadedSources');
    const paths = sources.map(({ path }: { path: string }) => path);
    assert.ok(
      paths.includes(PROGRAM) &&
        paths.includes('osim-kernel:/sched/sched.osim') &&
        paths.includes('osim-std:/libc.osim'),
    );
    assert.equal((await client.request('modules')).totalModules, paths.length);
  });

  it('prints what log() says once, however often it is passed', async () => {
    const client = clientFor('process p {\n  let a = 1;\n  log("a is", a);\n  a = 2;\n}');
    await client.launch(PROGRAM, { lines: [3] });
    await client.stop();
    await client.step('next');
    await client.step('stepBack');
    await client.step('next');
    const [greeting, ...said] = client.output('console').split('\n');
    assert.equal(greeting, 'scheduler rr, 1 CPU, teaching costs, seed 0. Type help for what can be asked here.');
    assert.deepEqual(said, ['a is 1', '']);
  });

  it('prints the tracepoints that the launch asks for', async () => {
    const client = clientFor('process p {\n  getpid();\n}');
    await client.launch(PROGRAM, { trace: ['sched_process_*', 'sys_enter_getpid'] });
    await client.ended();
    const lines = client.output('console');
    assert.match(lines, /^\d+ sched_process_fork \{/m);
    assert.match(lines, /^\d+ sys_enter_getpid /m);
    assert.doesNotMatch(lines, /sched_switch/);
  });

  it('lays a kernel of the user’s over the built one, to be stepped into like the built one', async () => {
    const client = clientFor('process p {\n  print(getpid());\n}', {
      '/mine/umask.osim': 'kernel;\nthis is wrong\n',
      '/good/task_names.osim': 'kernel;\nfn my_own(x) {\n  return x;\n}\n',
    });
    await client.initialize();
    assert.match(await client.refusal('launch', { program: PROGRAM, kernel: '/mine' }), /umask\.osim:2:/);
    assert.match(await client.refusal('launch', { program: PROGRAM, kernel: '/none' }), /no \.osim file/);
    await client.request('launch', { program: PROGRAM, kernel: '/good' });
    const [own] = await client.breakpoints('/good/task_names.osim', [3]);
    assert.deepEqual([own?.verified, own?.line], [true, 3]);
  });

  it('takes a copy of the whole kernel, files in folders, and tells of two that have one name', async () => {
    const copy = Object.fromEntries(kernelPaths.map((name) => [`/copy/${name}`, kernelFile(path.basename(name)).text]));
    const client = clientFor('process p { print(getpid()); }', {
      ...copy,
      '/twice/fs/stat.osim': kernelFile('stat.osim').text,
      '/twice/stat.osim': kernelFile('stat.osim').text,
    });
    await client.initialize();
    const refusal = await client.refusal('launch', { program: PROGRAM, kernel: '/twice' });
    assert.match(refusal, /Two files of this kernel are called stat\.osim/);
    await client.request('launch', { program: PROGRAM, kernel: '/copy' });
    const [own] = await client.breakpoints('/copy/names/stat.osim', [20]);
    assert.equal(own?.verified, true, own?.message);
  });

  it('knows a kernel file by its name alone, as breakpoints from before there were folders have it', async () => {
    const client = clientFor('process p { getpid(); }');
    await client.initialize();
    await client.request('launch', { program: PROGRAM });
    const [stale] = await client.breakpoints('osim-kernel:/switch.osim', [20]);
    assert.equal(stale?.verified, true, stale?.message);
    assert.equal(stale?.source?.path, kernelFile('switch.osim').uri);
    const { content } = await client.request('source', { source: { path: 'osim-kernel:/switch.osim' } });
    assert.equal(content, kernelFile('switch.osim').text);
  });

  it('takes a scheduler of the user’s, named relative to the program', async () => {
    const text = 'process a { compute(50); }\nprocess b { compute(50); }';
    const policy = `kernel;
fn enqueue_task(rq, t, flags) {
  list_add_head(rq.queue, t);
}
fn dequeue_task(rq, t, flags) { list_remove(t); }
fn pick_next_task(rq) { return list_take_first(rq.queue); }
fn task_tick(rq, t) { return false; }
fn check_preempt(rq, t) { return false; }
`;
    for (const program of [text, `machine { scheduler = "./mine.osim"; }\n${text}`]) {
      const client = clientFor(program, { '/program/mine.osim': policy });
      const [own] = await client.launch(PROGRAM, {
        ...(program === text ? { scheduler: './mine.osim' } : {}),
        others: { '/program/mine.osim': [3] },
      });
      assert.equal(own?.verified, true, own?.message);
      await client.stop();
      assert.equal(await client.where(), 'mine.osim:3 enqueue_task');
    }
  });

  it('says what is left when a limit or a wait for the outside ends the run', async () => {
    const idle = clientFor('process p {\n  pause();\n}');
    await idle.launch(PROGRAM);
    await idle.ended();
    assert.match(idle.output('console'), /wait for the outside world/);
    const limited = clientFor(ENDLESS);
    await limited.launch(PROGRAM, { maxSteps: 50_000 });
    await limited.ended();
    assert.match(limited.output('important'), /50000 steps.*maxSteps/);
  });
});
