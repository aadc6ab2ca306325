/** The figure of the data's way: what its arrows say is what the kernel has counted, whenever one looks. */
import assert from 'node:assert/strict';
import { field, globalRecord, integer, kernelRecord } from '../../src/computer/kernel-records.js';
import { MapValue } from '../../src/machine/values.js';
import type { EventsAnswer, EventView } from '../../src/debugger/messages.js';
import { sightOf } from './sight.js';

interface Counts {
  copies: number;
  bytes: number;
}
const KINDS = ['dma', 'to_user', 'from_user', 'kernel'] as const;

describe('panel: data path', function () {
  this.timeout(60_000);
  const sight = sightOf('data');

  /** The sums over the kernel's own records. */
  const counted = (): Record<string, Counts> => {
    const sums = Object.fromEntries(KINDS.map((kind) => [kind, { copies: 0, bytes: 0 }]));
    const byCall = field(globalRecord(sight.machine, 'stats'), 'copies_by_call');
    assert.ok(byCall instanceof MapValue);
    for (const value of byCall.entries.values()) {
      const counts = kernelRecord<'CopyCounts'>(value);
      for (const kind of KINDS) {
        sums[kind].copies += integer(counts, kind);
        sums[kind].bytes += integer(counts, `${kind}_bytes`);
      }
    }
    return sums;
  };
  const shown = async (): Promise<Record<string, Counts>> => {
    const attributes = ['data-way', 'data-copies', 'data-bytes'];
    const all = await sight.live.page
      .locator('.data-path [data-way]')
      .evaluateAll(
        (arrows, names) => arrows.map((arrow) => names.map((name) => arrow.getAttribute(name) ?? '')),
        attributes,
      );
    const of = (...ways: string[]): Counts => {
      const found = all.filter(([way]) => ways.includes(way));
      assert.equal(found.length, ways.length);
      const sum = (at: 1 | 2) => found.reduce((total, arrow) => total + Number(arrow[at]), 0);
      return { copies: sum(1), bytes: sum(2) };
    };
    return {
      dma: of('diskIn', 'diskOut', 'netIn', 'netOut'),
      to_user: of('toUser'),
      from_user: of('fromUser'),
      kernel: of('kernel'),
    };
  };
  const copies = async (): Promise<EventView[]> =>
    ((await sight.live.client.request('osim/events', { names: 'copy_*', count: 5000 })) as EventsAnswer).events;
  const lit = () =>
    sight.live.page
      .locator('.data-path .place.lit .title')
      .allTextContents()
      .then((titles) => titles.sort().join(', '));
  const told = () => sight.live.page.locator('.last-copy').innerText();

  it('has the kernel’s statistics in the middle of zero-copy and at its end, and lights the last copy', async () => {
    await sight.toEnd('zero-copy');
    assert.deepEqual(await shown(), counted());
    const end = counted();
    assert.deepEqual([end.dma.copies, end.dma.bytes], [40, 40 * 4096]);
    const all = await copies();
    const of = (wanted: (event: EventView) => boolean) => all.findIndex(wanted);
    const direct = all.lastIndexOf(
      all.filter(({ name, fields }) => name === 'copy_dma' && fields.call === 'read').at(-1)!,
    );
    const places: [number, string, RegExp][] = [
      [of(({ name }) => name === 'copy_kernel'), '', /4,096 bytes from one page to another by the CPU, for page fault/],
      [
        of(({ name }) => name === 'copy_dma'),
        'disk, page cache',
        /4,096 bytes from the disk to the page cache by DMA, for read\(\) of 2 read_write/,
      ],
      [
        of(({ name, fields }) => name === 'copy_to_user' && fields.call === 'read'),
        'memory of processes, page cache',
        /from the page cache to the memory of 2 read_write by the CPU, for read\(\)/,
      ],
      [
        of(({ name, fields }) => name === 'copy_from_user' && fields.call === 'write'),
        'memory of processes, pipe buffers',
        /from the memory of 2 read_write to a pipe by the CPU, for write\(\)/,
      ],
      [direct, 'disk, memory of processes', /from the disk to the memory of \d+ direct by DMA, for read\(\)/],
    ];
    for (const [at, boxes, sentence] of places) {
      await sight.seek({ step: all[at].step });
      assert.deepEqual(await shown(), counted(), all[at].name);
      assert.match(await told(), sentence);
      assert.equal(await lit(), boxes);
    }
  });

  it('tells the network from the disk, in and out, and goes from copy to copy', async () => {
    const { page } = await sight.toEnd('zero-copy-network');
    assert.deepEqual(await shown(), counted());
    const ways = await page
      .locator('.data-path [data-way]')
      .evaluateAll((arrows) =>
        arrows.map((arrow) => [arrow.getAttribute('data-way'), arrow.getAttribute('data-bytes')]),
      );
    const bytes = Object.fromEntries(ways) as Record<string, string>;
    const all = await copies();
    const sum = (wanted: (event: EventView) => boolean) =>
      all.filter(({ name }) => name === 'copy_dma').reduce((n, e) => n + (wanted(e) ? Number(e.fields.bytes) : 0), 0);
    assert.equal(
      Number(bytes.netIn),
      sum(({ fields }) => fields.write === false && fields.call === 'interrupt'),
    );
    assert.equal(
      Number(bytes.netOut),
      sum(({ fields }) => fields.write === true),
    );
    assert.equal(
      Number(bytes.diskIn),
      sum(({ fields }) => fields.write === false && fields.call !== 'interrupt'),
    );
    assert.ok(Number(bytes.netIn) > 0 && Number(bytes.netOut) > 0 && Number(bytes.diskIn) > 0);
    const back = page.getByRole('button', { name: '◂ copy' });
    const last = all[all.length - 1];
    await sight.going(() => back.press('Enter'));
    if (sight.machine.steps === last.step) await sight.going(() => back.press('Enter'));
    assert.equal(sight.machine.steps, all[all.length - 2].step);
    await sight.going(() => page.getByRole('button', { name: 'copy ▸' }).click());
    assert.equal(sight.machine.steps, last.step);
  });
});
