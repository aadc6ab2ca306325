import assert from 'node:assert/strict';
import type { PartialSnapshot, Snapshot, SnapshotChanges, StateEvent } from '../../src/debugger/messages.js';
import { applyChanges } from '../../src/debugger/snapshot-changes.js';
import { PROGRAM, clientFor, type Client } from './client.js';

const TEXT = `file "/etc/motd" = "hello from the disk";
process writer {
  let ends = pipe();
  let fd = open("/etc/motd", O_RDONLY | O_CLOEXEC);
  let buf = alloc(8);
  read(fd, buf, 8);
  if (fork() == 0) {
    read(ends[0], alloc(10), 10);
    pause();
  }
  write(ends[1], "twelve bytes");
  dup(fd);
  sleep(1000);
  exit(0);
}
process sleeper { sleep(100000); }
process busy { compute(1000000); }
`;

async function snapshotAt(line: number): Promise<[Client, Snapshot]> {
  const client = clientFor(TEXT);
  await client.launch(PROGRAM, { lines: [line] });
  await client.stop();
  return [client, (await client.request('osim/snapshot')) as Snapshot];
}

describe('debugger: snapshots for the Machine view', () => {
  it('have the tasks with state, place and fd table', async () => {
    const [, snapshot] = await snapshotAt(13);
    const named = (name: string) => snapshot.tasks.filter((task) => task.name === name);
    const [writer, child] = named('writer');
    assert.equal(writer?.state, 'running');
    assert.deepEqual(writer?.location, { path: PROGRAM, line: 13 });
    assert.equal(child?.ppid, writer?.pid);
    assert.equal(named('sleeper')[0]?.state, 'blocked');
    assert.match(named('sleeper')[0]?.waitChannel ?? '', /sleep/);
    assert.equal(named('busy')[0]?.state, 'ready');
    assert.deepEqual(
      snapshot.tasks.map(({ pid }) => pid),
      snapshot.tasks.map(({ pid }) => pid).sort((a, b) => a - b),
    );
    assert.equal(snapshot.tasks[0]?.ppid, 0, 'init is nobody’s child');
    const fds = writer?.fds ?? [];
    assert.deepEqual(
      fds.map(({ fd }) => fd),
      [0, 1, 2, 3, 4, 5, 6],
    );
    assert.equal(fds[5]?.file, fds[6]?.file, 'dup: the same open file');
    assert.deepEqual([fds[5]?.closeOnExec, fds[6]?.closeOnExec], [true, false]);
  });

  it('have each open file once, with offset, flags, references and what waits in a pipe', async () => {
    const [, snapshot] = await snapshotAt(13);
    const motd = snapshot.openFiles.find(({ name }) => name === '/etc/motd');
    assert.deepEqual(
      [motd?.kind, motd?.offset, motd?.flags, motd?.references, motd?.inode.size],
      ['file', 8, 'O_RDONLY', 3, 19],
    );
    const pipes = snapshot.openFiles.filter(({ kind }) => kind === 'pipe');
    assert.equal(pipes.length, 2);
    assert.match(pipes[0]?.name ?? '', /^pipe:\d+$/);
    assert.deepEqual(pipes[0]?.inode, pipes[1]?.inode);
    assert.ok([2, 12].includes(pipes[0]?.inode.buffered ?? -1), 'twelve were written, ten may have been read');
  });

  it('name the queue of a lock as the program does', async () => {
    const client = clientFor(`var gate = null;
fn worker() { lock(gate); }
process p {
  gate = mutex();
  lock(gate);
  thread(worker);
  sleep(1000);
  getpid();
}`);
    await client.launch(PROGRAM, { lines: [8] });
    await client.stop();
    const { waitQueues } = (await client.request('osim/snapshot')) as Snapshot;
    assert.ok(waitQueues.some(({ name, tasks }) => name === 'mutex gate' && tasks.length === 1));
    assert.match(await client.evaluate('ps', 'repl'), /mutex gate/);
  });

  it('have queues, page cache, CPUs and counters', async () => {
    const [client, snapshot] = await snapshotAt(13);
    const busy = snapshot.tasks.find(({ name }) => name === 'busy')?.pid ?? -1;
    assert.ok(snapshot.runQueues[0]?.tasks.includes(busy));
    assert.ok(snapshot.waitQueues.some(({ name, tasks }) => /sleep/.test(name) && tasks.length === 1));
    const [page] = snapshot.pageCache.list;
    assert.deepEqual(
      [page?.name, page?.index, page?.state, page?.text],
      ['/etc/motd', 0, 'clean', 'hello from the disk'],
    );
    assert.equal(snapshot.pageCache.misses, 1);
    const [cpu] = snapshot.cpus;
    assert.deepEqual([cpu?.mode, cpu?.name], ['user', 'writer']);
    assert.ok((snapshot.stats['contextSwitches'] ?? 0) > 0);
    assert.equal(snapshot.outcome, null);
    assert.equal(snapshot.step, client.session.debuggee?.machine.steps);
  });

  it('are refused while the machine runs; the clock is told meanwhile', async () => {
    const client = clientFor('process p {\n  while (true) { }\n}');
    await client.launch(PROGRAM);
    const running = (await client.event('osim/state')).body as StateEvent;
    assert.equal(running.running, true);
    assert.match(await client.refusal('osim/snapshot'), /running/);
    await client.request('pause', { threadId: 2 });
    await client.stop();
    const stopped = (await client.event('osim/state')).body as StateEvent;
    assert.equal(client.events.filter(({ event }) => event === 'osim/state').pop()?.body.running, false);
    assert.ok(stopped.step >= running.step);
  });

  it('can be had of any instant', async () => {
    const [client, late] = await snapshotAt(13);
    const done = client.stop();
    await client.request('osim/seek', { step: Math.floor(late.step / 2) });
    await done;
    const early = (await client.request('osim/snapshot')) as Snapshot;
    assert.equal(early.step, Math.floor(late.step / 2));
    const back = client.stop();
    await client.request('osim/seek', { step: late.step });
    await back;
    assert.deepEqual(await client.request('osim/snapshot'), late);
  });

  it('name sockets by their addresses, and count what lies in them', async () => {
    const client = clientFor(`process server {
  let listener = tcp_listen(8080);
  let udp = socket(AF_INET, SOCK_DGRAM);
  bind(udp, "127.0.0.1:53");
  let ends = socketpair();
  let client = socket();
  connect(client, 8080);
  let fd = accept(listener);
  write(client, "hello");
  let local = socket(AF_UNIX);
  bind(local, "/tmp/name");
  listen(local, 1);
  sleep(1);
}`);
    await client.launch(PROGRAM, { lines: [13] });
    await client.stop();
    const { openFiles } = (await client.request('osim/snapshot')) as Snapshot;
    const sockets = openFiles.filter(({ kind }) => kind === 'socket');
    assert.deepEqual(
      sockets.map(({ name, inode }) => `${name} · ${inode.buffered}`),
      [
        'TCP 0.0.0.0:8080 LISTEN · 0',
        'UDP 127.0.0.1:53 · 0',
        'UNIX stream · 0',
        'UNIX stream · 0',
        'TCP 127.0.0.1:32768 ⇄ 127.0.0.1:8080 · 0',
        'TCP 127.0.0.1:8080 ⇄ 127.0.0.1:32768 · 5',
        'UNIX stream /tmp/name LISTEN · 0',
      ],
    );
  });

  it('have only the parts that are asked for', async () => {
    const [client, whole] = await snapshotAt(13);
    const { places, ...head } = (await client.request('osim/snapshot', { parts: ['places'] })) as PartialSnapshot;
    const { time, step, cpus, outcome, moreTasks } = whole;
    assert.deepEqual(head, { time, step, cpus, outcome, moreTasks });
    const rows = whole.tasks.map(({ pid, name, state, waitChannel, location }) => {
      return { pid, name, state, waitChannel, location };
    });
    assert.deepEqual(places, rows);
    for (const [args, reason] of [
      [{ parts: ['tasks', 'secrets'] }, /parts \[1\] must be one of tasks/],
      [{ parts: 'tasks' }, /must be a list/],
      [{ asker: 'x'.repeat(2000) }, /longer/],
      [{ asker: 'x', version: -1 }, /version/],
    ] as const)
      assert.match(await client.refusal('osim/snapshot', args), reason);
  });

  it('are sent as what has changed since the last answer to the same asker', async () => {
    const client = clientFor(TEXT);
    await client.launch(PROGRAM, { stopOnEntry: true });
    await client.stop();
    let have = null as { version: number; snapshot: PartialSnapshot } | null;
    const sizes: number[] = [];
    const partsOf = [
      ['tasks', 'openFiles', 'stats'],
      ['tasks', 'openFiles', 'stats'],
      undefined,
      undefined,
      ['places'],
    ];
    for (let i = 0; i < 60; i++) {
      const parts = partsOf[Math.floor(i / 12)];
      const args = { asker: 'test', ...(parts && { parts }), ...(have && { version: have.version }) };
      const changes = (await client.request('osim/snapshot', args)) as SnapshotChanges;
      const before: PartialSnapshot | undefined = have?.snapshot;
      assert.equal(changes.base, have?.version ?? null);
      const snapshot = applyChanges(have, changes);
      assert.ok(snapshot);
      assert.deepEqual(snapshot, await client.request('osim/snapshot', parts && { parts }), `answer ${i}`);
      if (before?.openFiles && snapshot.openFiles) sizes.push(JSON.stringify(changes).length);
      have = { version: changes.version, snapshot };
      await client.step(i % 5 === 4 ? 'stepBack' : i % 3 === 0 ? 'stepIn' : 'next');
    }
    const whole = JSON.stringify(await client.request('osim/snapshot')).length;
    const middle = sizes.sort((a, b) => a - b)[sizes.length >> 1];
    assert.ok(middle < whole / 3, `${middle} bytes of ${whole}`);
  });

  it('are sent whole to whoever has another version, or has been forgotten', async () => {
    const [client] = await snapshotAt(13);
    const ask = async (asker: string, version?: number): Promise<SnapshotChanges> =>
      (await client.request('osim/snapshot', { asker, version })) as SnapshotChanges;
    const first = await ask('a');
    assert.equal(first.base, null);
    assert.equal((await ask('a', first.version + 50)).base, null);
    const { version } = await ask('a');
    const nothing = await ask('a', version);
    assert.deepEqual([nothing.base, nothing.parts, nothing.rows], [version, {}, {}]);
    assert.equal(applyChanges({ version: version + 1, snapshot: nothing.head }, nothing), null);
    for (let i = 0; i < 10; i++) await ask(`other ${i}`);
    assert.equal((await ask('a', nothing.version)).base, null);
    const entry = client.stopped();
    await client.request('restart', { arguments: { program: PROGRAM, stopOnEntry: true } });
    await entry;
    const last = await ask('other 9', 14);
    assert.equal(last.base, null);
  });
});
