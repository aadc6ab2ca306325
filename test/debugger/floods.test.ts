/** What comes in masses: output, log lines, events, messages, names with many stars. It stays within bounds. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import { Flood } from '../../src/computer/flood.js';
import { LONGEST_LINE } from '../../src/language/limits.js';
import { NamePattern } from '../../src/computer/name-pattern.js';
import { FrameReader, frame } from '../../src/debugger/framing-node.js';
import { serve } from '../../src/debugger/server-node.js';
import { clientFor, PROGRAM, root, type Client } from './client.js';
import { Folder } from '../cli/command.js';

const MEGABYTE = 2 ** 20;

/** Runs a program until it has printed so much, on a host of any speed. */
async function runUntilPrinted(client: Client, characters: number): Promise<void> {
  await client.launch(PROGRAM);
  while (client.output('console').length < characters) await delay(20);
  const stopped = client.stopped();
  await client.request('pause', { threadId: 1 });
  await stopped;
}

const outputs = (client: Client): string[] =>
  client.events.filter(({ event }) => event === 'output').map(({ body }) => (body as { output: string }).output);

describe('debugger: floods', function () {
  this.timeout(60_000);

  it('of log() come in few events, each line once and in order', async () => {
    const client = clientFor('process p { let i = 0; while (true) { log(i); i++; } }');
    await runUntilPrinted(client, 4000);
    const lines = client.output('console').trim().split('\n').slice(1); // the session's greeting
    assert.ok(lines.length > 500, `${lines.length} lines`);
    lines.forEach((line, i) => assert.equal(line, String(i)));
    const events = outputs(client).length;
    assert.ok(events < lines.length / 20, `${events} events for ${lines.length} lines`);
  });

  it('of log(), log points and printed events end with a sentence, and the run goes on', async () => {
    const ways: [text: string, launch: object, logMessage?: string][] = [
      ['process p {\nlet s = repeat("x", 1000000); while (true) { log(s); } }', {}],
      ['process p {\nlet s = repeat("x", 60000); let i = 0;\nwhile (true) { i++; } }', {}, '{s}{s}{s}'],
    ];
    for (const [text, launch, logMessage] of ways) {
      const client = clientFor(text);
      const lines = logMessage === undefined ? [] : [{ line: 3, logMessage }];
      await client.launch(PROGRAM, { lines, ...launch });
      const size = (): number => outputs(client).reduce((sum, output) => sum + output.length, 0);
      for (let i = 0; i < 1500 && !/not shown/.test(outputs(client).at(-1) ?? ''); i++) await delay(20);
      const all = size();
      assert.ok(all > 60 * MEGABYTE && all < 66 * MEGABYTE, `${all} characters`);
      assert.match(
        outputs(client).at(-1) ?? '',
        /have come to 64 MiB: from here on they are not shown\. The run goes on\./,
      );
      await delay(50);
      assert.equal(size(), all);
      const stopped = client.stopped();
      await client.request('pause', { threadId: 1 });
      await stopped;
      client.session.close();
      client.messages.length = client.events.length = 0;
    }
  });

  it('of log() on the command line end, too', () => {
    const folder = new Folder({ 'flood.osim': 'process p { let s = repeat("x", 60000); while (true) { log(s); } }' });
    try {
      const { status, stderr } = folder.osimWith(
        { maxBuffer: 200 * MEGABYTE },
        'run',
        'flood.osim',
        '--max-steps',
        '100000',
      );
      assert.equal(status, 5);
      assert.ok(stderr.length < 66 * MEGABYTE);
      assert.equal(stderr.split('not shown').length, 2);
      assert.match(stderr.slice(-300), /limit/);
    } finally {
      folder.remove();
    }
  });

  it('of output wait for a client that reads slowly, whose pause is answered all the same', async () => {
    const folder = new Folder({ 'p.osim': 'process p { let s = repeat("x", 20000); while (true) { write(1, s); } }' });
    const input = new PassThrough();
    const client = new SlowReader();
    const served = serve(path.join(root, 'dist'), input, client);
    let seq = 1;
    const ask = (command: string, args?: object): void =>
      void input.write(frame({ seq: seq++, type: 'request', command, arguments: args }));
    try {
      ask('initialize', { adapterID: 'osim' });
      ask('launch', { program: path.join(folder.path, 'p.osim'), stopOnExit: true });
      ask('configurationDone');
      while (!client.events.includes('initialized')) {
        client.read();
        await delay(5);
      }
      await delay(1000);
      assert.ok(client.writableLength > 100_000, 'nothing has come');
      assert.ok(client.writableLength < 4 * MEGABYTE, `${client.writableLength} bytes wait for the client`);
      ask('pause', { threadId: 1 });
      for (let i = 0; i < 2000 && !client.events.includes('stopped'); i++) {
        client.read();
        await delay(1);
      }
      assert.ok(client.events.includes('stopped'));
      client.readAll();
    } finally {
      input.end();
      await served;
      folder.remove();
    }
  });

  it('keep a line and the whole within bounds', () => {
    const flood = new Flood('Lines', 1_000_000);
    const shown: string[] = [];
    for (let i = 0; i < 100_000; i++) {
      const line = flood.admit(i === 7 ? 'y'.repeat(200_000) : `line ${i}`);
      if (line !== null) shown.push(line);
    }
    assert.equal(shown[6], 'line 6');
    assert.match(shown[7] ?? '', /^y+\.\.\. \(a line has 131072 characters at most\)$/);
    assert.ok((shown[7]?.length ?? 0) < LONGEST_LINE + 50);
    assert.match(shown.at(-1) ?? '', /^Lines have come to/);
    assert.equal(shown.filter((line) => line.startsWith('Lines')).length, 1);
  });
});

/** A client that takes a message only when it is told to. */
class SlowReader extends Writable {
  readonly events: string[] = [];
  private waiting: (() => void) | null = null;
  private patient = true;
  private readonly reader = new FrameReader((message) => {
    const { type, event } = message as { type: string; event?: string };
    if (type === 'event' && event !== undefined) this.events.push(event);
  });

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.reader.push(chunk);
    if (this.patient) this.waiting = done;
    else done();
  }

  read(): void {
    for (let i = 0; i < 20; i++) {
      const { waiting } = this;
      this.waiting = null;
      waiting?.();
    }
  }

  readAll(): void {
    this.patient = false;
    this.read();
  }
}

describe('names with stars', () => {
  it('match as the same expression would', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '_'), maxLength: 8 });
    const pattern = fc.array(letters, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('*'));
    fc.assert(
      fc.property(pattern, letters, (stars, name) => {
        assert.equal(new NamePattern(stars).test(name), new RegExp(`^${stars.replaceAll('*', '.*')}$`).test(name));
      }),
      { numRuns: 2000 },
    );
    assert.ok(new NamePattern('a.c').test('a.c') && !new NamePattern('a.c').test('abc'));
  });

  it('are answered at once, however many stars', async () => {
    const stars = `${'*'.repeat(40)}x`;
    const many = `${'*a'.repeat(200)}*x`;
    const client = clientFor('process p { getpid(); }');
    await client.launch(PROGRAM, { functions: [stars, many, `irq:${stars}`], trace: [stars, many], stopOnExit: true });
    await client.stopped();
    const folder = new Folder({ 'p.osim': 'process p { getpid(); }' });
    try {
      assert.equal(folder.osim('trace', 'p.osim', '--events', `${stars},${many}`).status, 0);
    } finally {
      folder.remove();
    }
  });
});

describe('the frame reader', () => {
  /** Bytes that it copies for a message of so many that comes in pieces. */
  function copied(bytes: number): number {
    const message = Buffer.from(frame({ text: 'x'.repeat(bytes) }));
    const { concat } = Buffer;
    let sum = 0;
    Buffer.concat = (list, length) => {
      const all = concat(list, length);
      sum += all.length;
      return all;
    };
    try {
      const seen: unknown[] = [];
      const reader = new FrameReader((m) => seen.push(m));
      for (let at = 0; at < message.length; at += 4096) reader.push(message.subarray(at, at + 4096));
      assert.equal(seen.length, 1);
    } finally {
      Buffer.concat = concat;
    }
    assert.ok(sum >= bytes, 'its copies are not counted');
    return sum;
  }

  it('copies a message once, however many pieces it comes in', () => {
    const [small, large] = [copied(1_000_000), copied(4_000_000)];
    assert.ok(large <= 4.1 * small && large <= 4_100_000, `${small} and ${large} bytes`);
  });

  it('skips a message that is too long, says so, and goes on behind it', () => {
    const seen: unknown[] = [];
    const skipped: string[] = [];
    const reader = new FrameReader(
      (message) => seen.push(message),
      (what) => skipped.push(what),
    );
    const length = 65 * MEGABYTE;
    reader.push(Buffer.from(`Content-Length: ${length}\r\n\r\n`));
    for (let left = length; left > 0; left -= MEGABYTE) reader.push(Buffer.alloc(Math.min(left, MEGABYTE)));
    reader.push(Buffer.from(frame({ seq: 1 })));
    assert.deepEqual(seen, [{ seq: 1 }]);
    assert.deepEqual(skipped, [`a message of ${length} bytes: ${64 * MEGABYTE} is the most`]);
  });
});
