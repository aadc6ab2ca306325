import assert from 'node:assert/strict';
import { Choices, SeededChoices } from '../../src/machine/choices.js';
import { Counters } from '../../src/machine/counters.js';
import { CoroutineValue } from '../../src/machine/stack.js';
import { Cpu, type CpuKind } from '../../src/machine/cpu.js';
import { ContextValue } from '../../src/machine/context.js';
import { Disk } from '../../src/machine/disk.js';
import { EventQueue } from '../../src/machine/events.js';
import { stateHash } from '../../src/machine/hash.js';
import { PhysicalMemory } from '../../src/machine/memory.js';
import { PageTable, Tlb, translate } from '../../src/machine/mmu.js';
import { HeapValue } from '../../src/machine/slots.js';
import { Terminal } from '../../src/machine/terminal.js';
import { BufferValue, FunctionValue, ListValue, MapValue, type Value } from '../../src/machine/values.js';
import { record, stackOf } from './native-context.js';
import { recording } from './undo.js';

const list = (...items: Value[]) => new ListValue(0, items);

/** One of everything that a machine consists of. */
function everything() {
  const history = recording();
  const memory = new PhysicalMemory(history, 16 * 4096);
  const events = new EventQueue(history);
  const counters = new Counters(history, 2);
  const choices = new Choices(new SeededChoices(1, history));
  const parts = { history, memory, events, counters, kind: 1, now: () => 0, choices };
  const disk = new Disk(parts, { files: [{ path: '/a', content: 'abc' }], latency: 5, sectorTime: 1, free: 4 });
  const terminal = new Terminal(history, events, 2, [{ at: 5, text: 'x' }]);
  const table = new PageTable(history);
  table.set(0x1000, 3 * 4096 + 7);
  const tlb = new Tlb(history);
  const heap = new HeapValue(history);
  const coroutine = new CoroutineValue(0, stackOf(), 3, 1);
  const values = {
    record: record('Conn', { fd: 3, next: null }),
    list: list(1, 'two', true, null),
    map: new MapValue(0, new Map<string | number, Value>([['k', 1], [2, 'v']])), // prettier-ignore
    context: new ContextValue(0, stackOf(5)),
  };
  const stack = stackOf(values.list, coroutine, null);
  heap.handleOf(values.record);
  heap.handleOf(values.map);
  const cpu = new Cpu(0, {} as CpuKind, stack, stackOf(), tlb);
  cpu.pageTable = table;
  const state = { memory, events, counters, choices, disk, terminal, table, tlb, heap, stack, coroutine, values, cpu };
  const hash = () =>
    stateHash([memory, events, counters, choices, disk, terminal, heap, cpu, ...Object.values(values)]);
  return { ...state, history, hash };
}

type Everything = ReturnType<typeof everything>;

const CHANGES: Record<string, (all: Everything) => void> = {
  'a byte of memory': ({ memory }) => memory.store(5000, 1, 1),
  'the last byte of memory': ({ memory }) => memory.store(16 * 4096 - 1, 1, 128),
  'a page-table entry': ({ table }) => table.set(0x1000, 3 * 4096 + 5),
  'a page-table entry added': ({ table }) => table.set(0x40000000, 7),
  'a TLB line': ({ tlb }) => tlb.fill(1, 4096, false),
  'write permission in the TLB': (all) => {
    all.tlb.fill(1, 4096, false);
    const without = all.hash();
    all.tlb.fill(1, 4096, true);
    assert.notEqual(all.hash(), without);
  },
  'an access': ({ memory, table, tlb, history }) => void translate(memory, table, tlb, 0x1000, false, history),
  'an event': ({ events }) => void events.schedule(7, 1, 0),
  'an event popped': ({ events }) => void events.pop(),
  'an event scheduled and cancelled': ({ events }) => events.cancel(events.schedule(7, 1, 0)),
  'a disk request': ({ disk }) => disk.submit(1, false, 0, 0, 1),
  'a finished disk request': ({ disk }) => {
    disk.submit(1, false, 1, 8192, 1);
    disk.complete();
  },
  'a sector': ({ disk, memory }) => {
    memory.write(0, 'new');
    disk.submit(1, true, 2, 0, 1);
    disk.complete();
    memory.fill(0, 0, 3);
    disk.finished();
  },
  output: ({ terminal }) => terminal.write({ time: 0, step: 0, pid: 1, bytes: 'x' }),
  'typed text': ({ terminal }) => terminal.type('x'),
  'a counter': ({ counters }) => counters.add('tlbMisses'),
  'a count of interrupts': ({ counters }) => counters.interrupt(3),
  "a CPU's ticks": ({ counters }) => counters.spend(1, 'idle', 1),
  'a random number drawn': ({ choices }) => void choices.choose('random', 2),
  'a handle': ({ heap }) => void heap.handleOf('new'),
  'a handle taken back': ({ heap }) => heap.sweep(new Set([1])),
  'a field': ({ values }) => void (values.record.fields[0] = 4),
  'a reference': ({ values }) => void (values.record.fields[1] = values.list),
  'an element': ({ values }) => void (values.list.items[3] = false),
  'an element moved to another type': ({ values }) => void (values.list.items[0] = '1'),
  'an element appended': ({ values }) => void values.list.items.push(null),
  'a map entry': ({ values }) => void values.map.entries.set('k', 2),
  "a map's order": ({ values: { map } }) => {
    const first = map.entries.get('k') as Value;
    map.entries.delete('k');
    map.entries.set('k', first);
  },
  'a stack slot': ({ stack }) => void (stack.slots[5] = 1),
  "a stack's frame": ({ stack }) => void (stack.fp = 0),
  "a stack's pointer": ({ stack }) => void (stack.sp -= 8),
  "a coroutine's state": ({ coroutine }) => void (coroutine.state = 'done'),
  "a coroutine's pc": ({ coroutine }) => void (coroutine.pc = 4),
  "a context's pc": ({ values }) => void (values.context.pc = 4),
  ...Object.fromEntries(
    (['clock', 'pc', 'fp', 'pending', 'timer', 'userTicks', 'kernelTicks', 'idleTicks', 'lockup'] as const).map(
      (field) => [`the CPU's ${field}`, ({ cpu }: Everything) => void (cpu[field] += 1)],
    ),
  ),
  "the CPU's mode": ({ cpu }) => void (cpu.mode = 0),
  "the CPU's halt": ({ cpu }) => void (cpu.halted = true),
  "the CPU's task": ({ cpu, values }) => void (cpu.task = values.record),
  "the CPU's page table": ({ cpu }) => void (cpu.pageTable = null),
};

describe('the hash of the state', () => {
  it('is the same for equal states made of other objects', () => {
    assert.equal(everything().hash(), everything().hash());
    assert.match(everything().hash(), /^[0-9a-f]{16}$/);
  });

  const seen = new Map<string, string>();
  for (const [what, change] of Object.entries(CHANGES)) {
    it(`sees ${what}`, () => {
      const all = everything();
      const before = all.hash();
      change(all);
      const after = all.hash();
      assert.notEqual(after, before);
      assert.equal(seen.get(after), undefined, 'and differs from every other change');
      seen.set(after, what);
    });
  }

  it('does not see what makes no difference', () => {
    const all = everything();
    const before = all.hash();
    all.memory.frame(9);
    all.memory.load(9, 4);
    all.stack.slots[6] = 99; // above the top
    all.values.list.items.unshift(null);
    all.values.list.head = 1; // an element taken from the front
    assert.equal(all.hash(), before);
  });

  it('is that of before after going back', () => {
    for (const what of [
      'a byte of memory',
      'a page-table entry added',
      'a sector',
      'output',
      'a handle',
      'an access',
    ]) {
      const all = everything();
      const before = all.hash();
      all.history.begin(1);
      CHANGES[what]?.(all);
      assert.notEqual(all.hash(), before);
      all.history.rewindCurrent();
      assert.equal(all.hash(), before, what);
    }
  });

  it('tells sharing from equality, and ends on cycles', () => {
    const one = list(1);
    assert.notEqual(stateHash([list(one, one)]), stateHash([list(list(1), list(1))]));
    const cycle = list();
    cycle.items.push(cycle);
    const longer = list(list());
    (longer.items[0] as ListValue).items.push(longer);
    assert.notEqual(stateHash([cycle]), stateHash([longer]));
  });

  it('needs no deep host stack', () => {
    let chain = list();
    for (let i = 0; i < 200_000; i++) chain = list(chain);
    assert.match(stateHash([chain]), /^[0-9a-f]{16}$/);
  });

  it('tells values apart that look alike', () => {
    const alike: unknown[] = [
      0,
      -0.5,
      '',
      '0',
      null,
      undefined,
      false,
      list(),
      record(null, {}),
      new MapValue(0, new Map()),
    ];
    alike.push(
      new BufferValue(0, 0),
      new FunctionValue(0, ''),
      [],
      [0],
      [[]],
      ['', ''],
      [''],
      2 ** 32,
      2 ** 33,
      [0, 0],
    );
    assert.equal(new Set(alike.map((value) => stateHash([value]))).size, alike.length);
  });

  it('refuses what it does not know, and asks what says itself what it holds', () => {
    assert.throws(() => stateHash([new Date(0)]), /no hash is known of Date/);
    assert.throws(() => stateHash([() => 0]), /a function is no part/);
    const device = (n: number) => ({ hashParts: () => [n] });
    assert.notEqual(stateHash([device(1)]), stateHash([device(2)]));
  });
});
