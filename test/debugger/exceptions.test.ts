import assert from 'node:assert/strict';
import { Client, PROGRAM, clientFor, example } from './client.js';

async function stopped(text: string, filters?: { filterId: string; condition?: string }[]): Promise<Client> {
  const client = clientFor(text);
  await client.launch(PROGRAM, filters ? { filters } : {});
  await client.stop();
  return client;
}

async function info(client: Client): Promise<{ exceptionId: string; description: string }> {
  return client.request('exceptionInfo', { threadId: client.threadId });
}

describe('debugger: exceptions', () => {
  it('a fault stops at its line, before the kernel hears of it; going on, it takes its course', async () => {
    const client = await stopped('process p {\n  let x = 0;\n  print("before");\n  let y = 1 / x;\n  print(y);\n}');
    assert.equal(await client.where(), 'test.osim:4 p');
    const { exceptionId, description } = await info(client);
    assert.equal(exceptionId, 'SIGFPE');
    assert.match(description, /Process 2 \(p\): .*zero.*SIGFPE/i);
    assert.equal(await client.evaluate('x'), '0');
    const end = client.event('terminated');
    await client.request('continue', { threadId: client.threadId });
    await end;
    assert.equal(client.output(), 'before\n');
    assert.equal(client.events.filter(({ event }) => event === 'stopped').length, 1);
  });

  it('a fault can be mended and the program goes on', async () => {
    const client = await stopped('process p {\n  let x = 0;\n  let y = 10 / x;\n  print(y);\n}');
    await client.evaluate('x = 5', 'repl');
    const end = client.event('terminated');
    await client.request('continue', { threadId: client.threadId });
    await end;
    assert.equal(client.output(), '2\n');
  });

  it('a failed assertion stops with its reason', async () => {
    const client = await stopped('process p {\n  let n = 3;\n  assert(n == 4, "n is four");\n}');
    assert.equal(await client.where(), 'test.osim:3 p');
    assert.match((await info(client)).description, /assertion failed: n is four/);
  });

  it('filters that are off do not stop', async () => {
    const client = clientFor('process p {\n  let x = null;\n  print(x.y);\n}\nprocess q {\n  assert(false);\n}');
    await client.launch(PROGRAM, { filters: [] });
    await client.event('terminated');
    assert.ok(!client.events.some(({ event }) => event === 'stopped'));
    const lines = client.events.filter(({ event, body }) => event === 'output' && body.category === 'stderr');
    assert.deepEqual(
      lines.map(({ body }) => body.line),
      [3, 6],
      'the console has them all the same, with their lines',
    );
  });

  it('a condition chooses signals', async () => {
    const text =
      'process p {\n  print(1 / 0 * 0 + zero());\n}\nfn zero() { return 0; }\nprocess q {\n  let x = null;\n  print(x.y);\n}';
    const client = await stopped(text.replace('1 / 0', '1 / zero()'), [{ filterId: 'fault', condition: 'SIGSEGV' }]);
    assert.equal(await client.where(), 'test.osim:7 q');
    assert.equal((await info(client)).exceptionId, 'SIGSEGV');
  });

  it('a failing call stops, by its error, and explains it', async () => {
    const client = await stopped('process p {\n  let fd = open("/none", O_RDONLY);\n  close(99);\n}', [
      { filterId: 'errno', condition: '!ENOENT' },
    ]);
    const { exceptionId, description } = await info(client);
    assert.equal(exceptionId, 'EBADF');
    assert.match(description, /close\(\) of process 2 \(p\) fails with EBADF \(Bad file descriptor\)/);
    const frames = await client.frames();
    assert.ok(frames.some(({ name, line }) => name === 'p' && line === 3));
    assert.equal(frames[0]?.presentationHint, 'subtle', 'the program is looked at, not the kernel');
    assert.equal(frames[0]?.source?.presentationHint, 'deemphasize');
  });

  it('a delivered signal stops', async () => {
    const client = await stopped(
      'fn handler(sig) { }\nprocess p {\n  sigaction(SIGUSR1, handler);\n  raise(SIGUSR1);\n}',
      [{ filterId: 'signal' }],
    );
    assert.match((await info(client)).description, /SIGUSR1 is delivered to process 2 \(p\)/);
  });

  it('a deadlock of three threads is shown in one of them, and says who waits for whom', async () => {
    const client = await stopped(`var a = null; var b = null; var c = null;
fn worker(mine, other) {
  lock(mine);
  sleep(2000);
  lock(other);
}
process main {
  a = mutex(); b = mutex(); c = mutex();
  let all = [thread(worker, a, b), thread(worker, b, c), thread(worker, c, a)];
  for (t in all) { join(t); }
}`);
    const { threadId } = client;
    const { stackFrames } = await client.request('stackTrace', { threadId });
    assert.ok(stackFrames.some(({ name, line }: { name: string; line: number }) => name === 'worker' && line === 5));
    const { details } = await client.request('exceptionInfo', { threadId });
    const lines: string[] = details?.stackTrace?.split('\n') ?? [];
    for (const lock of 'bca')
      assert.ok(
        lines.some((line) => line.includes(`waits for mutex ${lock} at `)),
        lines.join(),
      );
    assert.match(lines[0], /held by thread \d+ \(worker\)$/);
  });

  it('a deadlock stops with its cycle, in a task that is stuck', async () => {
    const client = new Client();
    await client.launch(example('deadlock'));
    const stop = await client.stop();
    assert.equal(stop.reason, 'exception');
    assert.match((await info(client)).description, /Deadlock/);
    assert.match(client.output('console'), /waits|blocked|pipe/i);
    const frames = await client.frames();
    assert.ok(frames.some(({ source }) => source?.path === example('deadlock')));
    await client.step('stepBack');
    const end = client.event('terminated');
    await client.step('continue');
    await client.request('continue', { threadId: client.threadId });
    await end;
  });

  it('a kernel panic stops in the kernel, at its line', async () => {
    const client = clientFor('process p {\n  getpid();\n}');
    await client.launch(PROGRAM, { functions: ['sys_getpid'] });
    await client.stop();
    // A kernel whose current task has lost its name for itself.
    await client.evaluate('kernel.run_queues[0].current = null', 'repl');
    await client.step('continue');
    const { exceptionId, description } = await info(client);
    assert.equal(exceptionId, 'kernel panic');
    assert.match(description, /osim-kernel:\/\w+\/\w+\.osim:\d+:\d+/);
    assert.match((await client.frames())[0]?.source?.path ?? '', /^osim-kernel:/);
  });

  it('refuses information when there is no exception, and unknown filters', async () => {
    const client = clientFor('process p {\n  print(1);\n}');
    await client.launch(PROGRAM, { lines: [2] });
    await client.stop();
    assert.match(await client.refusal('exceptionInfo', { threadId: client.threadId }), /not stopped at an exception/);
    const { breakpoints } = await client.request('setExceptionBreakpoints', { filters: ['fault', 'nosuch'] });
    assert.deepEqual(
      breakpoints.map(({ verified }: { verified: boolean }) => verified),
      [true, false],
    );
  });
});
