import assert from 'node:assert/strict';
import { Client, clientFor, PROGRAM, example } from './client.js';
import { kernelFile } from '../kernel-file.js';

const { uri: KERNEL_FILE, text: source } = kernelFile('switch.osim');
const text = source.split('\n');

function lineOf(part: string): number {
  const at = text.findIndex((line) => line.includes(part));
  assert.ok(at >= 0, `switch.osim has no line with ${part}`);
  return at + 1;
}

/** The places that Step Over passes, up to the last one. */
async function overTo(client: Client, last: RegExp, most = 60): Promise<string[]> {
  const places = [await client.where()];
  while (!last.test(places[places.length - 1] ?? '')) {
    assert.ok(places.length < most, places.join(', '));
    await client.step('next');
    places.push(await client.where());
  }
  return places;
}

const line = (place: string): number => Number(/:(\d+) /.exec(place)?.[1]);
const SIX = [1, 2, 3, 4, 5, 6].map((step) => lineOf(`// ${step}  `));

describe('debugger: Step Over in the context switch', () => {
  for (const cpus of [1, 2]) {
    it(`passes all six steps, and take_over() among them, with ${cpus} CPUs`, async () => {
      const client = new Client();
      const others = { [KERNEL_FILE]: [lineOf('if (save_context(')] };
      await client.launch(example('context-switch'), { others, cpus, scheduler: 'rr' });
      await client.stop();
      const { steps } = client.session.debuggee!.machine;
      const stack = (await client.frames()).map(({ name }) => name);
      const places = await overTo(client, new RegExp(`:${SIX[5]} switch_to$`));
      for (const step of SIX) assert.ok(places.map(line).includes(step), `line ${step} in ${places.join(', ')}`);
      assert.ok(places.map(line).includes(lineOf('take_over(rq, prev, next);')), places.join(', '));
      assert.deepEqual(
        (await client.frames()).map(({ name }) => name),
        stack,
        "still on prev's stack",
      );
      // And back, each step once.
      for (let i = 1; i < places.length; i++) {
        await client.step('stepBack');
        assert.equal(await client.where(), places[places.length - 1 - i]);
      }
      assert.equal(client.session.debuggee!.machine.steps, steps);
    });
  }

  it('goes through it from schedule() on, all six steps, and arrives in the next process', async () => {
    const text = 'process a {\n  sleep(10);\n}\nprocess b {\n  compute(500);\n  compute(1);\n}';
    for (const cpus of [1, 2]) {
      const client = clientFor(`machine { quantum = 100000; }\n${text}`);
      await client.launch(PROGRAM, { lines: [3], cpus, stopOnExit: true });
      await client.stop();
      await client.breakpoints(KERNEL_FILE, [lineOf('let rq = this_rq();')]);
      await client.step('continue');
      await client.breakpoints(KERNEL_FILE, []);
      await client.breakpoints(PROGRAM, []);
      const next = cpus === 1 ? /:6 b$/ : / cpu_idle$/;
      const places = await overTo(client, next);
      assert.match(places[0] ?? '', / schedule$/);
      const inSwitch = places.filter((place) => / switch_to$/.test(place)).map(line);
      assert.deepEqual(
        SIX.filter((step) => inSwitch.includes(step)),
        SIX,
        places.join(', '),
      );
      // And back again, over every one of them.
      for (const place of places.slice(0, -1).reverse()) {
        await client.step('stepBack');
        assert.equal(await client.where(), place);
      }
    }
  });

  it('goes on behind set_current(), out of take_over(), and into what is called after it', async () => {
    const client = new Client();
    await client.launch(example('context-switch'), { others: { [KERNEL_FILE]: [lineOf('set_current(next);')] } });
    await client.stop();
    await client.breakpoints(KERNEL_FILE, []);
    await client.step('next');
    assert.equal(line(await client.where()), lineOf('trace("sched_switch"'));
    await client.step('stepBack');
    await client.step('stepOut');
    assert.equal(line(await client.where()), lineOf('let mm = next.process.mm;'));
    await client.breakpoints(KERNEL_FILE, [lineOf('load_address_space(rq, mm);')]);
    await client.step('continue');
    const frameId = (await client.frames())[0]?.id;
    const { targets } = (await client.request('stepInTargets', { frameId })) as { targets: { id: number }[] };
    await client.step('stepIn', { targetId: targets[0]?.id });
    assert.match(await client.where(), / load_address_space$/);
  });

  it('steps back over set_current() where no step led there', async () => {
    const client = new Client();
    await client.launch(example('context-switch'), {
      others: { [KERNEL_FILE]: [lineOf('let mm = next.process.mm;')] },
    });
    await client.stop();
    await client.step('stepBack');
    assert.match(await client.where(), new RegExp(`:${lineOf('take_over(rq, prev, next);')} switch_to$`));
    await client.step('stepBack');
    assert.match(await client.where(), new RegExp(`:${lineOf('if (next == prev)')} switch_to$`));
  });

  it('comes back when the task is chosen again, and to another program when it has ended', async () => {
    const client = clientFor(
      'process a {\n  sleep(10);\n  exit(0);\n}\nprocess b {\n  compute(500);\n  compute(1);\n}',
    );
    await client.launch(PROGRAM, { lines: [2], functions: ['do_exit'] });
    await client.stop();
    const { threadId } = client;
    await client.breakpoints(KERNEL_FILE, [SIX[5] ?? 0]);
    await client.step('continue');
    await client.breakpoints(KERNEL_FILE, []);
    await client.step('stepOut');
    assert.match(await client.where(), / schedule$/, 'save_context() has returned a second time');
    assert.equal(client.threadId, threadId);

    await client.step('continue');
    const exit = await overTo(client, /:\d+ b$/);
    assert.match(exit[0] ?? '', / do_exit$/);
    assert.ok(exit.length > 5, exit.join(', '));
  });
});
