import assert from 'node:assert/strict';
import { Connection, RequestError, type HandlerTable } from '../../src/debugger/protocol.js';

interface Message {
  seq: number;
  type: string;
  command?: string;
  event?: string;
  request_seq?: number;
  success?: boolean;
  message?: string;
  body?: unknown;
}

/** A connection with these handlers; what it sends is collected. */
interface Connected {
  connection: Connection;
  sent: Message[];
  faults: unknown[];
  /** So many messages have been sent. */
  answered(count: number): Promise<void>;
}

function connect(handlers: HandlerTable): Connected {
  const sent: Message[] = [];
  const faults: unknown[] = [];
  let onSent = (): void => {};
  const connection: Connection = new Connection(
    (message) => {
      sent.push(message);
      onSent();
    },
    (error) => faults.push(error),
  );
  connection.serve(handlers);
  const answered = (count: number): Promise<void> =>
    new Promise((resolve) => {
      onSent = () => void (sent.length >= count && resolve());
      onSent();
    });
  return { connection, sent, faults, answered };
}

function request(seq: number, command: string, args?: unknown): object {
  return { seq, type: 'request', command, arguments: args };
}

describe('debugger: protocol rules', () => {
  it('answers before the events that the handler raised', () => {
    const { connection, sent } = connect({
      threads: () => {
        connection.event('stopped', { reason: 'step' });
        return { threads: [] };
      },
    });
    connection.receive(request(7, 'threads'));
    assert.deepEqual(
      sent.map((m) => m.type),
      ['response', 'event'],
    );
    assert.equal(sent[0]?.request_seq, 7);
    assert.equal(sent[0]?.success, true);
    assert.deepEqual(
      sent.map((m) => m.seq),
      [1, 2],
    );
  });

  it('turns a refusal into an error response in the words of the refusal', () => {
    const { connection, sent, faults } = connect({
      threads: () => {
        throw new RequestError('Nothing runs {yet}');
      },
    });
    connection.receive(request(1, 'threads'));
    assert.equal(sent.length, 1);
    assert.equal(sent[0]?.success, false);
    assert.equal(sent[0]?.message, 'Nothing runs {yet}');
    assert.deepEqual(faults, []);
  });

  it('reports its own faults without a stack', async () => {
    const { connection, sent, faults } = connect({
      threads: () => {
        throw new TypeError('x is not a function');
      },
      modules: () => Promise.reject(new TypeError('late')),
    });
    connection.receive(request(1, 'threads'));
    connection.receive(request(2, 'modules'));
    await Promise.resolve();
    await Promise.resolve();
    assert.equal(sent.length, 2);
    assert.ok(sent.every((m) => m.success === false && !m.message?.includes('\n')));
    assert.equal(faults.length, 2);
  });

  it('refuses unknown commands, commands of Object.prototype, and requests without a command', () => {
    const { connection, sent } = connect({});
    for (const command of ['frobnicate', 'toString', '__proto__', 'constructor'])
      connection.receive(request(1, command));
    connection.receive({ seq: 5, type: 'request' });
    connection.receive({ type: 'request', command: 12 });
    assert.equal(sent.length, 6);
    assert.ok(sent.every((m) => m.success === false));
  });

  it('names the argument that is wrong', () => {
    const { connection, sent } = connect({ scopes: () => ({}), setBreakpoints: () => ({}) });
    connection.receive(request(1, 'scopes', { frameId: 'one' }));
    connection.receive(request(2, 'scopes'));
    connection.receive(request(3, 'setBreakpoints', { source: {}, breakpoints: [{ line: 1 }, { line: null }] }));
    assert.match(sent[0]?.message ?? '', /frameId must be an integer/);
    assert.match(sent[1]?.message ?? '', /must be an object/);
    assert.match(sent[2]?.message ?? '', /breakpoints \[1\] line must be an integer/);
  });

  it('takes null for an argument that is left out', () => {
    const { connection, sent } = connect({ stackTrace: () => ({}) });
    connection.receive(request(1, 'stackTrace', { threadId: 1, startFrame: null, levels: null }));
    assert.equal(sent[0]?.success, true);
  });

  it('handles requests in order, one at a time, while a slow one is under way; pause gets through', async () => {
    let finishLaunch: (value: unknown) => void = () => {};
    const order: string[] = [];
    const { connection, sent, answered } = connect({
      launch: () => {
        order.push('launch');
        return new Promise((resolve) => (finishLaunch = resolve));
      },
      threads: () => {
        order.push('threads');
      },
      pause: () => {
        order.push('pause');
      },
    });
    connection.receive(request(1, 'launch', { program: 'x.osim' }));
    for (let i = 0; i < 5000; i++) connection.receive(request(2 + i, 'threads'));
    connection.receive(request(9000, 'pause', { threadId: 1 }));
    assert.deepEqual(order, ['launch', 'pause']);
    finishLaunch(undefined);
    await answered(5002);
    assert.equal(sent.length, 5002);
    assert.deepEqual(
      sent.slice(0, 3).map((m) => m.command),
      ['pause', 'launch', 'threads'],
    );
  });

  it('is not confused by a client that asks again from inside an answer', () => {
    const answers: string[] = [];
    const connection: Connection = new Connection((message) => {
      const m = message as unknown as Message;
      answers.push(m.command ?? (m.event as string));
      if (m.command === 'threads') connection.receive(request(2, 'modules'));
    });
    connection.serve({
      threads: () => {
        connection.event('output');
        connection.afterResponse(() => connection.event('stopped'));
      },
      modules: () => ({}),
    });
    connection.receive(request(1, 'threads'));
    assert.deepEqual(answers, ['threads', 'output', 'stopped', 'modules']);
  });

  it('ignores what is no request', () => {
    const { connection, sent } = connect({});
    for (const odd of [null, undefined, 3, 'x', [], {}, { type: 'event' }, { type: 'response', seq: 1 }])
      connection.receive(odd);
    assert.deepEqual(sent, []);
  });
});
