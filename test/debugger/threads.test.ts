import assert from 'node:assert/strict';
import type { DebugProtocol as P } from '@vscode/debugprotocol';
import { PROGRAM, clientFor } from './client.js';

const TEXT = `var total = 0;
fn worker(n) {
  let before = total;
  if (close(n) == -1) { total += n; }
  sleep(1000 * n);
  return errno;
}
process server {
  let a = thread(worker, 91);
  let b = thread(worker, 92);
  join(a);
  join(b);
  print(total);
}
`;

describe('debugger: threads of a process', () => {
  it('are listed under their process, each with what it waits for', async () => {
    const client = clientFor(TEXT);
    await client.launch(PROGRAM, { lines: [6] });
    await client.stop();
    const names = (await client.threads()).map(({ name }) => name);
    assert.deepEqual(
      names.filter((name) => name.startsWith('P2')),
      [
        'P2 server · BLOCKED the end of thread 3',
        'P2.3 server:worker · RUNNING cpu0',
        `P2.4 server:worker · BLOCKED ${names.at(-1)?.split('BLOCKED ')[1]}`,
      ],
    );
    assert.match(names.at(-1) ?? '', /sleep until \d+/);
    const frames = await client.frames();
    assert.deepEqual(
      frames.map(({ name }) => name),
      ['worker', '_run_thread'],
    );
    assert.equal((await client.scope('Locals')).get('n')?.value, '91');
    const globals = await client.scope('Globals');
    assert.equal(globals.get('total')?.value, '183');
    assert.match(globals.get('errno')?.value ?? '', /^9\b/);
  });

  it('go back in time and forward again to the same', async () => {
    const client = clientFor(TEXT);
    await client.launch(PROGRAM, { lines: [3, 6] });
    await client.stop();
    const first = await client.where();
    const inside = (await client.scope('Locals')).get('n')?.value;
    await client.step('next');
    await client.step('next');
    const globals = await client.scope('Globals');
    assert.match(globals.get('errno')?.value ?? '', /^9\b/);
    await client.step('stepBack');
    await client.step('stepBack');
    assert.equal(await client.where(), first);
    assert.equal((await client.scope('Locals')).get('n')?.value, inside);
    assert.match((await client.scope('Globals')).get('errno')?.value ?? '', /^0\b/, 'a thread begins without an error');
  });

  it('are told of as they come and go, as processes are, also on the way back', async () => {
    const client = clientFor(`
fn worker(n) { sleep(1000 * n); return n; }
process server {
  let a = thread(worker, 1);
  let b = thread(worker, 2);
  join(a);
  let pid = fork();
  if (pid == 0) { exit(0); }
  join(b);
  waitpid(pid);
  print("all gone");
}
`);
    const told = (): string[] =>
      client.messages
        .splice(0)
        .filter((message): message is P.Event => (message as P.Event).event === 'thread')
        .map(({ body }) => `${body.threadId} ${body.reason}`);
    await client.launch(PROGRAM, { lines: [5, 7, 9, 11] });
    const seen = [];
    for (const line of [5, 7, 9, 11]) {
      await client.stop();
      assert.equal((await client.frames())[0]?.line, line);
      seen.push(told());
      const threads = await client.threads();
      assert.equal(new Set(threads.map(({ id }) => id)).size, threads.length);
      if (line < 11) await client.request('continue', { threadId: 1 });
    }
    assert.deepEqual(seen, [
      ['1 started', '2 started', '3 started'],
      ['3 exited', '4 started'],
      ['5 started'],
      ['4 exited', '5 exited'],
    ]);
    await client.request('reverseContinue', { threadId: 2 });
    await client.stop();
    assert.deepEqual(told(), ['4 started', '5 started'], 'they come again');
  });
});
