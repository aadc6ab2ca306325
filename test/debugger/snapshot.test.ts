import assert from 'node:assert/strict';
import type { Snapshot, StateEvent } from '../../src/debugger/messages.js';
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
});
