/**
 * Proportional shares: how much of a CPU each task has had after a long time, by nice value or by tickets; and how soon
 * a sleeper runs. `costs = none`: the switch takes no time, so the shares are those of the rule.
 */
import assert from 'node:assert/strict';
import { chartOf, type Chart } from './gantt.js';

/** The rows of Linux's sched_prio_to_weight (kernel/sched/core.c) that are used here. */
const WEIGHTS: Readonly<Record<number, number>> = { [-5]: 3121, [-1]: 1277, 0: 1024, 1: 820, 5: 335, 10: 110, 19: 15 };

const UNTIL = 60_000;

/** Ticks that each task has had up to UNTIL. */
function had({ turns }: Chart): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { name, from, to } of turns) {
    sums.set(name, (sums.get(name) ?? 0) + Math.max(Math.min(to, UNTIL) - from, 0));
  }
  return sums;
}

/** Names that say what is declared: `nice_5` is `nice 5`, `nice_m5` is `nice -5`. */
const nameOf = (attribute: string, value: number): string => `${attribute}_${value < 0 ? 'm' : ''}${Math.abs(value)}`;

function sharesOf(
  scheduler: string,
  attribute: 'nice' | 'tickets',
  values: readonly number[],
  settings = '',
): number[] {
  const processes = values.map(
    (value) => `process ${nameOf(attribute, value)} ${attribute} ${value} { compute(${UNTIL}); }`,
  );
  const chart = chartOf(`machine { costs = none; scheduler = ${scheduler}; ${settings} }\n${processes.join('\n')}`);
  const sums = had(chart);
  return values.map((value) => sums.get(nameOf(attribute, value)) ?? 0);
}

function assertShares(shares: readonly number[], weights: readonly number[], tolerance: number): void {
  const all = weights.reduce((a, b) => a + b, 0);
  weights.forEach((weight, i) => {
    const wanted = (UNTIL * weight) / all;
    assert.ok(Math.abs(shares[i] - wanted) <= tolerance, `${shares.join(' ')} instead of ${wanted} at ${i}`);
  });
}

describe('shares of a CPU', () => {
  for (const nices of [
    [0, 5],
    [-5, 0, 10],
    [-1, 0, 1, 19],
  ]) {
    // Each may be off by two turns: a round of CFS is 48 ticks, and twice that in which it has run first.
    it(`cfs: nice ${nices.join(', ')}`, () => {
      assertShares(
        sharesOf('cfs', 'nice', nices),
        nices.map((nice) => WEIGHTS[nice]),
        96,
      );
    });
    // The lag of EEVDF is bounded by a slice, 20 ticks here: so is what each is off.
    it(`eevdf: nice ${nices.join(', ')}`, () => {
      assertShares(
        sharesOf('eevdf', 'nice', nices),
        nices.map((nice) => WEIGHTS[nice]),
        21,
      );
    });
  }

  it('stride: in each round exactly, but for a quantum', () => {
    assertShares(sharesOf('stride', 'tickets', [1, 2, 3, 6]), [1, 2, 3, 6], 20);
  });

  it('lottery: in the long run', () => {
    // 3,000 draws: the standard deviation of a share of a half is 27 draws.
    assertShares(sharesOf('lottery', 'tickets', [1, 2, 3, 6]), [1, 2, 3, 6], 4 * 27 * 20);
  });
});

/** The longest time from a waking to the next turn, and the ticks had, of a task that sleeps; three others compute. */
function latency(scheduler: string, request: string): { longest: number; had: number } {
  const text = `machine { costs = none; scheduler = ${scheduler}; }
    process hog count 3 { compute(6000); }
    process quick ${request} { for (let i = 0; i < 60; i++) { compute(5); sleep(1 + i % 17); } }`;
  const { turns } = chartOf(text);
  const quick = turns.filter(({ name }) => name === 'quick');
  // It computes 5, then sleeps: what is missing to the next turn is waiting.
  const waits: number[] = [];
  let burst = 0;
  let asked = 0;
  let sleeps = 0;
  for (const { from, to } of quick) {
    if (burst === 0) waits.push(from - asked);
    burst += to - from;
    if (burst < 5) continue;
    burst = 0;
    asked = to + 1 + (sleeps++ % 17);
  }
  return { longest: Math.max(...waits.slice(5)), had: quick.reduce((sum, { from, to }) => sum + to - from, 0) };
}

describe('where CFS and EEVDF differ: who asks for shorter turns', () => {
  it('CFS does not know of it', () => {
    assert.deepEqual(latency('cfs', 'burst 5'), latency('cfs', ''));
  });

  it('EEVDF lets it run sooner, and gives it no more', () => {
    const usual = latency('eevdf', '');
    const short = latency('eevdf', 'burst 5');
    assert.ok(short.longest * 3 <= usual.longest * 2, `${short.longest} and ${usual.longest} ticks`);
    assert.equal(short.had, usual.had);
  });
});
