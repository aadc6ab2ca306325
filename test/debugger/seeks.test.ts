/** Long ways through what has been run: told, paused, refused where there is nothing to go to. */
import assert from 'node:assert/strict';
import { Client } from './client.js';

const PROGRAM = `var n = 0;
process p {
  while (n < 1_500_000) { n++; }
  print("done");
}
`;

/** A run of some million steps, at its end. */
async function ended(): Promise<Client> {
  const client = new Client({ '/long.osim': PROGRAM });
  await client.launch('/long.osim', { stopOnEntry: true, stopOnExit: true });
  client.threadId = (await client.stop()).threadId;
  const stopped = client.stopped();
  await client.request('continue', { threadId: client.threadId });
  await stopped;
  const { history } = client.session.debuggee!.machine;
  assert.ok(history.past.length > 20, 'the run is too short for this test');
  // One epoch, as old ones become: whoever goes into it executes all of it again.
  history.limit = 1;
  history.begin(client.session.debuggee!.machine.steps);
  assert.ok(history.past.length <= 2);
  return client;
}

describe('debugger: long ways in time', function () {
  this.timeout(60_000);

  it('can be paused, and shows where it has come to; then the rest of the way can be gone', async () => {
    const client = await ended();
    const { machine } = client.session.debuggee!;
    const [end, hash] = [machine.steps, machine.stateHash()];
    for (const target of [Math.floor(end * 0.9), end]) {
      const back = client.stopped();
      await client.request('osim/seek', { step: 0 });
      await back;
      assert.equal(machine.steps, 0);
      const stopped = client.stopped();
      await client.request('osim/seek', { step: target });
      const refused = await client.ask('threads');
      assert.equal(refused.success, true, 'it answers on the way');
      await client.request('pause', { threadId: client.threadId });
      const { reason } = await stopped;
      assert.equal(reason, 'pause');
      assert.ok(machine.steps > 0 && machine.steps < target, `${machine.steps} of ${target}`);
      const arrived = client.stopped();
      await client.request('osim/seek', { step: target });
      assert.equal((await arrived).reason, 'goto');
      assert.equal(machine.steps, target);
    }
    assert.equal(machine.stateHash(), hash);
  });

  it('goes to a tick in the middle of a long epoch, exactly', async () => {
    const client = await ended();
    const { machine } = client.session.debuggee!;
    const time = Math.floor(machine.time / 2);
    const stopped = client.stopped();
    await client.request('evaluate', { expression: `goto-time ${time}`, context: 'repl' });
    assert.equal((await stopped).description, `Tick ${time}`);
    assert.ok(machine.time >= time);
    machine.seek(machine.steps - 1);
    assert.ok(machine.time < time);
  });

  it('refuses a step that the run has not come to, with a reason', async () => {
    const client = await ended();
    const { steps } = client.session.debuggee!.machine;
    const response = await client.ask('osim/seek', { step: 1e12 });
    assert.equal(response.success, false);
    assert.match(response.message ?? '', new RegExp(`has come to step ${steps} so far`));
    assert.ok((await client.threads()).length > 0, 'the session is still usable');
  });

  it('tells its progress to a client that shows it', async () => {
    const client = await ended();
    client.session.tellsProgress = true;
    // Each look at the clock is a second later: everything takes long.
    let now = 0;
    client.session.host.now = () => (now += 1000);
    const stopped = client.stopped();
    await client.request('osim/seek', { step: 1_000_000 });
    await stopped;
    const told = client.events.filter(({ event }) => event.startsWith('progress'));
    const ids = new Set(told.map(({ body }) => (body as { progressId: string }).progressId));
    assert.equal(ids.size, 1);
    assert.equal(told[0]?.event, 'progressStart');
    assert.equal(told.at(-1)?.event, 'progressEnd');
    assert.ok(told.length > 3);
    const parts = told.slice(0, -1).map(({ body }) => (body as { percentage: number }).percentage);
    assert.deepEqual(
      [...parts].sort((a, b) => a - b),
      parts,
    );
  });

  it('is given up when the program is restarted, which then runs', async () => {
    const client = await ended();
    const back = client.stopped();
    await client.request('osim/seek', { step: 0 });
    await back;
    await client.request('osim/seek', { step: 4_000_000 });
    const entry = client.stopped();
    await client.request('restart', {});
    assert.equal((await entry).reason, 'entry');
    assert.ok(client.session.loaded().machine.steps < 100_000);
    assert.deepEqual(client.faults, []);
  });

  it('does not go beyond the end that a limit has set', async () => {
    const client = new Client({ '/endless.osim': 'process p { while (true) {} }\n' });
    await client.launch('/endless.osim', { stopOnEntry: true, stopOnExit: true, maxSteps: 50_000 });
    client.threadId = (await client.stop()).threadId;
    const end = client.stopped();
    await client.request('continue', { threadId: client.threadId });
    await end;
    const { machine } = client.session.loaded();
    const { steps } = machine;
    for (const time of [10, 3_000_000]) {
      const stopped = client.stopped();
      await client.request('evaluate', { expression: `goto-time ${time}`, context: 'repl' });
      await stopped;
      assert.ok(machine.steps <= steps, `${machine.steps} of ${steps}`);
    }
  });

  it('is refused where nothing is recorded, and the run goes on', async () => {
    const client = new Client({ '/endless.osim': 'process p { while (true) {} }\n' });
    await client.launch('/endless.osim', { noDebug: true });
    const pauses = async (): Promise<void> => {
      const stopped = client.stopped();
      await client.request('pause', { threadId: 1 });
      client.threadId = (await stopped).threadId;
    };
    await pauses();
    // On a busy host the pause can come before tick 1: the way to it would be a way ahead.
    while (client.session.loaded().machine.time <= 1) {
      await client.request('continue', { threadId: client.threadId });
      await pauses();
    }
    const { threadId } = client;
    for (const [command, body] of [
      ['osim/seek', { step: 1 }],
      ['stepBack', { threadId }],
      ['reverseContinue', { threadId }],
      ['evaluate', { expression: 'goto-time 1', context: 'repl' }],
    ] as const) {
      const response = await client.ask(command, body);
      assert.equal(response.success, false, command);
      assert.match(response.message ?? '', /not recorded: there is no way back/, command);
    }
    await client.request('continue', { threadId });
    await pauses();
    assert.deepEqual(client.faults, []);
  });
});
