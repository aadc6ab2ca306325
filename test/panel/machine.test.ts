import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import type { Snapshot } from '../../src/debugger/messages.js';
import { changesBetween } from '../../src/debugger/snapshot-changes.js';
import { launchBrowser, openPanel, type Panel } from './page.js';
import { blocked, hostile, woken } from './snapshots.js';

/** Messages of the page come in tasks of their own. */
async function until(what: string, holds: () => boolean): Promise<void> {
  for (let i = 0; i < 200; i++) {
    if (holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.fail(`${what}: this never came`);
}

/** The reader has the States in front. */
const states = { version: 2, view: 'states', folded: {}, scroll: {}, own: {} };

describe('Machine view', () => {
  let browser: Browser;
  let panel: Panel;
  before(async () => {
    browser = await launchBrowser();
    mkdirSync('out/screenshots', { recursive: true });
  });
  after(() => browser.close());
  beforeEach(async () => {
    panel = await openPanel(browser, { state: states });
  });
  afterEach(async () => {
    assert.deepEqual(panel.complaints, []);
    await panel.page.close();
  });

  const column = (name: string) => panel.page.getByRole('region', { name });
  /** Puts a view in front. */
  const turnTo = (view: string) => panel.page.getByRole('tab', { name: view }).click();
  const show = (...snapshots: Snapshot[]) =>
    panel.send(...snapshots.map((snapshot, version) => ({ type: 'snapshot' as const, snapshot, version })));

  it('says what to do while no machine is on', async () => {
    assert.match(await panel.page.innerText('body'), /No machine is on.*press F5/s);
    const parts = ['tasks', 'openFiles', 'runQueues', 'waitQueues'];
    assert.deepEqual(panel.sent, [{ type: 'ready', parts }]);
  });

  it('puts each task into the column of its state, with what it waits for', async () => {
    await show(blocked);
    assert.match(await column('Blocked 2').innerText(), /1 init[^]*2 reader[^]*waits: read: disk/);
    assert.match(await column('Running 1').innerText(), /3 worker[^]*on cpu0/);
    assert.match(await column('Ready 1').innerText(), /4 second[^]*has not run yet/);
    assert.match(await column('Zombie 1').innerText(), /5 gone[^]*parent 3 has not waited/);
  });

  it('has no zombie column while there are no zombies', async () => {
    await show({ ...blocked, tasks: blocked.tasks.filter((task) => task.state !== 'zombie') });
    assert.equal(await panel.page.getByRole('heading', { name: 'Zombie' }).count(), 0);
  });

  it('marks what changed in the last step: state, offset, page, counts', async () => {
    await show(blocked, woken);
    assert.match(await column('Ready 2').innerText(), /2 reader\s*was blocked/);
    await turnTo('Files');
    const file = panel.page.getByRole('table', { name: 'Open files' }).getByRole('row', { name: '/etc/motd' });
    assert.equal(await file.locator('.changed').innerText(), '24');
    await turnTo('Data');
    assert.match(await panel.page.locator('.cache tr.new').innerText(), /motd page 0\s+clean\s+Welcome to the machine/);
    await panel.page.getByText('Statistics').click();
    assert.match(await panel.page.getByRole('row', { name: 'context switches' }).innerText(), /4\s+\+1/);
  });

  it('takes what has changed since the last snapshot, marks it, and asks for all when it has missed something', async () => {
    const changes = changesBetween({ version: 7, snapshot: blocked }, 8, woken);
    await panel.send({ type: 'snapshot', snapshot: blocked, version: 7 }, { type: 'changes', changes });
    assert.match(await column('Ready 2').innerText(), /2 reader\s*was blocked/);
    assert.match(await column('Running 1').innerText(), /3 worker/);
    await turnTo('Data');
    await panel.page.getByText('Statistics').click();
    assert.match(await panel.page.getByRole('row', { name: 'context switches' }).innerText(), /4\s+\+1/);
    await turnTo('States');
    const { length } = panel.sent;
    await panel.send({ type: 'changes', changes });
    assert.equal(panel.sent.length, length + 1);
    assert.equal(panel.sent.at(-1)?.type, 'ready');
    assert.match(await column('Ready 2').innerText(), /2 reader/);
  });

  it('says which parts it shows, and draws a part that comes later, with nothing marked', async () => {
    const { pageCache, ...rest } = blocked;
    const shows = () => panel.sent.filter((message) => message.type === 'shows').map(({ parts }) => parts.join());
    await panel.send({ type: 'snapshot', snapshot: rest, version: 1 });
    await turnTo('Data');
    await until('it says so', () => shows().at(-1) === 'copies,pageCache,openFiles');
    const changes = changesBetween({ version: 1, snapshot: rest }, 2, { ...blocked, step: blocked.step + 1 });
    await panel.send({ type: 'changes', changes });
    assert.match(await panel.page.locator('.cache').innerText(), /1 page[^]*\/etc\/motd page 0\s+reading/);
    assert.equal(pageCache.list.length, 1);
    assert.equal(await panel.page.locator('.cache tr.new').count(), 0);
    await panel.page.getByText('From device to process').click();
    await until('it says so', () => shows().at(-1) === 'copies,pageCache');
    await panel.page.getByRole('heading', { name: 'Page cache' }).click();
    await until('it says so', () => shows().at(-1) === 'copies');
    await panel.page.getByText('Statistics').click();
    await until('it says so', () => shows().at(-1) === 'copies,stats');
  });

  it('has a tab for each view: one is in front, and arrow keys lead to the next', async () => {
    await show(blocked);
    const front = panel.page.getByRole('tab', { selected: true });
    assert.equal(await front.innerText(), 'States');
    await front.focus();
    await panel.page.keyboard.press('ArrowRight');
    assert.equal(await front.innerText(), 'Files');
    assert.equal(await panel.page.evaluate('document.activeElement.textContent'), 'Files');
    assert.equal(await panel.page.getByRole('tabpanel', { name: 'Files' }).isVisible(), true);
    await panel.page.keyboard.press('Home');
    assert.equal(await front.innerText(), 'Timeline');
    await panel.page.keyboard.press('ArrowLeft');
    assert.equal(await front.innerText(), await panel.page.getByRole('tab').last().innerText());
    await panel.page.keyboard.press('Tab');
    assert.notEqual(await panel.page.evaluate('document.activeElement.role'), 'tab', 'one stop for all tabs');
  });

  it('keeps the marks when the same instant is sent again, as when it becomes visible', async () => {
    await show(blocked, woken, woken);
    assert.equal(await panel.page.locator('.task.moved').count(), 1);
  });

  it('shows the run queue in order, and who waits where', async () => {
    await show(woken);
    assert.match(await panel.page.locator('.queue-list').innerText(), /run queue of cpu0\s+4 second\s+2 reader/);
    await show(blocked);
    assert.match(await panel.page.locator('.queue-list').innerText(), /page 0 of \/etc\/motd\s+2 reader/);
  });

  it('leads from a descriptor to its open file', async () => {
    await show(blocked);
    await panel.page.getByText('2 file descriptors').click();
    const table = panel.page.getByRole('table', { name: 'File descriptors of 2 reader' });
    assert.match(await table.innerText(), /0\s+terminal[^]*3\s+\/etc\/motd CLOEXEC\s+0/);
    await turnTo('Files');
    assert.match(await panel.page.getByRole('table', { name: 'Open files' }).innerText(), /2: fd 3\s+\/etc\/motd/);
  });

  it('opens the line of a task that is clicked, or chosen with the keyboard', async () => {
    await show(blocked);
    await panel.page.getByRole('button', { name: '2 reader' }).click();
    await panel.page.getByRole('button', { name: '3 worker' }).focus();
    await panel.page.keyboard.press('Enter');
    const path = '/gallery/blocking-read.osim';
    const reveals = [14, 25].map((line) => ({ type: 'reveal', path, line }));
    assert.deepEqual(panel.sent.slice(1), reveals);
    assert.equal(await panel.page.getByRole('button', { name: '4 second' }).isDisabled(), true);
  });

  it('keeps focus and opened details when a task goes to another column', async () => {
    await show(blocked);
    await panel.page.getByText('2 file descriptors').click();
    await panel.page.getByRole('button', { name: '2 reader' }).focus();
    await show(woken);
    assert.equal(await panel.page.evaluate('document.activeElement.textContent'), '2 reader');
    assert.equal(await panel.page.getByRole('table', { name: 'File descriptors of 2 reader' }).isVisible(), true);
  });

  it('keeps the view in front, what is folded and how far it is scrolled when it is shown anew', async () => {
    const anew = async () => {
      const state = await panel.page.evaluate('window.kept');
      await panel.page.close();
      panel = await openPanel(browser, { state });
    };
    await show(blocked);
    await panel.page.getByText('Queues').click();
    await panel.page.waitForFunction('Object.values(window.kept?.folded ?? {}).includes(true)'); // `toggle` comes as a task of its own
    await anew();
    await show(blocked);
    assert.equal(await panel.page.getByText('run queue of cpu0').isVisible(), false);
    assert.equal(await column('Blocked 2').isVisible(), true);
    const list = Array.from({ length: 150 }, (_, index) => ({ ...blocked.pageCache.list[0], index }));
    const long = { ...blocked, pageCache: { ...blocked.pageCache, list } };
    await show(long);
    await turnTo('Data');
    await panel.page.evaluate('scrollTo(0, 321)');
    await panel.page.waitForFunction('window.kept?.scroll?.data === 321');
    await anew();
    await show(long);
    assert.equal(await panel.page.getByRole('tabpanel', { name: 'Data' }).isVisible(), true);
    assert.equal(await panel.page.evaluate('scrollY'), 321);
  });

  it('tells that the machine runs, ends, deadlocks', async () => {
    await show(blocked);
    const status = panel.page.locator('.status');
    const { time, step, cpus } = blocked;
    assert.equal(await status.innerText(), 'stopped');
    await panel.send({ type: 'state', state: { running: true, time: time + 5, step, cpus, outcome: null } });
    assert.equal(await status.innerText(), 'runs');
    assert.match(await panel.page.locator('.now').innerText(), /12,350/);
    await panel.send({ type: 'state', state: { running: false, time, step, cpus, outcome: 'deadlock' } });
    assert.match(await status.innerText(), /^deadlock/);
    await panel.send({ type: 'ended' });
    assert.equal(await status.innerText(), 'ended');
    await panel.send({ type: 'started' });
    assert.match(await panel.page.innerText('body'), /No machine is on/);
  });

  it('never reads text of a program as HTML', async () => {
    const tasks = blocked.tasks.map((task) => ({ ...task, name: hostile, waitChannel: hostile }));
    const list = [{ inode: 1, name: hostile, index: 0, state: 'clean' as const, text: hostile }];
    await show({ ...blocked, tasks, pageCache: { ...blocked.pageCache, list }, stats: { [hostile]: 1 } });
    assert.equal(await panel.page.locator('img, b b').count(), 0);
    assert.equal(await panel.page.title(), 'panel');
    assert.ok((await panel.page.locator('.task').first().innerText()).includes('<img src=x'));
    for (const view of await panel.page.getByRole('tab').all()) {
      await view.click();
      assert.equal(await panel.page.locator('img, b b').count(), 0);
    }
  });

  it('draws 500 tasks, and says how many more there are', async () => {
    const tasks = Array.from({ length: 500 }, (_, i) => ({ ...blocked.tasks[3], pid: i + 2, name: `worker[${i}]` }));
    await show({ ...blocked, tasks, moreTasks: 9500 });
    assert.equal(await panel.page.locator('.task').count(), 500);
    assert.match(await panel.page.locator('.tasks').innerText(), /and 9,500 more tasks/);
  });

  // High contrast has the widest borders.
  for (const theme of process.env['OSIM_LONG'] ? (['light', 'dark', 'contrast'] as const) : (['contrast'] as const)) {
    it(`fits 300 px and 1,200 px without a horizontal scroll bar, ${theme}`, async () => {
      for (const width of [300, 1200]) {
        const narrow = await openPanel(browser, { width, theme, state: states });
        await narrow.send(
          { type: 'snapshot', snapshot: blocked, version: 1 },
          { type: 'changes', changes: changesBetween({ version: 1, snapshot: blocked }, 2, woken) },
        );
        await narrow.page.getByText('2 file descriptors').click();
        await narrow.page.screenshot({ path: `out/screenshots/panel-${theme}-${width}.png`, fullPage: true });
        const overflow = await narrow.page.evaluate('document.documentElement.scrollWidth - innerWidth');
        assert.ok((overflow as number) <= 0, `${overflow} px too wide`);
        assert.deepEqual(narrow.complaints, []);
        await narrow.page.close();
      }
    });
  }
});
