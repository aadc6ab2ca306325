/** The event queue: pop one event, let its device schedule the next, with 1,024 pending. */
import { EventQueue } from '../../src/machine/events.js';
import { History } from '../../src/machine/history.js';
import { rates, type Bench, type Row } from './measure.js';

const PENDING = 1024;
const OPERATIONS = 400_000;
/** Operations between two epochs of the history. */
const EPOCH = 20_000;

/** The limit: a binary heap over a typed array, times only, nothing else. */
class BareHeap {
  private readonly times = new Float64Array(2 * PENDING);
  private size = 0;

  push(time: number): void {
    const { times } = this;
    let at = this.size++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (times[parent] <= time) break;
      times[at] = times[parent];
      at = parent;
    }
    times[at] = time;
  }

  pop(): number {
    const { times } = this;
    const top = times[0];
    const last = times[--this.size];
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.size) break;
      if (child + 1 < this.size && times[child + 1] < times[child]) child++;
      if (last <= times[child]) break;
      times[at] = times[child];
      at = child;
    }
    times[at] = last;
    return top;
  }
}

/** Delays from a linear congruential generator (Numerical Recipes): the same for all. */
function delays(): () => number {
  let state = 1;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) % 1000;
}

function bare(): number {
  const heap = new BareHeap();
  const delay = delays();
  for (let i = 0; i < PENDING; i++) heap.push(delay());
  for (let i = 0; i < OPERATIONS; i++) heap.push(heap.pop() + delay());
  return OPERATIONS;
}

function ours(withHistory: boolean): number {
  const history = new History();
  history.enabled = withHistory;
  history.begin(0);
  const queue = new EventQueue(history);
  const delay = delays();
  const handled = [0, 0, 0, 0];
  const devices = handled.map((_, kind) => (time: number, payload: number) => {
    handled[kind]++; // kind is an index of it
    queue.schedule(time + delay(), (kind + 1) & 3, payload);
  });
  for (let i = 0; i < PENDING; i++) queue.schedule(delay(), i & 3, i);
  for (let i = 0; i < OPERATIONS; i++) {
    if (i % EPOCH === 0) history.begin(i);
    const { time, kind, payload } = queue.pop();
    devices[kind](time, payload); // only kinds 0 to 3 were scheduled
  }
  return OPERATIONS;
}

export const bench: Bench = {
  name: 'events',
  run(): Row[] {
    const figures = rates({ bare, ours: () => ours(false), recorded: () => ours(true) });
    const row = {
      unit: 'events/s',
      peer: 'a bare typed binary heap',
      theirs: figures.bare,
      measured: true,
      target: { least: 0.3 },
    };
    return [
      { what: 'event queue with dispatch, 1,024 pending', ours: figures.ours, ...row },
      { what: 'the same, history on', ours: figures.recorded, ...row },
    ];
  },
};
