import assert from 'node:assert/strict';
import net from 'node:net';
import path from 'node:path';
import vm from 'node:vm';
import { Worker } from 'node:worker_threads';
import { readFile } from 'node:fs/promises';
import esbuild from 'esbuild';
import { DebugClient } from '@vscode/debugadapter-testsupport';
import { FrameReader, frame } from '../../src/debugger/framing-node.js';
import { serveTcp } from '../../src/debugger/server-node.js';
import { example, root } from './client.js';

const program = example('blocking-read');

describe('debugger: servers', () => {
  it('speaks the protocol on standard input and output, to any client', async function () {
    this.timeout(60_000);
    const script = path.join(root, 'test/debugger/stdio-server.ts');
    const client = new DebugClient(
      'node',
      script,
      'osim',
      { cwd: root, env: { ...process.env, NODE_OPTIONS: '--import=tsx' } },
      true,
    );
    client.defaultTimeout = 50_000;
    await client.start();
    try {
      await client.hitBreakpoint({ program }, { path: program, line: 17 });
      const { body } = await client.stackTraceRequest({ threadId: 2 });
      assert.equal(body.stackFrames[0]?.name, 'reader');
      const landed = client.waitForEvent('stopped');
      await client.stepInRequest({ threadId: 2 });
      await landed;
      const inside = await client.stackTraceRequest({ threadId: 2 });
      assert.equal(inside.body.stackFrames[0]?.source?.path, 'osim-kernel:/fs/read.osim');
      await Promise.all([client.waitForEvent('terminated'), client.continueRequest({ threadId: 2 })]);
    } finally {
      await client.stop();
    }
  });

  it('serves a session for each TCP connection, and stops it when the client goes away', async () => {
    const server = await serveTcp(path.join(root, 'dist'), 0, () => {});
    const { port } = server.address() as net.AddressInfo;
    const talk = (): Promise<unknown[]> =>
      new Promise((resolve, reject) => {
        const messages: unknown[] = [];
        const socket = net.connect(port, '127.0.0.1');
        const reader = new FrameReader((message) => {
          messages.push(message);
          if (messages.length === 2) socket.destroy();
        });
        socket.on('data', (chunk) => reader.push(chunk));
        socket.on('close', () => resolve(messages));
        socket.on('error', reject);
        socket.write(frame({ seq: 1, type: 'request', command: 'initialize', arguments: { adapterID: 'osim' } }));
        socket.write(frame({ seq: 2, type: 'request', command: 'threads' }));
      });
    const [first, second] = await Promise.all([talk(), talk()]);
    assert.deepEqual(first, second);
    await new Promise((resolve) => server.close(resolve));
  });

  it('answers behind garbage, whatever a connection begins with', async function () {
    this.timeout(30_000);
    const server = await serveTcp(path.join(root, 'dist'), 0, () => {});
    const { port } = server.address() as net.AddressInfo;
    const initialize = frame({ seq: 1, type: 'request', command: 'initialize', arguments: { adapterID: 'osim' } });
    const answered = (garbage: Buffer): Promise<unknown> =>
      new Promise((resolve, reject) => {
        const socket = net.connect(port, '127.0.0.1');
        const reader = new FrameReader((message) => {
          resolve(message);
          socket.destroy();
        });
        socket.on('data', (chunk) => reader.push(chunk));
        socket.on('error', reject);
        socket.on('close', () => reject(new Error('the connection was closed')));
        socket.write(garbage);
        socket.write(initialize);
      });
    const garbage = [
      Buffer.from(''),
      Buffer.from('Content-Length: 99999999999\r\n\r\n'),
      Buffer.from('no header at all\r\n\r\n'),
      Buffer.from('Content-Length: -1\r\n\r\nContent-Length: x\r\n\r\n'),
      Buffer.from(`${'Content-Length: 3\r\n\r\n{x}'}${frame(null)}${frame([1])}${frame('text')}`),
      Buffer.concat([Buffer.alloc(32 * 2 ** 20, 'a'), Buffer.from('\r\n\r\n')]),
      Buffer.concat([Buffer.from(`Content-Length: ${80 * 2 ** 20}\r\n\r\n`), Buffer.alloc(80 * 2 ** 20)]),
    ];
    const answers = await Promise.all(garbage.map(answered));
    for (const answer of answers) assert.deepEqual(answer, answers[0]);
    await new Promise((resolve) => server.close(resolve));
  });

  it('puts messages together from pieces of any size, and skips garbage', () => {
    const seen: unknown[] = [];
    const skipped: string[] = [];
    const bytes = Buffer.from(
      `${frame({ a: 'é' })}Content-Length: 3\r\n\r\n{x}${frame({ b: 2 })}Nonsense: 1\r\n\r\nContent-Length: 99999999999\r\n\r\n${frame([3])}`,
    );
    for (const size of [1, 7, bytes.length]) {
      const reader = new FrameReader(
        (message) => seen.push(message),
        (what) => skipped.push(what),
      );
      for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size));
      assert.deepEqual(seen.splice(0), [{ a: 'é' }, { b: 2 }, [3]]);
      assert.equal(skipped.splice(0).length, 3);
    }
    const endless = new FrameReader(
      () => {},
      (what) => skipped.push(what),
    );
    endless.push(Buffer.alloc(10_000));
    assert.deepEqual(skipped, ['a header without an end']);
  });

  it('runs in a worker that reads files through its port', async function () {
    this.timeout(60_000);
    const built = await esbuild.build({
      entryPoints: [path.join(root, 'src/debugger/worker-node.ts')],
      bundle: true,
      platform: 'node',
      format: 'cjs',
      write: false,
      logLevel: 'silent',
    });
    const worker = new Worker(built.outputFiles[0]?.text ?? '', { eval: true });
    const asked: string[] = [];
    const stopped = new Promise<{ body: { reason: string } }>((resolve) => {
      worker.on('message', (message: { type: string; id: number; path: string; event?: string; body: never }) => {
        if (message.type === 'osim/read') {
          asked.push(message.path);
          const file = message.path.startsWith('osim-dist:/')
            ? path.join(root, 'dist', message.path.slice('osim-dist:/'.length))
            : message.path;
          void readFile(file).then((contents) =>
            worker.postMessage({ type: 'osim/contents', id: message.id, contents }),
          );
        }
        if (message.type === 'event' && message.event === 'initialized')
          worker.postMessage({ seq: 3, type: 'request', command: 'configurationDone' });
        if (message.type === 'event' && message.event === 'stopped') resolve(message);
      });
    });
    worker.postMessage({ seq: 1, type: 'request', command: 'initialize', arguments: { adapterID: 'osim' } });
    worker.postMessage({ seq: 2, type: 'request', command: 'launch', arguments: { program, stopOnEntry: true } });
    assert.equal((await stopped).body.reason, 'entry');
    assert.ok(asked.includes('osim-dist:/kernel.json') && asked.includes(program));
    await worker.terminate();
  });

  it('runs in a browser’s worker, with nothing of Node', async function () {
    this.timeout(60_000);
    const built = await esbuild.build({
      entryPoints: [path.join(root, 'src/debugger/worker-browser.ts')],
      bundle: true,
      platform: 'browser',
      format: 'iife',
      write: false,
      logLevel: 'silent',
    });
    // What a dedicated worker has, and no more: no process, no require, no Buffer.
    const listeners: ((event: { data: unknown }) => void)[] = [];
    const ask = (data: unknown): void => listeners.forEach((listener) => listener({ data }));
    const channel = new MessageChannel();
    try {
      const stopped = new Promise<string>((resolve) => {
        const scope = {
          MessageChannel: class {
            port1 = channel.port1;
            port2 = channel.port2;
          },
          TextDecoder,
          TextEncoder,
          URL,
          performance,
          atob,
          btoa,
          console,
          setTimeout,
          queueMicrotask,
          clearTimeout,
          addEventListener: (_type: string, listener: (event: { data: unknown }) => void) => listeners.push(listener),
          postMessage: (message: {
            type: string;
            id: number;
            path: string;
            event?: string;
            body: { reason: string };
          }) => {
            if (message.type === 'osim/read') void answer(message.id, message.path).then(ask);
            if (message.event === 'initialized')
              setTimeout(() => ask({ seq: 3, type: 'request', command: 'configurationDone' }));
            if (message.event === 'stopped') resolve(message.body.reason);
          },
        };
        vm.runInNewContext(built.outputFiles[0]?.text ?? '', scope);
        ask({ seq: 1, type: 'request', command: 'initialize', arguments: { adapterID: 'osim' } });
        ask({ seq: 2, type: 'request', command: 'launch', arguments: { program, stopOnEntry: true } });
      });
      assert.equal(await stopped, 'entry');
    } finally {
      channel.port1.close();
    }
  });
});

async function answer(id: number, file: string): Promise<unknown> {
  const local = file.startsWith('osim-dist:/') ? path.join(root, 'dist', file.slice('osim-dist:/'.length)) : file;
  return { type: 'osim/contents', id, contents: new Uint8Array(await readFile(local)) };
}
