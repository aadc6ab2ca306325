/** The Address space view: its pages are those of the page tables, read entry by entry, whenever one looks. */
import assert from 'node:assert/strict';
import { processByPid } from '../../src/computer/inspect.js';
import { field, kernelGlobal, members, record } from '../../src/computer/kernel-records.js';
import type { EventsAnswer, EventView } from '../../src/debugger/messages.js';
import { PageTable, PTE_COW, PTE_DIRTY, PTE_SHARED } from '../../src/machine/mmu.js';
import { sightOf } from './sight.js';

describe('panel: address space', function () {
  this.timeout(60_000);
  const sight = sightOf('memory');
  const PAGE = 4096;

  /** By process: `address frame state dirty`, of each page that is drawn. */
  const shown = async (): Promise<Record<string, string[]>> =>
    Object.fromEntries(
      await sight.live.page
        .locator('.memory section')
        .evaluateAll((sections) =>
          sections.map((section) => [
            section.getAttribute('aria-label') ?? '',
            [...section.querySelectorAll('.page:not(.absent)')]
              .map((page) =>
                ['address', 'frame', 'state', 'dirty'].map((name) => page.getAttribute(`data-${name}`)).join(' '),
              )
              .sort(),
          ]),
        ),
    );
  const tableOf = (pid: number): PageTable => {
    const table = field(record(processByPid(sight.machine, pid), 'mm'), 'page_table');
    assert.ok(table instanceof PageTable);
    return table;
  };
  /** The same, of the page table. */
  const inTable = (pid: number): string[] => {
    const table = tableOf(pid);
    const users = members(kernelGlobal(sight.machine, 'frame_users'));
    const pages: string[] = [];
    for (let page = 0; page < 0xc000_0000; page += PAGE) {
      const entry = table.get(page);
      if (entry === 0) continue;
      const frame = Math.floor(entry / PAGE);
      const isShared = (entry & PTE_SHARED) !== 0 || Number(users[frame]) > 1;
      const state = entry & PTE_COW ? 'cow' : isShared ? 'shared' : 'own';
      pages.push(`${page} ${frame} ${state} ${(entry & PTE_DIRTY) !== 0}`);
    }
    return pages.sort();
  };
  const events = async (names: string): Promise<EventView[]> =>
    ((await sight.live.client.request('osim/events', { names, count: 5000 })) as EventsAnswer).events;

  it('shows what the page tables have, all through copy-on-write, with who shares beside who runs', async () => {
    await sight.toEnd('copy-on-write');
    assert.match(await sight.live.page.locator('.memory-map').innerText(), /No process has an address space/);
    const copies = await events('copy_kernel');
    const exits = (await events('sys_enter')).filter(({ fields }) => fields.name === 'exit_group');
    const faults = (await events('page_fault_user')).filter(({ time }) => time > 100_000);
    const states = new Set<string>();
    for (const { step } of [copies[0], copies[2], exits[0], exits[2], faults[8], exits[4]]) {
      await sight.seek({ step });
      const spaces = await shown();
      const pids = Object.keys(spaces).map((name) => Number(name.split(' ')[0]));
      assert.ok(pids.length > 0);
      for (const name of Object.keys(spaces)) {
        assert.deepEqual(spaces[name], inTable(Number(name.split(' ')[0])), name);
        for (const page of spaces[name]) states.add(`${pids.length} ${page.split(' ')[2]}`);
      }
    }
    for (const state of ['2 cow', '2 own', '2 shared']) assert.ok(states.has(state), [...states].join());
  });

  it('lights a frame on both sides, by keys as by pointer, and says what has changed', async () => {
    const { page } = await sight.toEnd('copy-on-write');
    const copies = await events('copy_kernel');
    const copy = copies.find(({ time }) => time > 50_500);
    assert.ok(copy);
    await sight.seek({ step: copy.step - 1000 });
    await sight.seek({ step: copy.step });
    assert.ok((await page.locator('.memory .page.changed').count()) > 0);
    const lit = async (): Promise<string[]> =>
      await page
        .locator('.memory .page.lit')
        .evaluateAll((all) =>
          all.map((one) => `${one.getAttribute('data-address')} ${one.getAttribute('data-frame')}`),
        );
    const status = () => page.locator('.memory .pointed').innerText();
    const spaces = page.getByRole('application');
    await spaces.press('End');
    const both: [string, RegExp][] = [
      ['ArrowDown', /^Page 0xb?[0-9a-f]+ of 4 writer, .*: frame \d+, /],
      ['ArrowLeft', /copy-on-write, dirty, read-only; 2 users\. Also of 5 writer at 0x/],
    ];
    for (const [key] of both) await spaces.press(key);
    await page.locator('.memory section').first().locator('.page.cow[data-dirty=true]').last().hover();
    await sight.live.settled();
    const [first, second, more] = await lit();
    assert.equal(first, second, 'the same frame at the same address');
    assert.equal(more, undefined);
    assert.match(await status(), both[1][1]);
    const address = Number(first.split(' ')[0]);
    assert.equal(Math.floor(tableOf(4).get(address) / PAGE), Math.floor(tableOf(5).get(address) / PAGE));
    await page.mouse.move(5, 5);
    await sight.live.settled();
    assert.match(await status(), both[0][1]);
    await page.getByRole('combobox', { name: 'Process' }).selectOption('5');
    await sight.live.settled();
    assert.deepEqual(Object.keys(await shown()), ['5 writer']);
    await page.getByText('As a table').click();
    const row = page.getByRole('table', { name: 'Areas of 5 writer' }).getByRole('row', { name: 'mmap' });
    const own = inTable(5).filter(
      (text) => Number(text.split(' ')[0]) >= 0xafff8000 && Number(text.split(' ')[0]) < 0xb0000000,
    );
    const count = (state: string) => String(own.filter((text) => text.includes(` ${state} `)).length);
    const cells = await row.locator('td').allInnerTexts();
    assert.deepEqual(cells.slice(2, 6), ['8', '8', count('own'), count('shared')]);
    assert.equal(cells[6], count('cow'));
  });
});
