import assert from 'node:assert/strict';
import type { EventCountsAnswer, EventsAnswer, EventView } from '../../src/debugger/messages.js';
import { EventLog } from '../../src/computer/events/log.js';
import { EventRecord } from '../../src/debugger/event-record.js';
import { PROGRAM, clientFor, type Client } from './client.js';

const TEXT = `var n = 0;
process worker {
  for (i in 0..400) { n = n + getpid(); }
  print("half");
  for (i in 0..400) { n = n + getpid(); }
  sleep(100);
  print("done");
}
process other { for (i in 0..20) { sleep(50); } }
`;

/** The program at the line of its last print(), with a log that has thinned most of it. */
async function late(bytes = 30_000): Promise<Client> {
  const client = clientFor(TEXT);
  await client.launch(PROGRAM, { stopOnEntry: true });
  await client.stop();
  const { debuggee } = client.session;
  Object.assign(debuggee!, { record: new EventRecord(debuggee!.machine, new EventLog(bytes, 100)) });
  await client.breakpoints(PROGRAM, [{ line: 4, hitCondition: '1', logMessage: 'passed' }, { line: 7 }]);
  const stopped = client.stop();
  await client.request('continue', { threadId: 2 });
  await stopped;
  return client;
}

const ask = async (client: Client, args: object = {}): Promise<EventsAnswer> =>
  (await client.request('osim/events', args)) as EventsAnswer;

/** All events, page by page. */
async function all(client: Client): Promise<EventView[]> {
  const found: EventView[] = [];
  for (let number: number | null = 0; number !== null;) {
    const { events, next } = await ask(client, { number, count: 300 });
    found.push(...events);
    number = next;
  }
  return found;
}

describe('debugger: the log of events', function () {
  this.timeout(60_000);

  it('is answered in pages, by name, task, time and step, forward and backward', async () => {
    const client = await late(2 ** 30);
    const events = await all(client);
    assert.ok(events.length > 1600);
    assert.deepEqual(
      events.map(({ number }) => number),
      events.map((_, i) => i),
    );
    const middle = events[800];
    const page = await ask(client, { step: middle.step, count: 2 });
    assert.deepEqual(page.events, events.slice(801, 803));
    assert.equal(page.total, events.length);
    assert.deepEqual((await ask(client, { step: middle.step, count: 1, backward: true })).events, [middle]);
    const [next] = (await ask(client, { step: middle.step, names: 'sched_wakeup,block_*', count: 1 })).events;
    assert.deepEqual(
      next,
      events.slice(801).find(({ name }) => name === 'sched_wakeup'),
    );
    const [fromTime, toTime] = [middle.time, middle.time + 300];
    assert.deepEqual(
      (await ask(client, { names: 'sys_*', pid: middle.pid, fromTime, toTime, count: 5000 })).events,
      events.filter(
        ({ name, pid, time }) => name.startsWith('sys_') && pid === middle.pid && time >= fromTime && time < toTime,
      ),
    );
    assert.deepEqual(Object.keys(events.find(({ name }) => name === 'sys_exit')!.fields), ['nr', 'name', 'pid', 'ret']);
  });

  it('has thinned parts made anew; nothing that the client holds of the stopped machine is touched by that', async () => {
    const whole = await all(await late(2 ** 30));
    const client = await late();
    const { machine, record } = client.session.debuggee!;
    assert.ok(record!.log.all.filter((part) => !part.exact).length > 2, 'most of it has been thinned');
    const hash = machine.stateHash();
    const frames = await client.frames();
    const { scopes } = await client.request('scopes', { frameId: frames[0].id });
    const process = (scopes as { name: string; variablesReference: number }[]).find(({ name }) => name === 'Process')!;
    const values = async (): Promise<string[]> =>
      [...(await client.variables(process.variablesReference)).values()].map(({ name, value }) => `${name} ${value}`);
    const before = await values();
    const [outputs, console_, stops] = [
      client.output(),
      client.output('console'),
      client.events.filter(({ event }) => event === 'stopped').length,
    ];
    assert.deepEqual(await all(client), whole);
    assert.equal(machine.stateHash(), hash);
    assert.deepEqual(await values(), before);
    assert.deepEqual([client.output(), client.output('console')], [outputs, console_]);
    assert.equal(client.events.filter(({ event }) => event === 'stopped').length, stops);
    assert.equal(client.output('console').match(/passed/g)?.length, 1);
    // On the way back the same is found, and what lies ahead stays known.
    await client.step('stepBack');
    assert.deepEqual(await all(client), whole);
    await client.step('reverseContinue');
    assert.deepEqual(await all(client), whole);
  });

  it('drops what an input in the past has made another future', async () => {
    const client = await late();
    const total = (await ask(client)).total;
    const [event] = (await ask(client, { number: Math.floor(total / 2), count: 1 })).events;
    const back = client.stopped();
    await client.request('osim/seek', { step: event.step });
    client.threadId = (await back).threadId;
    await client.request('evaluate', { expression: 'kernel.stats.syscalls = 5', context: 'repl' });
    assert.equal((await ask(client)).total, event.number + 1);
    const latest = await ask(client, { backward: true, count: 1 });
    assert.deepEqual(latest.events, [event]);
  });

  it('tells how many events of each kind there are, in equal stretches of time', async () => {
    const events = await all(await late(2 ** 30));
    const client = await late();
    const toTime = events.at(-1)!.time + 1;
    const { bins } = (await client.request('osim/eventCounts', { fromTime: 0, toTime, bins: 50 })) as EventCountsAnswer;
    assert.equal(bins.length, 50);
    const exits = bins.reduce((sum, { counts }) => sum + (counts['sys_exit'] ?? 0), 0);
    assert.equal(exits, events.filter(({ name }) => name === 'sys_exit').length);
    assert.ok(bins.some(({ exact }) => !exact) && bins.some(({ exact }) => exact));
  });

  it('can be given up while a part is made anew; the machine stands as before', async () => {
    const client = await late();
    const { machine } = client.session.debuggee!;
    const hash = machine.stateHash();
    // Each look at the clock is a second later: everything takes long.
    let now = 0;
    client.session.host.now = () => (now += 1000);
    const asked = client.ask('osim/events', { number: 0, count: 5000 });
    const queued = client.ask('threads');
    await client.request('pause', { threadId: client.threadId });
    const answer = await asked;
    assert.equal(answer.success, false);
    assert.match(answer.message ?? '', /given up/);
    assert.equal((await queued).success, true);
    assert.equal(machine.stateHash(), hash);
    client.session.host.now = () => performance.now();
    assert.equal((await ask(client)).events.length, 1000);
    assert.deepEqual(client.faults, []);
    client.session.close();
  });

  it('is given up by cancel, if that means this request', async () => {
    const client = await late();
    let now = 0;
    client.session.host.now = () => (now += 1000);
    const asked = client.ask('osim/events', { number: 0, count: 5000 });
    const { pending } = client.session.connection;
    assert.match(await client.refusal('cancel', { requestId: pending! - 1 }), /answered already/);
    await client.request('cancel', { requestId: pending });
    assert.match((await asked).message ?? '', /given up/);
    assert.equal(client.session.connection.pending, null);
    client.session.host.now = () => performance.now();
    const running = clientFor('process p { while (true) {} }\n');
    await running.launch(PROGRAM);
    await running.ran();
    assert.match(await running.refusal('cancel', { requestId: 3 }), /answered already/);
    assert.ok(running.session.execution.running, 'a stale request is none of the run');
  });

  it('refuses what makes no sense, with a reason', async () => {
    const client = await late();
    for (const [command, args, reason] of [
      ['osim/events', { number: -1 }, /number must be an integer/],
      ['osim/events', { number: 1, step: 1 }, /one of them/],
      ['osim/events', { count: 1e9 }, /count must be/],
      ['osim/events', { names: 'x,'.repeat(1000) }, /longer than/],
      ['osim/events', { fromTime: NaN }, /must be a number/],
      ['osim/eventCounts', {}, /fromTime must be/],
      ['osim/eventCounts', { fromTime: 5, toTime: 5, bins: 3 }, /less than/],
      ['osim/eventCounts', { fromTime: 0, toTime: 5, bins: 0 }, /bins must be/],
    ] as const) {
      assert.match(await client.refusal(command, args), reason);
    }
    assert.deepEqual((await ask(client, { number: 1e9 })).events, []);
    assert.deepEqual((await ask(client, { names: '' })).events, []);
    assert.deepEqual(client.faults, []);
    const running = clientFor('process p { while (true) {} }\n');
    await running.launch(PROGRAM, { noDebug: true });
    assert.match(await running.refusal('osim/events'), /running/);
    await running.request('pause', { threadId: 1 });
    await running.stop();
    assert.match(await running.refusal('osim/events'), /not recorded/);
  });
});
