/** The debugger, through the protocol, in process: what a user waits for after each key. */
import { PROGRAM, clientFor, type Client } from '../debugger/client.js';
import { median, type Bench, type Row } from './measure.js';

const STEPS = 400;
const LAUNCHES = 9;

const TEXT = `var total = 0;
fn add(a, b) {
  let c = a + b;
  return c;
}
process p {
  let xs = [1, 2, 3];
  for (i in 0..100000) {
    total = add(total, i);
    if (i % 50 == 0) { getpid(); }
  }
}
process others count TASKS { sleep(100000000); }
`;

async function stopped(tasks: number): Promise<Client> {
  const client = clientFor(TEXT.replace('TASKS', String(tasks)));
  await client.launch(PROGRAM, { lines: [9] });
  await client.stop();
  await client.breakpoints(PROGRAM, []);
  return client;
}

/** Median of what `move` takes, milliseconds. */
async function timed(times: number, move: () => Promise<unknown>): Promise<number> {
  const figures: number[] = [];
  for (let i = 0; i < times; i++) {
    const began = performance.now();
    await move();
    figures.push(performance.now() - began);
  }
  return median(figures);
}

/** What an editor does at each step. */
async function stepAndLook(client: Client, command: 'next' | 'stepIn'): Promise<void> {
  await client.step(command);
  const { stackFrames } = await client.request('stackTrace', { threadId: client.threadId, startFrame: 0, levels: 20 });
  const { scopes } = await client.request('scopes', { frameId: stackFrames[0].id });
  await client.request('variables', { variablesReference: scopes[0].variablesReference });
}

function row(what: string, ours: number): Row {
  return { what, ours, unit: 'ms', peer: null, theirs: null, measured: true, target: null };
}

async function run(): Promise<Row[]> {
  const rows: Row[] = [];
  const launches = await timed(LAUNCHES, async () => (await stopped(0)).session.close());
  rows.push(row('launch to the first stop, compiler loaded (≤ 150)', launches));
  for (const tasks of [0, 10_000]) {
    const client = await stopped(tasks);
    const crowd = tasks === 0 ? '' : `, with ${tasks} tasks`;
    rows.push(
      row(
        `step over: next, stopped, stackTrace, scopes, variables (≤ 0.7)${crowd}`,
        await timed(STEPS, () => stepAndLook(client, 'next')),
      ),
    );
    rows.push(row(`threads (≤ 100)${crowd}`, await timed(20, () => client.request('threads'))));
    rows.push(row(`step into, the same (≤ 0.7)${crowd}`, await timed(STEPS, () => stepAndLook(client, 'stepIn'))));
    rows.push(row(`step back over a step (≤ 5)${crowd}`, await timed(STEPS, () => client.step('stepBack'))));
    await client.request('next', { threadId: client.threadId });
    await client.stop();
    await client.request('osim/seek', { step: client.session.debuggee!.machine.steps });
    await client.stop();
    rows.push(
      row(
        `step back to a statement that has to be found (≤ 5)${crowd}`,
        await timed(100, () => client.step('stepBack')),
      ),
    );
    client.session.close();
  }
  return rows;
}

export const bench: Bench = { name: 'debugger', run };
