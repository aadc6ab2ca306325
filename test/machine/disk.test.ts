import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Choices, SeededChoices } from '../../src/machine/choices.js';
import { Counters } from '../../src/machine/counters.js';
import { Disk, SECTOR_SIZE, type DiskShape } from '../../src/machine/disk.js';
import { EventQueue } from '../../src/machine/events.js';
import { History } from '../../src/machine/history.js';
import { PhysicalMemory } from '../../src/machine/memory.js';
import { undoIsIdentity } from './undo.js';

const DISK_EVENT = 4;
const FRAMES = 8;

function machine(history: History, shape: Partial<DiskShape> = {}, seed = 0) {
  const memory = new PhysicalMemory(history, FRAMES * SECTOR_SIZE);
  const events = new EventQueue(history);
  const counters = new Counters(history, 1);
  const clock = { now: 0 };
  const choices = new Choices(new SeededChoices(seed, history));
  const parts = { history, memory, events, counters, kind: DISK_EVENT, now: () => clock.now, choices };
  const disk = new Disk(parts, { latency: 50, sectorTime: 2, free: 8, ...shape });
  /** Lets the disk finish one request. */
  const finish = () => {
    const { time, kind } = events.pop();
    assert.equal(kind, DISK_EVENT);
    clock.now = time;
    disk.complete();
  };
  return { memory, events, counters, clock, disk, finish };
}

const files = [
  { path: '/a', content: 'A'.repeat(SECTOR_SIZE + 1) },
  { path: '/empty', content: '' },
  { path: '/b', content: 'bee' },
];

describe('disk', () => {
  it("lays the image's files out in whole sectors, one after another", () => {
    const { disk, memory, finish } = machine(new History(), { files });
    assert.deepEqual(disk.directory, [
      { path: '/a', sector: 0, size: SECTOR_SIZE + 1 },
      { path: '/empty', sector: 2, size: 0 },
      { path: '/b', sector: 2, size: 3 },
    ]);
    assert.equal(disk.sectors, 11);
    disk.submit(1, false, 0, 0, 3);
    finish();
    const expected = 'A'.repeat(SECTOR_SIZE + 1).padEnd(2 * SECTOR_SIZE, '\0') + 'bee';
    assert.equal(memory.string(0, 3 * SECTOR_SIZE), expected.padEnd(3 * SECTOR_SIZE, '\0'));
    assert.deepEqual(disk.changedSectors(), []);
  });

  it('serves one request at a time, in order; each takes its latency and its sectors', () => {
    const { disk, events, clock, finish } = machine(new History());
    disk.submit(7, false, 0, 0, 1);
    disk.submit(5, false, 1, 0, 2);
    assert.equal(events.length, 1);
    assert.equal(events.nextTime, 52);
    assert.equal(disk.finished(), -1);
    finish();
    assert.equal(disk.finished(), 7);
    assert.equal(disk.finished(), -1);
    finish();
    assert.equal(clock.now, 52 + 54);
    assert.equal(disk.finished(), 5);
    assert.equal(events.length, 0);
  });

  it('moves bytes only at the end of a request, and counts them', () => {
    const { disk, memory, counters, finish } = machine(new History());
    memory.write(0, 'first');
    disk.submit(1, true, 3, 0, 1);
    memory.write(0, 'later');
    finish();
    disk.submit(2, false, 3, SECTOR_SIZE, 1);
    finish();
    assert.equal(memory.string(SECTOR_SIZE, 5), 'later');
    const { dmaCopies, dmaBytes, diskReads, diskWrites } = counters.all();
    assert.deepEqual([dmaCopies, dmaBytes, diskReads, diskWrites], [2, 2 * SECTOR_SIZE, 1, 1]);
    assert.deepEqual(disk.changedSectors(), [3]);
  });

  it('with a seed takes between 3/4 and 5/4 of the time, the same at each run', () => {
    const times = (seed: number) => {
      const { disk, events, clock, finish } = machine(new History(), {}, seed);
      return Array.from({ length: 30 }, (_, id) => {
        disk.submit(id, false, 0, 0, 1);
        const duration = events.nextTime - clock.now;
        finish();
        return duration;
      });
    };
    assert.deepEqual(times(1), times(1));
    assert.notDeepEqual(times(1), times(2));
    assert.ok(times(3).every((duration) => duration >= 39 && duration <= 65));
    assert.ok(times(0).every((duration) => duration === 52));
  });

  it('refuses what lies beyond the disk or the memory', () => {
    const { disk } = machine(new History());
    assert.throws(() => disk.submit(1, false, 8, 0, 1), /disk request 1: 1 sectors from 8; the disk has 8/);
    assert.throws(() => disk.submit(1, false, 0, 0, 0), /0 sectors/);
    assert.throws(() => disk.submit(1, false, 0.5, 0, 1), /0.5/);
    assert.throws(() => disk.submit(1, false, 0, (FRAMES - 1) * SECTOR_SIZE, 2), /physical address/);
    assert.throws(() => disk.complete(), /nobody made/);
  });

  it('goes back and forward exactly', () => {
    const operation = fc.oneof(
      fc.record({ write: fc.boolean(), sector: fc.nat(5), frame: fc.nat(FRAMES - 2), count: fc.constantFrom(1, 2) }),
      fc.constant('finish' as const),
      fc.constant('ask' as const),
      fc.record({ byte: fc.nat(255), frame: fc.nat(FRAMES - 1) }),
    );
    undoIsIdentity(operation, (history) => {
      const { disk, memory, events, counters, finish } = machine(history, { files }, 9);
      let id = 0;
      return {
        apply: (one) => {
          if (one === 'finish') {
            if (events.length > 0) finish();
          } else if (one === 'ask') disk.finished();
          else if ('byte' in one) memory.fill(one.frame * SECTOR_SIZE + 5, one.byte, 100);
          else disk.submit(id++ % 3, one.write, one.sector, one.frame * SECTOR_SIZE, one.count);
        },
        observe: () => [
          disk.pending.map(({ sector, write }) => [sector, write]),
          disk.finishedIds.length,
          Array.from({ length: disk.sectors }, (_, sector) => Buffer.from(disk.content(sector)).toString('base64')),
          counters.numbers(),
          events.length,
        ],
      };
    });
  });
});
