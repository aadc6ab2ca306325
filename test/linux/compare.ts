/** The two kernels side by side: which sequences differ, and the shortest that still does. */
import type { Host } from './host.js';
import { blockedSteps, difference, type Outcome } from './outcome.js';
import { groupOf, printStep, type Sequence } from './sequence.js';
import { simulate, type SimulationOptions } from './simulated.js';

export interface Difference {
  number: number;
  sequence: Sequence;
  what: string;
}

/** A sequence, and what came of it on both kernels. */
export interface Agreement {
  sequence: Sequence;
  outcome: Outcome;
}

export interface Comparison {
  differences: Difference[];
  agreed: Map<number, Agreement>;
  /** Sequences on which the host does not agree with itself, or was too slow for. */
  undecided: number[];
  /** Sequences in which one event woke several actors, and they ran in another order: the scheduler's affair. */
  races: number[];
  calls: Map<string, number>;
  made: number;
  blocked: number;
}

/** So many equal answers of the host are its answer: a busy one may be late twice. */
const CERTAIN = 3;

/** A slot of a timed sequence, milliseconds: short for a start, long enough on a busy host when it matters. */
const PATIENCE = [20, 60, 150, 300, 300];

export function nothingCompared(): Comparison {
  return { differences: [], agreed: new Map(), undecided: [], races: [], calls: new Map(), made: 0, blocked: 0 };
}

export function compare(
  host: Host,
  sequences: ReadonlyMap<number, Sequence>,
  options: SimulationOptions & { strict?: boolean } = {},
): Comparison {
  const result = nothingCompared();
  const user = { uid: process.getuid?.() ?? 0, ...options };
  const truth = host.run(sequences, PATIENCE[0]);
  const simulated = simulate(sequences, user);
  for (const [number, sequence] of sequences) {
    const linux = truth.get(number) as Outcome;
    const osim = simulated.get(number) as Outcome;
    count(result, sequence, linux);
    const same = !linux.unreliable && difference(linux, osim) === null;
    const what = same ? null : settle(host, sequence, osim, options.strict ?? false);
    if (what === null) result.agreed.set(number, { sequence, outcome: osim });
    else if (what === undefined) result.undecided.push(number);
    else if (what === RACE) result.races.push(number);
    else result.differences.push({ number, sequence, what });
  }
  return result;
}

function count(result: Comparison, sequence: Sequence, linux: Outcome): void {
  for (const line of linux.lines.flat()) {
    const begins = /^step (\d+) begins/.exec(line);
    if (!begins) continue;
    const group = groupOf(sequence[Number(begins[1])]);
    result.calls.set(group, (result.calls.get(group) ?? 0) + 1);
    result.made++;
  }
  result.blocked += blockedSteps(linux).length;
}

const RACE = 'a race';

/**
 * Asks the host again, alone and ever more patiently. Null: no difference after all; undefined: the host was too slow,
 * or does not agree with itself.
 */
function settle(host: Host, sequence: Sequence, osim: Outcome, strict: boolean): string | null | undefined {
  const seen = new Map<string, number>();
  let raced: string | undefined;
  for (const patience of PATIENCE) {
    const linux = host.run(new Map([[0, sequence]]), patience).get(0) as Outcome;
    if (linux.unreliable) continue;
    const what = difference(linux, osim);
    if (what === null || isKnown(sequence, what)) return null;
    if (wokenTogether(sequence, what, linux, osim) || wokenByBatch(sequence, what)) raced = what;
    else if ((seen.get(what) ?? 0) + 1 === CERTAIN) return what;
    seen.set(what, (seen.get(what) ?? 0) + 1);
  }
  return raced === undefined || strict ? raced : RACE;
}

/**
 * docs/differences.md, 8: whether those that differ had waited, and in their slot several actors came back that had
 * waited. Most of these agree: the host wakes them in a known order, and nearly always runs them in it. A thread of
 * the C library that does a request of aio is one more who waits, though no actor.
 */
function wokenTogether(sequence: Sequence, what: string, linux: Outcome, osim: Outcome): boolean {
  const waited = (step: number, slot: number): boolean => step + 1 < slot;
  const differing = [...what.matchAll(/step (\d+) in slot (\d+)/g)].map(([, step, slot]) => [
    Number(step),
    Number(slot),
  ]);
  const slot = Math.min(...differing.map(([, at]) => at));
  if (differing.some(([step, at]) => !waited(step, at))) return false;
  const cameBack = (line: string): boolean => {
    const found = /^step (\d+) in slot (\d+)/.exec(line);
    return found !== null && Number(found[2]) === slot && waited(Number(found[1]), slot);
  };
  const requests = sequence.filter(({ word }, i) => i + 1 < slot && /^aio_(read|write)$/.test(word)).length;
  const actors = linux.lines.filter((mine, k) => [...mine, ...(osim.lines[k] ?? [])].some(cameBack)).length;
  return actors > 0 && actors + requests > 1;
}

/**
 * docs/differences.md, 8: whether a batch of io_uring writes to where an earlier request waits to read. That one goes
 * on while the batch is handed in, or after it.
 */
function wokenByBatch(sequence: Sequence, what: string): boolean {
  const at = Number(/step (\d+) in slot/.exec(what)?.[1]);
  if (sequence[at]?.word !== 'uring_enter') return false;
  let from = at;
  while (sequence[from - 1]?.word === 'uring_prep') from--;
  const has = (steps: Sequence, operation: RegExp): boolean =>
    steps.some(({ word, args }) => word === 'uring_prep' && operation.test(args[0] ?? ''));
  return has(sequence.slice(from, at), /WRITE|SEND/) && has(sequence.slice(0, from), /READ|RECV|POLL_ADD/);
}

/** docs/differences.md, 2: the awaited group is empty by now, and only OSim looks again. */
function isKnown(sequence: Sequence, what: string): boolean {
  const step = /Linux: nothing more \| OSim: step (\d+) in slot \d+: -1 ECHILD$/.exec(what)?.[1];
  const named = /step (\d+) in slot \d+: \S+( E\w+)?$/.exec(what)?.[1];
  const asked = sequence[Number(named)];
  // 7: bound again, or asked for its name, after a refused connect().
  if (asked && /^(bind|getsockname)$/.test(asked.word)) {
    if (sequence.some(({ word, args }, i) => word === 'connect' && args[0] === asked.args[0] && i < Number(named)))
      return true;
  }
  // 1: tmpfs takes what fallocate() was asked for twice as written; a file system on a disk does not.
  if (asked?.word === 'lseek' && /SEEK_(DATA|HOLE)/.test(asked.args[2] ?? '')) {
    const before = sequence.slice(0, Number(named)).filter((each) => each.word === 'fallocate');
    if (before.length > 1) return true;
  }
  const { word, args } = sequence[Number(step)] ?? { word: '', args: [] };
  return (word === 'waitpid' && /^(0|-A\d)$/.test(args[0] ?? '')) || (word === 'waitid' && args[0] === 'P_PGID');
}

/** What kind of difference it is: of many with one cause, one is enough to read. */
export function kindOf({ what }: Difference): string {
  return what.replace(/step \d+ in slot \d+|actor \d+/g, '').replace(/\d+/g, 'n');
}

/** Leaves out steps as long as the two still differ in the same way. */
export function shrink(host: Host, found: Difference, options: SimulationOptions = {}): Difference {
  let best = found;
  for (let size = Math.ceil(best.sequence.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let at = best.sequence.length - size; at >= 0; at--) {
      const fewer = best.sequence.filter((_, i) => i < at || i >= at + size);
      if (fewer.length === best.sequence.length) continue;
      const [still] = compare(host, new Map([[0, fewer]]), options).differences;
      if (still && kindOf(still) === kindOf(found)) best = { ...best, sequence: fewer, what: still.what };
    }
  }
  return best;
}

export function describe({ number, sequence, what }: Difference): string {
  const lines = sequence.map((step, i) => `    ${String(i).padStart(2)}  ${printStep(step)}`);
  return `sequence ${number}: ${what}\n${lines.join('\n')}`;
}
