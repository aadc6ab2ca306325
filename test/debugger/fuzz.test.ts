import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { DebugProtocol as P } from '@vscode/debugprotocol';
import { COMMANDS } from '../../src/debugger/arguments.js';
import { Client, PROGRAM } from './client.js';

const TEXT = `var g = 1;
fn f(x) { return x + g; }
process p {
  let p = 3;
  let list = [1, 2];
  let fd = open("/a", O_RDWR | O_CREAT);
  while (true) { g = f(g) % 1000; write(fd, "x"); sleep(3); }
}
process q { let b = alloc(10); read(0, b, 10); }
`;

/** Words that mean something to some request: odd values in the right places find more than noise. */
const word = fc.constantFrom(
  PROGRAM, 'osim-kernel:/fs/read.osim', 'p', 'g', 'list', '"p"', '1 + g', 'list[0]', 'kernel.tasks[2].state', 'read', 'sched_switch', 'irq:*', 'kernel.tasks', '0x2b0000000', '0xc1000000', '0x08048000', 'x', '', 'fault',
  'ps', 'until g > 500', 'goto-time 50', 'why 2', 'instruction', 'repl', 'hover', 'global:2:g', 'kernel:stats', 'field:3238002688:pid', '==2', '{g}', '__proto__', 'AAAA',
); // prettier-ignore
const integer = fc.oneof(
  fc.integer({ min: -3, max: 12 }),
  fc.constantFrom(1000, 1001, 2 ** 31, -(2 ** 40), 1e300, NaN, 1.5, 999_999_999, 1_000_000_000),
);
const leaf = fc.oneof(word, integer, fc.boolean(), fc.constant(null), fc.string({ maxLength: 5 }));
const KEYS = [
  'threadId', 'frameId', 'variablesReference', 'source', 'path', 'breakpoints', 'line', 'column', 'name', 'value', 'expression', 'context', 'start', 'count', 'filter',
  'memoryReference', 'offset', 'instructionOffset', 'instructionCount', 'granularity', 'levels', 'startFrame', 'filters', 'filterOptions', 'filterId', 'condition', 'hitCondition',
  'logMessage', 'data', 'dataId', 'threadIds', 'text', 'step', 'program', 'arguments', 'instructionReference', 'requestId', 'endLine', 'format', 'hex',
]; // prettier-ignore
const value: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...KEYS), tie('value'), { maxKeys: 4 }),
  ),
})).value;

const expression = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('g', 'p', 'list', 'fd', '1 + g', 'list[0]', 'kernel.tasks[2].state', 'g = 3', 'list[1] = "x"', 'until g > 5', 'ps', 'fds 2', '__proto__') },
  { weight: 1, arbitrary: word },
); // prettier-ignore

/** Arguments that are nearly right: all of a request's names, most with fitting values. */
const fields = {
  threadId: fc.constantFrom(2, 2, 2, 1, 3, 4, 999_999_999, 1_000_000_000),
  frameId: fc.constantFrom(1000, 1000, 1000, 1000, 1001, 5),
  variablesReference: fc.integer({ min: 0, max: 12 }),
  source: fc.record({ path: fc.constantFrom(PROGRAM, 'osim-kernel:/fs/read.osim', 'osim-std:/libc.osim', '/none') }),
  breakpoints: fc.array(
    fc.record(
      {
        line: fc.integer({ min: -1, max: 12 }),
        column: fc.integer({ min: 0, max: 40 }),
        name: word,
        condition: word,
        hitCondition: word,
        logMessage: word,
        instructionReference: word,
        dataId: word,
      },
      { requiredKeys: ['line', 'name', 'instructionReference', 'dataId'] },
    ),
    { maxLength: 3 },
  ),
  line: fc.integer({ min: 0, max: 10 }),
  column: fc.integer({ min: 0, max: 30 }),
  name: expression,
  value: expression,
  expression,
  context: fc.constantFrom('repl', 'watch', 'hover', 'clipboard', 'x'),
  text: expression,
  memoryReference: fc.oneof(fc.constantFrom('0x209000000', '0x2bfffff00', '0xc1000000', '0x08048000', '0x7fffffff00001000'), word),
  data: fc.constantFrom('AAAA', '', '%', 'AA=='),
  granularity: fc.constantFrom('statement', 'instruction', 'x'),
  count: fc.integer({ min: 0, max: 5000 }),
  start: fc.integer({ min: 0, max: 300 }),
  instructionCount: fc.integer({ min: 0, max: 300 }),
  instructionOffset: fc.integer({ min: -100, max: 100 }),
  filters: fc.array(word, { maxLength: 3 }),
  threadIds: fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 2 }),
  step: fc.integer({ min: -5, max: 20_000 }),
  fromTime: fc.integer({ min: -5, max: 500 }),
  toTime: fc.integer({ min: 300, max: 3000 }),
  bins: fc.integer({ min: 0, max: 50 }),
  backward: fc.boolean(),
  program: fc.constant(PROGRAM),
}; // prettier-ignore
const plausible = fc.oneof(
  { weight: 9, arbitrary: fc.record(fields) },
  { weight: 1, arbitrary: fc.record(fields, { requiredKeys: [] }) },
);

/** After these the rest is refused, mostly. */
const ENDINGS = ['terminate', 'disconnect', 'restart', 'launch'];
const command = fc.oneof(
  { weight: 30, arbitrary: fc.constantFrom(...COMMANDS.filter((name) => !ENDINGS.includes(name))) },
  { weight: 1, arbitrary: fc.constantFrom(...ENDINGS) },
  { weight: 4, arbitrary: fc.constant('pause') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('', 'nosuch', 'toString', '__proto__', 'gotoTargets', 'goto', 'locations'),
  },
);
const request = fc.record({
  command,
  args: fc.oneof(
    { weight: 10, arbitrary: plausible },
    { weight: 1, arbitrary: value },
    { weight: 1, arbitrary: fc.constant(undefined) },
  ),
});

/** How many requests of each command were granted and refused: `FUZZ_REPORT=1` prints it, to judge the generator by. */
const outcomes = new Map<string, [granted: number, refused: Map<string, number>]>();

function note({ command: name, success, message }: P.Response): void {
  const entry = outcomes.get(name) ?? [0, new Map<string, number>()];
  outcomes.set(name, entry);
  if (success) entry[0]++;
  else entry[1].set(message ?? '', (entry[1].get(message ?? '') ?? 0) + 1);
}

after(() => {
  if (!process.env['FUZZ_REPORT']) return;
  for (const [name, [granted, refused]] of outcomes) {
    const reasons = [...refused].sort((a, b) => b[1] - a[1]).slice(0, 4);
    console.log(
      `${name}: ${granted} granted; ${reasons.map(([why, count]) => `${count} ${why.slice(0, 60)}`).join('; ')}`,
    );
  }
});

const launchedFirst = fc.oneof(
  { weight: 6, arbitrary: fc.constant(true) },
  { weight: 1, arbitrary: fc.constant(false) },
);

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 60);

describe('debugger: protocol fuzz', () => {
  it('each request gets exactly one response, in whatever order and with whatever arguments', async function () {
    this.timeout(0);
    await fc.assert(
      fc.asyncProperty(
        fc.array(request, { minLength: 5, maxLength: 40 }),
        launchedFirst,
        async (requests, launched) => {
          const client = new Client({ [PROGRAM]: TEXT });
          if (launched) {
            await client.launch(PROGRAM, { lines: [7] });
            await client.stop();
            const [frame] = await client.frames();
            await client.request('scopes', { frameId: frame?.id });
          }
          const asked = new Map<number, string>();
          let seq = 10_000;
          for (const { command: name, args } of requests) {
            // Mostly the client is a sensible one, that has paused and looked before it asks.
            if (launched && seq % 4 !== 0) await lookAround(client);
            asked.set(++seq, name);
            client.session.receive({ seq, type: 'request', command: name, arguments: args });
            // Sometimes the client waits a little, sometimes it does not.
            if (seq % 2 === 0) for (let i = 0; i <= seq % 4; i++) await new Promise((resolve) => setImmediate(resolve));
          }
          await quiet(client, asked);
          const responses = client.messages.filter(
            (m): m is P.Response => m.type === 'response' && asked.has((m as P.Response).request_seq),
          );
          const counts = new Map<number, number>();
          for (const { request_seq } of responses) counts.set(request_seq, (counts.get(request_seq) ?? 0) + 1);
          for (const [id, name] of asked)
            assert.equal(counts.get(id) ?? 0, 1, `${name} got ${counts.get(id) ?? 0} responses`);
          for (const response of responses) {
            note(response);
            assert.equal(response.command, asked.get(response.request_seq));
            if (!response.success) assert.ok(response.message && !/\n\s+at /.test(response.message), response.message);
          }
          for (const fault of client.faults) throw fault;
          assert.ok(
            client.messages.every((message, i) => message.seq === i + 1),
            'sequence numbers are those of the order of sending',
          );
          JSON.stringify(client.messages);
          client.session.close();
        },
      ),
      // A request that is never answered is told with what led to it.
      { numRuns: RUNS, timeout: 15_000 },
    );
  });
});

/** Brings the session to a stop and gets frames and variables, if that is still possible. */
async function lookAround(client: Client): Promise<void> {
  const { execution } = client.session;
  if (execution.running) await client.ask('pause', {});
  await client.when(() => !execution.running);
  const { body } = await client.ask('stackTrace', { threadId: client.session.debuggee ? 2 : 0 });
  const frame = (body as { stackFrames?: P.StackFrame[] } | undefined)?.stackFrames?.[0];
  if (frame) await client.ask('scopes', { frameId: frame.id });
}

/** Waits until all that was asked is answered, pausing whatever runs without end. */
async function quiet(client: Client, asked: ReadonlyMap<number, string>): Promise<void> {
  const answered = (): number =>
    client.messages.filter((m) => m.type === 'response' && asked.has((m as P.Response).request_seq)).length;
  await client.when(() => answered() === asked.size);
}
