/** The timeline in a real browser, on real runs: it is compared with the run’s events, read independently. */
import assert from 'node:assert/strict';
import type { EventsAnswer, EventView } from '../../src/debugger/messages.js';
import type { LiveOptions } from './live.js';
import { sightOf } from './sight.js';

interface Row {
  lane: string;
  from: number;
  to: number;
  what: string;
}

describe('panel: timeline', function () {
  this.timeout(60_000);
  const sight = sightOf('timeline');
  const toEnd = (example: string, options: LiveOptions = {}) => sight.toEnd(example, { width: 1200, ...options });
  const chart = () => sight.live.page.getByRole('application');
  const press = async (...keys: string[]): Promise<void> => {
    for (const key of keys) {
      await chart().press(key);
      await sight.live.settled();
    }
  };
  /** The table that says what the chart shows. */
  const table = async (): Promise<Row[]> => {
    const details = sight.live.page.locator('.as-table');
    if ((await details.getAttribute('open')) === null) await details.locator('summary').click();
    const rows = sight.live.page.getByRole('table', { name: 'Intervals in sight' }).locator('tbody tr');
    const cells = await rows.evaluateAll((found) =>
      found.map((row) => [...row.children].map((c) => c.textContent ?? '')),
    );
    const figure = (text: string) => Number(text.replaceAll(',', ''));
    return cells.map(([lane, from, to, what]) => ({ lane, from: figure(from), to: figure(to), what }));
  };
  const events = async (): Promise<EventView[]> =>
    ((await sight.live.client.request('osim/events', { count: 5000 })) as EventsAnswer).events;
  const now = async () => ((await sight.live.client.request('osim/snapshot', { parts: [] })) as { time: number }).time;

  /** Of the lane of one task, runs of the same word, as `running 6-218`. */
  const runs = (rows: { from: number; to: number; word: string }[]): string[] => {
    const found: { from: number; to: number; word: string }[] = [];
    for (const row of rows) {
      const last = found.at(-1);
      if (last?.word === row.word && last.to === row.from) last.to = row.to;
      else if (row.from < row.to) found.push({ ...row });
    }
    return found.map(({ from, to, word }) => `${word} ${from}-${to}`);
  };

  /** What the trace says of a task, read in the plainest way. */
  const told = (trace: EventView[], pid: number, end: number): string[] => {
    const found: { from: number; to: number; word: string }[] = [];
    let word = 'absent';
    let since = 0;
    const becomes = (next: string, time: number): void => {
      if (word !== 'absent') found.push({ from: since, to: time, word });
      [word, since] = [next, time];
    };
    for (const { name, time, fields } of trace) {
      if (name === 'sched_process_fork' && fields.child_pid === pid) becomes('ready', time);
      else if (name === 'task_newtask' && fields.pid === pid) becomes('ready', time);
      else if (name === 'sched_switch' && fields.next_pid === pid) becomes('running', time);
      else if (name === 'sched_switch' && fields.prev_pid === pid) {
        const state = fields.prev_state as number;
        becomes(
          state === 0 ? 'ready' : state < 4 ? 'blocked' : state < 32 ? 'stopped' : state < 64 ? 'zombie' : 'absent',
          time,
        );
      } else if (name === 'sched_wakeup' && fields.pid === pid && word !== 'running') becomes('ready', time);
      else if (name === 'sched_process_wait' && fields.pid === pid && word === 'zombie') becomes('absent', time);
    }
    becomes('absent', end);
    return runs(found);
  };

  const examples = [
    ['fork-wait', 1],
    ['mutex', 2],
    ['blocking-read', 1],
    ['deadlock', 1],
  ] as const;
  for (const [example, cpus] of process.env['OSIM_LONG'] ? examples : examples.slice(0, 2)) {
    it(`shows the trace's intervals: ${example}, cpus ${cpus}`, async () => {
      await toEnd(example, { cpus, width: 3000 });
      const trace = await events();
      const { end } = (await sight.live.client.request('osim/timeline', { pixels: 10 })) as { end: number };
      const rows = await table();
      assert.ok(end < 2800 && rows.length < 600, 'a tick is a pixel, and each interval has a row');
      const lanes = new Set(rows.map(({ lane }) => lane).filter((lane) => !lane.startsWith('cpu')));
      assert.ok(lanes.size >= 2);
      for (const lane of lanes) {
        const pid = Number(lane.split(' ')[0]);
        const shown = rows.filter((row) => row.lane === lane).map((row) => ({ ...row, word: wordOf(row.what) }));
        assert.deepEqual(runs(shown), told(trace, pid, end), lane);
      }
      const interrupts = rows.filter(({ what }) => /serves an interrupt/.test(what));
      const inTrace = trace
        .filter(({ name }) => name === 'irq_handler_entry')
        .map((entry) => {
          const exit = trace.find(
            (e) => e.name === 'irq_handler_exit' && e.cpu === entry.cpu && e.number > entry.number,
          );
          return { cpu: `cpu${entry.cpu}`, from: entry.time, to: exit?.time ?? end };
        });
      const onCpus = interrupts
        .filter(({ lane }) => lane.startsWith('cpu'))
        .map(({ lane, from, to }) => ({ cpu: lane, from, to }));
      const order = (a: { cpu: string; from: number }, b: { cpu: string; from: number }) =>
        a.cpu.localeCompare(b.cpu) || a.from - b.from;
      assert.deepEqual(onCpus.sort(order), inTrace.filter(({ from, to }) => to > from).sort(order));
    });
  }

  const wordOf = (what: string): string => /^(ready|blocked|stopped|zombie)/.exec(what)?.[0] ?? 'running';

  it('takes the debugger to the instant to which the cursor is dragged', async () => {
    await toEnd('blocking-read');
    const box = (await chart().boundingBox())!;
    const x = (time: number) => box.x + 129 + ((box.width - 130) * time) / (499 * 1.02);
    const stopped = sight.live.client.stop();
    await sight.live.page.mouse.move(x(499), box.y + 10);
    await sight.live.page.mouse.down();
    await sight.live.page.mouse.move(x(300), box.y + 10, { steps: 4 });
    await sight.live.page.mouse.move(x(270), box.y + 10, { steps: 4 });
    await sight.live.page.mouse.up();
    await stopped;
    assert.equal(await now(), 270, 'at the edge that was near: the disk’s interrupt');
    await sight.live.settled();
    assert.match(await sight.live.page.locator('.now').innerText(), /tick 270/);
    // And forward again, within what has been executed.
    const again = sight.live.client.stop();
    await sight.live.page.mouse.click(x(414), box.y + 10);
    await again;
    assert.ok(Math.abs((await now()) - 414) <= 2);
  });

  it('goes from event to event with . and ,', async () => {
    await toEnd('blocking-read');
    const trace = await events();
    const at = trace.findIndex(({ name }) => name === 'irq_handler_entry');
    const go = async (key: string) => {
      const stopped = sight.live.client.stop();
      await chart().press(key);
      await stopped;
      await sight.live.settled();
      return ((await sight.live.client.request('osim/snapshot', { parts: [] })) as { step: number }).step;
    };
    const stopped = sight.live.client.stop();
    await sight.live.client.request('osim/seek', { step: trace[at].step });
    await stopped;
    await sight.live.settled();
    assert.equal(await go('.'), trace[at + 1].step);
    assert.equal(await go(','), trace[at].step);
    assert.equal(await go(','), trace[at - 1].step);
  });

  it('zooms about the pointer, pans, shows all, and stays so when it is shown anew', async () => {
    await toEnd('blocking-read');
    const kept = async () =>
      await sight.live.page.evaluate<{ from: number; to: number; whole: boolean }>('window.kept?.own?.timeline');
    const box = (await chart().boundingBox())!;
    const at = box.x + 129 + (box.width - 130) / 4;
    await sight.live.page.mouse.move(at, box.y + 60);
    await sight.live.page.mouse.wheel(0, -300);
    await sight.live.settled();
    const near = await kept();
    const length = 499 * 1.02;
    assert.ok(near.to - near.from < 0.7 * length);
    assert.ok(Math.abs(near.from + (near.to - near.from) / 4 - length / 4) < 2, 'what was under the pointer still is');
    await press('d');
    assert.ok((await kept()).from > near.from);
    const state = await sight.live.page.evaluate('window.kept');
    const before = await kept();
    await sight.live.close();
    await toEnd('blocking-read', { state });
    await press('d', 'a');
    assert.ok(Math.abs((await kept()).from - before.from) < 1);
    await press('f');
    assert.deepEqual([(await kept()).from, (await kept()).whole], [0, true]);
  });

  it('sums up what is selected, as the trace has it', async () => {
    await toEnd('blocking-read');
    await press('ArrowDown', 'Home');
    const box = (await chart().boundingBox())!;
    const x = (time: number) => box.x + 129 + ((box.width - 130) * time) / (499 * 1.02);
    await sight.live.page.keyboard.down('Shift');
    await sight.live.page.mouse.move(x(214), box.y + 60);
    await sight.live.page.mouse.down();
    await sight.live.page.mouse.move(x(250), box.y + 60, { steps: 3 });
    await sight.live.page.mouse.move(x(283), box.y + 60, { steps: 3 });
    await sight.live.page.mouse.up();
    await sight.live.page.keyboard.up('Shift');
    const sums = sight.live.page.getByRole('region', { name: 'Sums of the selection' });
    // A slow host shows the sums of where the pointer was on its way, too.
    await sums.getByText('69 ticks from 214 to 283').waitFor();
    assert.match(await sums.innerText(), /69 ticks from 214 to 283 · 1 call · 1 wake-up · 2 copies of 4,147 bytes/);
    const cells = await sums.getByRole('row', { name: '2 reader' }).locator('td').allInnerTexts();
    // read() from 214 to 218 and from the end of the switch to 283; blocked from 218 to 271.
    assert.deepEqual(cells.map((text) => text.trim()).filter(Boolean), ['10', '6', '53']);
    await press('Escape');
    assert.equal(await sums.count(), 0);
  });

  it('shows an interrupt of one tick in a run of 200,000', async () => {
    await toEnd('process sleeper { sleep(100000); }\nprocess busy { compute(200000); }\n');
    const rows = (await table()).filter(({ lane, what }) => lane === 'cpu0' && /interrupt/.test(what));
    assert.ok(rows.length > 0);
    const isSeen = await sight.live.page.evaluate<boolean>(`(() => {
      const canvas = document.querySelector('.chart canvas');
      const style = getComputedStyle(canvas).getPropertyValue('--act-interrupt').trim();
      const wanted = [1, 3, 5].map((at) => parseInt(style.slice(at, at + 2), 16));
      const middle = 128 + (canvas.width - 128) * (100000 / 204000);
      const { data } = canvas.getContext('2d').getImageData(middle - 12, 30, 24, 27);
      for (let i = 0; i < data.length; i += 4)
        if (wanted.every((part, n) => Math.abs(data[i + n] - part) < 6)) return true;
      return false;
    })()`);
    assert.ok(isSeen, 'the colour of interrupts is on the canvas');
  });

  it('is walked with the arrow keys, and says what it shows', async () => {
    await toEnd('blocking-read');
    await press('ArrowDown', 'ArrowDown', 'ArrowDown');
    const tip = sight.live.page.locator('.tip');
    assert.match(await tip.innerText(), /2 reader/);
    for (let i = 0; i < 60 && !/blocked/.test(await tip.innerText()); i++) await press('ArrowLeft');
    assert.match(await tip.innerText(), /blocked: read on fd 3\s+ticks 218 to 271, 53 ticks/);
    const stopped = sight.live.client.stop();
    await press('Enter');
    await stopped;
    assert.equal(await now(), 218);
  });
});
