import assert from 'node:assert/strict';
import fc from 'fast-check';
import { History } from '../../src/machine/history.js';
import { PhysicalMemory } from '../../src/machine/memory.js';
import { KERNEL_BASE, NOT_PRESENT, NO_PERMISSION, PageTable, Tlb, translate } from '../../src/machine/mmu.js';
import { undoIsIdentity } from './undo.js';

const FRAMES = 16;
// Few pages, some of which share a TLB line or a leaf, some at the ends of the user's addresses.
const vpn = fc.constantFrom(0, 1, 2, 63, 64, 65, 128, 0x8048, 0x8088, 0xbffff, 0xc0000, 0xfffff);
const flags = fc.integer({ min: 0, max: 7 }).map((low) => low | ((low & 1) << 9));

type Operation =
  | { what: 'set'; vpn: number; entry: number }
  | { what: 'access'; vpn: number; offset: number; write: boolean }
  | { what: 'flush' }
  | { what: 'flush page'; vpn: number };

const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({
    what: fc.constant('set' as const),
    vpn,
    entry: fc.tuple(fc.integer({ min: 0, max: FRAMES - 1 }), flags).map(([frame, bits]) => frame * 4096 + bits),
  }),
  fc.record({
    what: fc.constant('access' as const),
    vpn,
    offset: fc.integer({ min: 0, max: 4095 }),
    write: fc.boolean(),
  }),
  fc.record({ what: fc.constant('flush' as const) }),
  fc.record({ what: fc.constant('flush page' as const), vpn }),
);

/** What the hardware is said to do, with a plain map for the table and one for the TLB. */
class Model {
  entries = new Map<number, number>();
  lines = new Map<number, { vpn: number; frame: number; write: boolean }>();
  set(page: number, entry: number): void {
    if (entry === 0) this.entries.delete(page);
    else this.entries.set(page, entry);
  }
  access(page: number, offset: number, write: boolean): number {
    if (page * 4096 >= KERNEL_BASE) return NO_PERMISSION;
    const line = this.lines.get(page % 64);
    if (line?.vpn === page && (line.write || !write)) return line.frame * 4096 + offset;
    const entry = this.entries.get(page) ?? 0;
    if (!(entry & 1)) return NOT_PRESENT;
    if (!(entry & 4) || (write && !(entry & 2))) return NO_PERMISSION;
    const marked = entry | 32 | (write ? 64 : 0);
    this.entries.set(page, marked);
    this.lines.set(page % 64, { vpn: page, frame: entry >> 12, write: (marked & 66) === 66 });
    return (entry >> 12) * 4096 + offset;
  }
}

function machine(history: History) {
  const memory = new PhysicalMemory(history, FRAMES * 4096);
  const table = new PageTable(history);
  const tlb = new Tlb(history);
  const model = new Model();
  const apply = (one: Operation, compare: boolean) => {
    if (one.what === 'set') {
      table.set(one.vpn * 4096, one.entry);
      model.set(one.vpn, one.entry);
    } else if (one.what === 'flush') {
      tlb.flush();
      model.lines.clear();
    } else if (one.what === 'flush page') {
      tlb.flushPage(one.vpn);
      if (model.lines.get(one.vpn % 64)?.vpn === one.vpn) model.lines.delete(one.vpn % 64);
    } else {
      const address = one.vpn * 4096 + one.offset;
      const got = translate(memory, table, tlb, address, one.write, history);
      if (!compare) return;
      assert.equal(got, model.access(one.vpn, one.offset, one.write));
      if (got >= 0) assert.equal(tlb.lookup(one.vpn, one.write), got - one.offset);
    }
  };
  return { table, tlb, model, apply };
}

describe('memory management unit', () => {
  it('translates as a walk of the table would, with a TLB that may be stale', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 60 }), (operations) => {
        const { table, model, apply } = machine(new History());
        for (const one of operations) apply(one, true);
        const pages = [...model.entries.keys()].sort((a, b) => a - b);
        assert.deepEqual(
          table.pages(),
          pages.map((page) => page * 4096),
        );
        for (const page of pages) assert.equal(table.get(page * 4096 + 17), model.entries.get(page));
      }),
      { numRuns: 300 },
    );
  });

  it('goes back and forward exactly, counters included', () => {
    undoIsIdentity(operation, (history) => {
      const { table, tlb, apply } = machine(history);
      return {
        apply: (one) => apply(one, false),
        observe: () => [
          table.pages().map((page) => [page, table.get(page)]),
          [...tlb.tags].map((tag, line) => [tag, tag < 0 ? 0 : tlb.frames[line & 63]]),
          [tlb.hits, tlb.misses, tlb.flushes],
        ],
      };
    });
  });

  it('has no permission without a table, at a kernel address, or at no address', () => {
    const history = new History();
    const memory = new PhysicalMemory(history, FRAMES * 4096);
    const table = new PageTable(history);
    const tlb = new Tlb(history);
    assert.equal(translate(memory, null, tlb, 0x1000, false, history), NO_PERMISSION);
    for (const address of [-1, KERNEL_BASE, 2 ** 32, NaN]) {
      assert.equal(translate(memory, table, tlb, address, false, history), NO_PERMISSION);
    }
  });

  it('tells a kernel bug that maps a frame which is not there', () => {
    const history = new History();
    const memory = new PhysicalMemory(history, FRAMES * 4096);
    const table = new PageTable(history);
    table.set(0x5000, FRAMES * 4096 + 7);
    assert.throws(
      () => translate(memory, table, new Tlb(history), 0x5000, false, history),
      /page 0x5000 is mapped to frame 16, which is not there/,
    );
  });
});
