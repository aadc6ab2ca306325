/** The Events view on real runs: its rows are the log's events, read independently. */
import assert from 'node:assert/strict';
import type { EventListAnswer } from '../../src/computer/views/events/window.js';
import type { EventsAnswer, EventView } from '../../src/debugger/messages.js';
import { sightOf } from './sight.js';

describe('panel: events', function () {
  this.timeout(60_000);
  const sight = sightOf('events');
  const list = () => sight.live.page.getByRole('grid');
  const press = async (...keys: string[]): Promise<void> => {
    for (const key of keys) await list().press(key);
    await sight.live.settled();
  };
  /** Rows in the page, those of the titles left out: place, whether the machine stands there, and their cells. */
  const rows = () =>
    list()
      .locator('[role=row]:not(.titles)')
      .evaluateAll((all) =>
        all.map((row) => ({
          place: Number(row.getAttribute('aria-rowindex')) - 2,
          here: row.getAttribute('aria-current') === 'time',
          at: row.getAttribute('aria-selected') === 'true',
          cells: Object.fromEntries([...row.children].map((cell) => [cell.className, cell.textContent ?? ''])),
        })),
      );
  const trace = async (wishes: object = {}): Promise<EventView[]> =>
    ((await sight.live.client.request('osim/events', { count: 5000, ...wishes })) as EventsAnswer).events;
  const found = () => sight.live.page.locator('.found').innerText();
  const choose = async (act: () => Promise<unknown>): Promise<void> => {
    await act();
    await sight.live.settled();
  };

  it('lists the events of the run, marks where the machine stands, and goes where one chooses', async () => {
    const { page } = await sight.toEnd('blocking-read');
    const all = await trace();
    assert.equal(await found(), `${all.length} events`);
    assert.equal(await list().getAttribute('aria-rowcount'), String(all.length + 1));
    await press('Home');
    const shown = await rows();
    assert.ok(shown.length > 20 && shown.length <= all.length);
    for (const { place, cells } of shown) {
      const event = all[place];
      assert.deepEqual(
        [cells.tick, cells.event, cells.who],
        [String(event.time), event.name, `${event.pid} ${event.task}`],
      );
      const since = place > 0 ? event.time - all[place - 1].time : 0;
      assert.equal(cells.since, since ? `+${since}` : '');
    }
    const wakeup = all.findIndex(({ name }) => name === 'sched_wakeup');
    await sight.going(() => page.locator(`#event-${wakeup}`).click());
    assert.equal(sight.machine.steps, all[wakeup].step);
    assert.deepEqual(
      (await rows()).filter(({ here }) => here).map(({ place }) => place),
      [wakeup],
    );
    assert.match(await page.locator('.now').innerText(), new RegExp(`tick ${all[wakeup].time}`));
    await press('ArrowDown', 'ArrowDown');
    await sight.going(() => list().press('Enter'));
    assert.equal(sight.machine.steps, all[wakeup + 2].step);
  });

  it('filters by kind, task and text, and tells what is left out between', async () => {
    const { page } = await sight.toEnd('fork-wait');
    const all = await trace();
    const calls = all.filter(({ name }) => name.startsWith('sys_'));
    await choose(() => page.getByRole('combobox', { name: 'Kind' }).selectOption('sys_*'));
    assert.equal(await found(), `${calls.length} of ${all.length} events`);
    await press('Home');
    for (const { place, cells } of await rows()) {
      assert.equal(cells.event, calls[place].name);
      const between = calls[place].number - (calls[place - 1]?.number ?? -1) - 1;
      assert.equal(cells['left-out'], between > 0 ? String(between) : '');
    }
    const { pid } = calls[calls.length - 1];
    await choose(() => page.getByRole('combobox', { name: 'Task' }).selectOption(String(pid)));
    const own = calls.filter((event) => event.pid === pid);
    assert.equal(await found(), `${own.length} of ${all.length} events`);
    await choose(() => page.getByRole('searchbox').fill('SYS_EXIT ret'));
    const exits = own.filter(({ name }) => name === 'sys_exit');
    assert.equal(await found(), `${exits.length} of ${all.length} events`);
    await choose(() => page.getByRole('searchbox').fill('nothing has this'));
    assert.equal(await found(), `0 of ${all.length} events`);
    assert.match(await page.locator('.trace').innerText(), /No event passes/);
  });

  it('draws a window of a long run, whose log is bounded, and is walked by keys', async () => {
    const program = 'process p {\n  for (i in 0..3000) { getpid(); }\n}\n';
    const { page, sent, client } = await sight.toEnd(program, { eventLog: 2 ** 20, height: 500 });
    const { total } = (await client.request('osim/eventList', { from: 0, count: 0 })) as EventListAnswer;
    assert.ok(total > 6000);
    const last = await rows();
    assert.deepEqual([last.at(-1)?.place, last.at(-1)?.here], [total - 1, true]);
    assert.ok(last.length < 40, 'the others are not in the page');
    await press('PageUp', 'ArrowUp');
    const at = (await rows()).find((row) => row.at);
    const step = total - 1 - (at?.place ?? 0);
    assert.ok(step > 5 && step < 40);
    await press('Home');
    const first = await rows();
    assert.deepEqual([first[0].place, first[0].at, first[0].cells.tick], [0, true, '0']);
    await choose(() => list().evaluate((box) => box.scrollTo(0, box.scrollHeight / 2)));
    const middle = await rows();
    const [event] = await trace({ number: middle[3].place, count: 1 });
    assert.equal(middle[3].cells.tick, event.time.toLocaleString('en'));
    assert.ok(Math.abs(middle[3].place - total / 2) < 30);
    const asked = sent.filter((message) => message.type === 'ask').map(({ args }) => (args as { count: number }).count);
    assert.ok(Math.max(...asked) < 300, 'only what is in sight, and beside it, is asked for');
    assert.equal(await page.evaluate('document.documentElement.scrollWidth - innerWidth'), 0);
  });
});
