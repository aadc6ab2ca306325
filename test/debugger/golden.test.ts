import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { DebugProtocol as P } from '@vscode/debugprotocol';
import { STATE_EVENT, type StateEvent } from '../../src/debugger/messages.js';
import { PROGRAM, clientFor, root, type Client } from './client.js';

/** What depends on the kernel's present text, and would change with every line of it. */
const UNSTABLE = new Set([
  'step',
  'time',
  'clock',
  'instructionPointerReference',
  'memoryReference',
  'namedVariables',
  'indexedVariables',
]);

/** A transcript as one reads it: a line a message, what is unstable left out. */
function transcript(client: Client): string {
  const lines = client.messages.filter((message) => !isSign(message)).map((message) => line(message));
  return lines.join('\n') + '\n';
}

/** A sign of life of a running machine comes by the host's clock: often on a busy one, seldom on a fast one. */
function isSign(message: P.ProtocolMessage): boolean {
  const { event, body } = message as P.Event;
  return event === STATE_EVENT && (body as StateEvent).running;
}

function line(message: P.ProtocolMessage): string {
  if (message.type === 'response') {
    const { command, success, message: why, body } = message as P.Response;
    return `<- ${command}${success ? '' : ` REFUSED ${why}`} ${text(body)}`.trimEnd();
  }
  const { event, body } = message as P.Event;
  return `** ${event} ${text(body)}`.trimEnd();
}

function text(body: unknown): string {
  if (body === undefined) return '';
  return JSON.stringify(body, (key, value: unknown) => {
    if (UNSTABLE.has(key)) return undefined;
    return typeof value === 'string'
      ? value.replace(/\d+ ticks, \d+ steps/, 'N ticks, N steps').replace(/0x[0-9a-f]{6,}/g, '0x…')
      : value;
  });
}

/** Compares with the file of this name; UPDATE_GOLDEN=1 writes it anew, to be read before it is committed. */
function matchesGolden(name: string, actual: string): void {
  const file = path.join(root, 'test/debugger/golden', `${name}.txt`);
  if (process.env['UPDATE_GOLDEN'] || !existsSync(file)) {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, actual);
    if (!process.env['UPDATE_GOLDEN']) assert.fail(`${file} was missing and has been written: read it, and commit it`);
  }
  assert.equal(actual, readFileSync(file, 'utf8'));
}

describe('debugger: golden transcripts', () => {
  it('a session from the breakpoint to the end', async () => {
    const client = clientFor(
      'var total = 0;\n\nfn add(a, b) {\n  return a + b;\n}\n\nprocess p {\n  total = add(1, 2);\n  print("total", total);\n}\n',
    );
    await client.launch(PROGRAM, { lines: [8] });
    await client.stop();
    for (const command of ['next', 'stepBack', 'stepIn', 'stepOut', 'next'] as const) {
      await client.threads();
      const [frame] = await client.frames();
      const { scopes } = await client.request('scopes', { frameId: frame?.id });
      await client.variables(scopes[0].variablesReference);
      await client.step(command);
    }
    await client.ask('evaluate', { expression: 'total + nosuch', context: 'watch' });
    const ended = client.event('terminated');
    await client.request('continue', { threadId: client.threadId });
    await ended;
    await client.request('disconnect');
    matchesGolden('session', transcript(client));
  });
});
