import assert from 'node:assert/strict';
import fc from 'fast-check';
import { cloneUserState } from '../../src/machine/fork.js';
import { stateHash } from '../../src/machine/hash.js';
import { History } from '../../src/machine/history.js';
import { HEADER } from '../../src/isa/isa.js';
import { liveSize } from '../../src/machine/live-size.js';
import type { Machine } from '../../src/machine/machine.js';
import { HeapValue } from '../../src/machine/slots.js';
import { CoroutineValue, Stack } from '../../src/machine/stack.js';
import { BufferValue, FunctionValue, ListValue, MapValue, RecordValue, type Value } from '../../src/machine/values.js';
import { toEnd } from '../../src/machine/work.js';
import { FRAME_SIZES, record, stackOf } from './native-context.js';

// cloneUserState asks the machine for little.
const machine = { history: new History(), program: { registers: FRAME_SIZES } } as unknown as Machine;

const SHARED: Value[] = [1, 'text', true, null, new BufferValue(4096, 4), new FunctionValue(2, 'f')];

/** A graph of n objects of all kinds, whose edges go anywhere, themselves included. */
function graph(kinds: readonly number[], edges: readonly [number, number][]): Value[] {
  const objects: Value[] = kinds.map((kind, i) => {
    if (kind === 0) return new ListValue(0, []);
    if (kind === 1) return new MapValue(0, new Map());
    if (kind === 2) return record('Node', { next: i, other: null });
    return new CoroutineValue(0, stackOf(i, null, null), i, i + 1);
  });
  for (const [from, to] of edges) {
    const source = objects[from % objects.length];
    const target = to % 3 === 0 ? SHARED[to % SHARED.length] : objects[to % objects.length];
    if (source instanceof ListValue) source.items.push(target);
    else if (source instanceof MapValue) source.entries.set(to, target);
    else if (source instanceof RecordValue) source.fields[to % 2] = target;
    else if (source instanceof CoroutineValue) source.stack.slots[HEADER + (to % 3)] = target;
  }
  return objects;
}

const shape = fc.record({
  kinds: fc.array(fc.nat(3), { minLength: 1, maxLength: 12 }),
  edges: fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 40 }),
  globals: fc.array(fc.nat(), { maxLength: 5 }),
  locals: fc.array(fc.nat(), { maxLength: 5 }),
});

function process(objects: Value[], locals: number[], globals: number[]): Stack {
  const stack = stackOf(...locals.map((i) => objects[i % objects.length]));
  stack.heap = new HeapValue(machine.history);
  for (const object of objects) if (object instanceof CoroutineValue) object.stack.heap = stack.heap;
  for (const i of globals) stack.heap.handleOf(objects[i % objects.length]);
  return stack;
}

/** Every object that can change and can be reached. */
function reachable(root: Stack): Set<object> {
  const seen = new Set<object>();
  const todo: unknown[] = [root];
  for (let value = todo.pop(); todo.length > 0 || value !== undefined; value = todo.pop()) {
    if (typeof value !== 'object' || value === null || seen.has(value)) continue;
    if (value instanceof BufferValue || value instanceof FunctionValue) continue;
    seen.add(value);
    if (value instanceof ListValue) todo.push(...value.items);
    else if (value instanceof MapValue) todo.push(...value.entries.values());
    else if (value instanceof RecordValue) todo.push(...value.fields);
    else if (value instanceof CoroutineValue) todo.push(value.stack);
    else if (value instanceof Stack) todo.push(...value.slots.slice(0, value.top), value.heap, value.coroutine);
    else if (value instanceof HeapValue) todo.push(...[...value.entries()].map(([, object]) => object));
  }
  return seen;
}

describe("fork's copy of user values", () => {
  it('is isomorphic, and shares nothing that can change', () => {
    fc.assert(
      fc.property(shape, ({ kinds, edges, globals, locals }) => {
        const parent = process(graph(kinds, edges), locals, globals);
        const before = stateHash([parent]);
        const heap = new HeapValue(machine.history);
        const child = toEnd(cloneUserState(machine, parent, heap)).stack;
        assert.equal(child.heap, heap);
        assert.equal(stateHash([child]), before);
        assert.equal(stateHash([parent]), before);
        assert.equal(liveSize([child]), liveSize([parent]));
        const [mine, theirs] = [reachable(child), reachable(parent)];
        assert.equal(mine.size, theirs.size);
        for (const object of mine) assert.ok(!theirs.has(object));
      }),
      { numRuns: 300 },
    );
  });

  it('keeps the handles, so that copied slots of .data mean the copies', () => {
    const object = new ListValue(0, [1]);
    const parent = process([object], [0], [0]);
    const child = toEnd(cloneUserState(machine, parent, new HeapValue(machine.history))).stack;
    const copy = child.slots[HEADER] as ListValue;
    assert.equal(child.heap?.valueAt(1), copy);
    assert.equal(child.heap?.handleOf(copy), 1);
    copy.items.push(2);
    assert.deepEqual(object.items, [1]);
  });

  it('needs no deep host stack', () => {
    let chain = new ListValue(0, []);
    for (let i = 0; i < 300_000; i++) chain = new ListValue(0, [chain]);
    const parent = process([chain], [0], []);
    const child = toEnd(cloneUserState(machine, parent, new HeapValue(machine.history))).stack;
    assert.equal(liveSize([child]), liveSize([parent]));
  });
});

describe('the size of live objects', () => {
  const list = (...items: Value[]) => new ListValue(0, items);

  it('follows the published rule', () => {
    assert.equal(liveSize([1, null, true]), 0);
    assert.equal(liveSize(['abc']), 19);
    assert.equal(liveSize([list(1, 2, 3)]), 48);
    assert.equal(liveSize([record('P', { x: 1, y: 2 })]), 40);
    assert.equal(liveSize([new MapValue(0, new Map([['k', 1]]))]), 56 + 17);
    assert.equal(liveSize([new BufferValue(0, 100)]), 24);
  });

  it('counts each object once, and a string wherever it stands', () => {
    const shared = list('s');
    assert.equal(liveSize([list(shared, shared), shared, 's']), 40 + 32 + 17 + 17);
    const cycle = list();
    cycle.items.push(cycle);
    assert.equal(liveSize([cycle]), 32);
  });

  it('leaves out what was taken from the front of a list, and slots above the top', () => {
    const taken = list('gone', 1);
    taken.head = 1;
    assert.equal(liveSize([taken]), 32);
    const stack = stackOf(1);
    stack.slots[HEADER + 1] = 'above';
    assert.equal(liveSize([stack]), 8 * (HEADER + 1));
  });
});
