import assert from 'node:assert/strict';
import { Client, PROGRAM, clientFor, example } from './client.js';

/** Steps until a place is reached; returns the places passed, the last one included. */
async function stepUntil(client: Client, wanted: RegExp, most = 400): Promise<string[]> {
  const places: string[] = [];
  while (places.length < most) {
    await client.step('stepIn');
    places.push(await client.where());
    if (wanted.test(places[places.length - 1] ?? '')) return places;
  }
  throw new Error(`${String(wanted)} was not reached; the last places: ${places.slice(-10).join(', ')}`);
}

describe('debugger: a read(), from the program through the kernel and back', () => {
  it('steps into sys_read, on to schedule(), through the six steps to another task, and back through all of it', async () => {
    const client = new Client();
    const [breakpoint] = await client.launch(example('blocking-read'), { lines: [17] });
    assert.equal(breakpoint?.verified, true);
    const stop = await client.stop();
    assert.equal(stop.reason, 'breakpoint');
    assert.deepEqual(stop.hitBreakpointIds, [breakpoint?.id]);
    const start = await client.where();
    assert.equal(start, 'blocking-read.osim:17 reader');
    const reader = stop.threadId;
    const before = await client.scope('Locals');
    assert.match(before.get('buf')?.value ?? '', /64 bytes at 0x/);

    // Into the kernel: to the call's own function, in its own source.
    await client.step('stepIn');
    assert.match(await client.where(), /^read\.osim:\d+ sys_read$/);
    const frames = await client.frames();
    assert.equal(frames[0]?.source?.path, 'osim-kernel:/fs/read.osim');
    assert.ok(frames.some((f) => f.name === 'reader' && f.source?.path === example('blocking-read')));
    assert.ok(frames.find((f) => f.name === 'read')?.presentationHint === 'subtle', 'libc is subtle');
    assert.equal(frames[0]?.presentationHint, undefined, 'the kernel is not, while one is in it');
    const arguments_ = await client.scope('Locals');
    assert.deepEqual([...arguments_.keys()].slice(0, 3), ['fd', 'addr', 'n']);
    assert.equal(arguments_.get('n')?.value, '64');

    // The page is not there: the disk is asked, and the task goes to sleep.
    const toSleep = await stepUntil(client, / switch_to$/);
    assert.ok(
      toSleep.some((place) => place.endsWith(' submit_page')),
      'the disk gets a request',
    );
    assert.ok(toSleep.some((place) => place.endsWith(' schedule')));
    assert.match(await client.evaluate('prev.state'), /^[12]$/, 'the PCB says that it is blocked');
    assert.match(await client.evaluate('prev.wait_channel'), /disk/);

    // The six steps, each on its own line, and out on another task's stack.
    const lines: string[] = [];
    while (client.threadId === reader && lines.length < 200) {
      lines.push(await client.where());
      await client.step('stepIn');
    }
    assert.notEqual(client.threadId, reader, 'the CPU has gone to another task, and the debugger with it');
    assert.ok(new Set(lines.filter((place) => place.endsWith(' switch_to'))).size >= 6, lines.join(', '));
    assert.ok(
      lines.some((place) => place.endsWith(' put_away')) && lines.some((place) => place.endsWith(' choose_task')),
    );
    const other = await client.frames();
    assert.ok(other[0]?.source?.path?.startsWith('osim-kernel:/'));

    // Back through all of it, step by step.
    const passed = 1 + toSleep.length + lines.length;
    const steps: number[] = [];
    for (let i = 0; i < passed; i++) {
      await client.step('stepBack');
      steps.push(client.session.debuggee?.machine.steps ?? -1);
    }
    assert.equal(await client.where(), start);
    assert.equal(client.threadId, reader);
    assert.deepEqual(
      steps,
      steps.slice().sort((a, b) => b - a),
      'each step back goes back',
    );
    assert.deepEqual((await client.scope('Locals')).get('buf')?.value, before.get('buf')?.value);
    assert.deepEqual(client.faults, []);
  });

  it('shows the offset move, the page arrive in the cache, and the bytes arrive in the buffer', async () => {
    const client = new Client();
    await client.launch(example('blocking-read'), { lines: [17, 18] });
    await client.stop();
    const offset = async (): Promise<string> => (await client.scope('File descriptors')).get('3')?.value ?? '';
    assert.match(await offset(), /\/etc\/motd {2}O_RDONLY {2}offset 0/);
    assert.match((await client.scope('Kernel')).get('page cache')?.value ?? '', /0 pages/);
    await client.step('continue');
    assert.equal(await client.where(), 'blocking-read.osim:18 reader');
    assert.match(await offset(), /offset 51/);
    assert.match((await client.scope('Kernel')).get('page cache')?.value ?? '', /1 pages/);
    const locals = await client.scope('Locals');
    assert.match(locals.get('buf')?.value ?? '', /^"Welcome to OSim/);
    assert.equal(locals.get('n')?.value, '51');
    await client.step('reverseContinue');
    assert.equal(await client.where(), 'blocking-read.osim:17 reader');
    assert.match(await offset(), /offset 0/);
  });

  it('steps out of a call to the program, and out of a kernel function to its caller', async () => {
    const client = new Client();
    await client.launch(example('blocking-read'), { lines: [17] });
    await client.stop();
    await client.step('stepIn');
    await client.step('stepOut');
    assert.equal(await client.where(), 'blocking-read.osim:17 reader');
    await client.step('next');
    assert.equal(await client.where(), 'blocking-read.osim:18 reader');

    await client.step('stepBack');
    await client.step('stepBack');
    assert.match(await client.where(), / sys_read$/);
    await stepUntil(client, / get_file$/);
    const [, caller] = await client.frames();
    await client.step('stepOut');
    assert.ok((await client.where()).endsWith(` ${caller?.name}`));
  });

  it('steps over a call that blocks while another process runs', async () => {
    const client = clientFor(`process a { let n = sleep(50); let done = n + 1; exit(done); }
process b { for (i in 0..3) { compute(10); } }`);
    await client.launch(PROGRAM, { lines: [{ line: 1, column: 13 }] });
    await client.stop();
    const { threadId } = client;
    await client.step('next');
    assert.equal(client.threadId, threadId);
    assert.equal(await client.evaluate('n'), '0');
    assert.ok((client.session.debuggee?.machine.time ?? 0) >= 50);
  });

  it('enters a function of the program, and the library only when asked to', async () => {
    const text = 'fn twice(x) {\n  return x * 2;\n}\nprocess p {\n  let a = twice(4);\n  print(a);\n}';
    const plain = clientFor(text);
    await plain.launch(PROGRAM, { lines: [5] });
    await plain.stop();
    await plain.step('stepIn');
    assert.equal(await plain.where(), 'test.osim:2 twice');
    await plain.step('stepOut');
    assert.equal(await plain.where(), 'test.osim:5 p');
    await plain.step('next');
    assert.equal(await plain.where(), 'test.osim:6 p');
    await plain.step('stepIn');
    assert.match(await plain.where(), /^write\.osim:\d+ sys_write$/);

    const libc = clientFor(text);
    await libc.launch(PROGRAM, { lines: [6], libc: true });
    await libc.stop();
    await libc.step('stepIn');
    assert.match(await libc.where(), /^libc.*\.osim:\d+ print$/);
  });

  it('does not enter an interrupt, unless the CPU is lost in it', async () => {
    const client = clientFor(`machine { quantum = 20; }
process a { let i = 0;
  while (i < 100) {
    i = i + 1;
  } }
process b { let j = 0;
  while (j < 100) {
    j = j + 1;
  } }`);
    await client.launch(PROGRAM, { lines: [4] });
    await client.stop();
    await client.breakpoints(PROGRAM, []);
    const { threadId } = client;
    const places: string[] = [];
    for (let i = 0; i < 60 && client.threadId === threadId; i++) {
      const stop = await client.step('stepIn');
      places.push(await client.where());
      if (stop.description) {
        assert.match(stop.description, /CPU/);
        break;
      }
    }
    assert.match(places[places.length - 1] ?? '', /irq_entry$/, places.join(', '));
    assert.ok(places.slice(0, -1).every((place) => place.endsWith(' a')));
  });

  it('offers the calls of a statement, and steps into the one that is chosen', async () => {
    const client = clientFor(`fn one() {
  return 1;
}
fn two(x) {
  return x + 1;
}
process p {
  print(two(one()), getpid());
  print(2);
}`);
    await client.launch(PROGRAM, { lines: [8] });
    await client.stop();
    const targets = async (): Promise<{ id: number; label: string }[]> =>
      (await client.request('stepInTargets', { frameId: (await client.frames())[0]?.id })).targets;
    const offered = await targets();
    assert.deepEqual(
      offered.map(({ label }) => label),
      ['one', 'two', 'getpid (kernel: sys_getpid)', 'print'],
    );
    await client.step('stepIn', { targetId: offered[1]?.id });
    assert.equal(await client.where(), 'test.osim:5 two');
    await client.step('stepOut');
    await client.step('stepIn', { targetId: offered[2]?.id });
    assert.match(await client.where(), / sys_getpid$/);
    await client.step('stepBack');
    assert.deepEqual(
      (await targets()).map(({ label }) => label),
      ['getpid (kernel: sys_getpid)', 'print'],
      'what is over is not offered',
    );
    await client.step('stepIn', { targetId: offered[0]?.id });
    assert.equal(await client.where(), 'test.osim:9 p', 'a call that does not come any more');
  });

  it('restarts a frame: back to its first statement', async () => {
    const client = clientFor(`fn inner(n) {
  n = n + 1;
  return n;
}
fn outer(n) {
  let a = inner(n);
  return inner(a);
}
process p {
  outer(1);
  outer(5);
}`);
    await client.launch(PROGRAM, { lines: [{ line: 3, condition: 'n == 7' }] });
    await client.stop();
    const restart = async (frame: number): Promise<void> => {
      const frames = await client.frames();
      const done = client.stop();
      await client.request('restartFrame', { frameId: frames[frame]?.id });
      await done;
    };
    await restart(0);
    assert.equal(await client.where(), 'test.osim:2 inner');
    assert.equal(await client.evaluate('n'), '6');
    await restart(0);
    assert.equal(await client.evaluate('n'), '6', 'it is there already');
    await restart(1);
    assert.equal(await client.where(), 'test.osim:6 outer');
    assert.equal(await client.evaluate('n'), '5');
    await restart(1);
    assert.equal(await client.where(), 'test.osim:10 p');
  });
});
