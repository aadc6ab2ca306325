/**
 * The debugger reads for a program what the command line reads, and no more; and it answers, whatever a path leads to.
 */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import type { DebugProtocol as P } from '@vscode/debugprotocol';
import { FrameReader, frame } from '../../src/debugger/framing-node.js';
import { describePosix } from '../hosts.js';
import { HostileFolder, hostilePrograms, SECRET } from '../hostile-folder.js';
import { root } from './client.js';

/** `osim debug` as an editor runs it. */
class Adapter {
  private readonly process: ChildProcess;
  private readonly waiting = new Map<number, (response: P.Response) => void>();
  private seq = 1;
  /** All that it said. */
  said = '';

  constructor() {
    this.process = spawn(process.execPath, [path.join(root, 'bin/osim.cjs'), 'debug'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const reader = new FrameReader((message) => {
      this.said += JSON.stringify(message);
      const response = message as P.Response;
      if (response.type === 'response') this.waiting.get(response.request_seq)?.(response);
    });
    this.process.stdout?.on('data', (chunk: Buffer) => reader.push(chunk));
  }

  ask(command: string, args: object): Promise<P.Response> {
    const seq = this.seq++;
    return new Promise((resolve) => {
      this.waiting.set(seq, resolve);
      this.process.stdin?.write(frame({ seq, type: 'request', command, arguments: args }));
    });
  }

  async refusal(launch: object): Promise<string> {
    const { success, message } = await this.ask('launch', launch);
    assert.equal(success, false, JSON.stringify(launch));
    return message ?? '';
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.process.on('exit', () => resolve());
      this.process.stdin?.end();
    });
  }
}

describePosix('debugger: files of the host', function () {
  this.timeout(60_000);
  let folder: HostileFolder;
  let adapter: Adapter;
  before(async () => {
    folder = await new HostileFolder().make();
    adapter = new Adapter();
    await adapter.ask('initialize', { adapterID: 'osim' });
  });
  after(async () => {
    await adapter.stop();
    await folder.remove();
  });

  it('are those in the folder of the program, by path and by URI', async () => {
    for (const [i, { text, says }] of hostilePrograms(folder).entries()) {
      const file = folder.write('main.osim', text);
      const program = i % 2 === 0 ? file : `file://${file}`;
      const message = await adapter.refusal({ program });
      assert.match(message, says, text);
      assert.match(message, /main\.osim:1:\d+: error: /, text);
    }
    assert.ok(!adapter.said.includes(SECRET));
  });

  it('are files when launch.json names them', async () => {
    const program = folder.write('main.osim', 'process p { print(1); }');
    for (const name of ['fifo', 'device', 'directory', 'socket', 'large', 'loop']) {
      const file = path.join(folder.path, `${name}.osim`);
      const says = /can not be read: (it is not a file|its links go|it has \d+ bytes|there is no such file)/;
      assert.match(await adapter.refusal({ program: file }), says, name);
      assert.match(await adapter.refusal({ program, scheduler: file }), says, name);
    }
    for (const [i, target] of ['../../outside/secret.osim', '/dev/zero', '../fifo.osim'].entries()) {
      const kernel = path.join(folder.path, `kernel${i}`);
      mkdirSync(kernel);
      symlinkSync(target, path.join(kernel, 'sched.osim'));
      assert.match(await adapter.refusal({ program, kernel }), /kernel file .* can not be read: it lies outside/);
    }
    for (const file of ['file:///etc%2fpasswd', 'file://elsewhere/etc/passwd', 'a\0b.osim']) {
      assert.match(await adapter.refusal({ program: file }), /can not be read: /);
    }
    assert.ok(!adapter.said.includes(SECRET));
  });

  it('may lie elsewhere in the workspace', async () => {
    folder.write('shared/50% peer.osim', 'fn peer() { return 7; }');
    const program = folder.write('lessons/one.osim', 'import "../shared/50% peer.osim";\nprocess p { print(peer()); }');
    assert.match(await adapter.refusal({ program }), /outside of the program's folder/);
    for (const workspace of [path.join(folder.path, 'lessons'), '/nowhere']) {
      assert.match(await adapter.refusal({ program, workspace }), /outside of the program's folder/);
    }
    const launch = { program: `file://${program}`, workspace: `file://${folder.path}/` };
    const { success, message } = await adapter.ask('launch', launch);
    assert.ok(success, message);
  });
});
