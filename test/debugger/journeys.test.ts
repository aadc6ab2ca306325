import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { Client, example, root } from './client.js';

/** All but those that only others import. */
const EXAMPLES = readdirSync(path.join(root, 'examples'))
  .filter((name) => name.endsWith('.osim'))
  .filter((name) => /^process /m.test(readFileSync(path.join(root, 'examples', name), 'utf8')))
  .map((name) => name.slice(0, -'.osim'.length));

const command = fc.oneof(
  { weight: 5, arbitrary: fc.constant('next' as const) },
  { weight: 5, arbitrary: fc.constant('stepIn' as const) },
  { weight: 2, arbitrary: fc.constant('stepOut' as const) },
  { weight: 5, arbitrary: fc.constant('stepBack' as const) },
  { weight: 1, arbitrary: fc.constant('reverseContinue' as const) },
  { weight: 1, arbitrary: fc.constant('seek' as const) },
  { weight: 1, arbitrary: fc.constant('set' as const) },
);

const RUNS = Number(process.env['JOURNEYS'] ?? (process.env['OSIM_LONG'] ? 60 : 6));

/** One move; false when the program has ended. */
async function move(client: Client, kind: typeof command extends fc.Arbitrary<infer T> ? T : never): Promise<boolean> {
  if (kind === 'set') return setSomething(client);
  const stopped = client.stopped();
  const { machine } = client.session.debuggee!;
  const response =
    kind === 'seek'
      ? await client.ask('osim/seek', { step: Math.floor(machine.steps * 0.9) })
      : await client.ask(kind, { threadId: client.threadId });
  if (!response.success) {
    assert.match(response.message ?? '', /outermost|no thread/, `${kind}: ${response.message}`);
    return false;
  }
  const ended = new Promise<null>((resolve) => {
    const timer = setInterval(() => {
      if (!client.events.some(({ event }) => event === 'terminated')) return;
      clearInterval(timer);
      resolve(null);
    }, 2);
    void stopped.then(() => clearInterval(timer));
  });
  const stop = await Promise.race([stopped, ended]);
  if (!stop) return false;
  client.threadId = stop.threadId;
  return true;
}

/** Sets the first integer among the locals, if there is one. */
async function setSomething(client: Client): Promise<boolean> {
  const [frame] = await client.frames();
  if (!frame) return true;
  const { scopes } = await client.request('scopes', { frameId: frame.id });
  const { variablesReference } = scopes[0] as { variablesReference: number };
  const local = [...(await client.variables(variablesReference)).values()].find(({ type }) => type === 'int');
  if (local) await client.request('setVariable', { variablesReference, name: local.name, value: `${local.value} + 1` });
  return true;
}

describe('debugger: journeys through the examples', () => {
  it('the same step always shows the same state, however one came there', async function () {
    this.timeout(0);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...EXAMPLES),
        fc.array(command, { minLength: 5, maxLength: 40 }),
        async (name, moves) => {
          const client = new Client();
          await client.launch(example(name), { stopOnEntry: true });
          await client.stop();
          const seen = new Map<number, string>();
          const look = async (): Promise<void> => {
            const { machine } = client.session.debuggee!;
            const hash = machine.stateHash();
            const known = seen.get(machine.steps);
            assert.equal(hash, known ?? hash, `step ${machine.steps} of ${name}`);
            seen.set(machine.steps, hash);
            // To look is not to touch.
            await client.where();
            await client.scope('Locals');
            await client.scope('Kernel');
            await client.request('osim/snapshot');
            await client.threads();
            assert.equal(machine.stateHash(), hash, 'looking has changed something');
          };
          await look();
          for (const kind of moves) {
            const { machine } = client.session.debuggee!;
            if (!(await move(client, kind))) break;
            // What was set changes this step and all that follow.
            if (kind === 'set') for (const step of [...seen.keys()]) if (step >= machine.steps) seen.delete(step);
            await look();
          }
          for (const fault of client.faults) throw fault;
          client.session.close();
        },
      ),
      { numRuns: RUNS },
    );
  });

  it('steps forward and the same steps back pass the same places', async function () {
    this.timeout(0);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...EXAMPLES),
        fc.array(fc.constantFrom('next' as const, 'stepIn' as const), { minLength: 5, maxLength: 60 }),
        async (name, moves) => {
          const client = new Client();
          await client.launch(example(name), { stopOnEntry: true });
          await client.stop();
          const { machine } = client.session.debuggee!;
          const places: [number, string, number][] = [];
          const here = async (): Promise<[number, string, number]> => [
            machine.steps,
            await client.where(),
            client.threadId,
          ];
          for (const kind of moves) {
            const before = await here();
            if (!(await move(client, kind))) return client.session.close();
            places.push(before);
          }
          while (places.length > 0) {
            await client.step('stepBack');
            assert.deepEqual(await here(), places.pop());
          }
          client.session.close();
        },
      ),
      { numRuns: RUNS },
    );
  });
});
