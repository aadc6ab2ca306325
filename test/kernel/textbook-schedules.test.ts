/**
 * Published schedules, to the tick: each names its source. `costs = none`, so that only the bursts take time, as in
 * textbooks. A job's program computes its bursts, and sleeps between them.
 */
import assert from 'node:assert/strict';
import { chartOf, type Chart } from './gantt.js';

interface Job {
  /** When it comes, ticks. */
  at?: number;
  /** Its CPU bursts, ticks, with `io` ticks of sleep between them. */
  bursts: number[];
  io?: number;
  /** Further attributes, such as `priority 3`. */
  with?: string;
}

/** Jobs are called a, b, c … in their order. */
const nameOf = (i: number): string => String.fromCharCode('a'.charCodeAt(0) + i);

function programOf(settings: string, jobs: readonly Job[]): string {
  const processes = jobs.map(({ at = 0, bursts, io = 0, with: attributes = '' }, i) => {
    const body = bursts.map((burst) => `compute(${burst});`).join(` sleep(${io}); `);
    return `process ${nameOf(i)} at ${at} ${attributes} { ${body} }`;
  });
  return [`machine { costs = none; ${settings} }`, ...processes].join('\n');
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

/** The mean time that jobs without I/O have waited, ticks; a textbook's figures have two digits. */
function meanWait(jobs: readonly Job[], { ends }: Chart): number {
  const waits = jobs.map(({ at = 0, bursts }, i) => (ends.get(nameOf(i)) ?? NaN) - at - sum(bursts));
  return Math.round((sum(waits) / jobs.length) * 100) / 100;
}

const lengths = (...bursts: number[]): Job[] => bursts.map((burst) => ({ bursts: [burst] }));
const declared = (...bursts: number[]): Job[] => bursts.map((burst) => ({ bursts: [burst], with: `burst ${burst}` }));

interface Published {
  title: string;
  settings: string;
  jobs: readonly Job[];
  meanWait?: number;
  meanTurnaround?: number;
  gantt?: string;
}

const SILBERSCHATZ = 'Silberschatz, Galvin, Gagne: Operating System Concepts, chapter “CPU scheduling”';
const OSTEP7 = 'Arpaci-Dusseau: Operating Systems: Three Easy Pieces, chapter 7 “Scheduling: Introduction”';
const OSTEP9 = 'Arpaci-Dusseau: Operating Systems: Three Easy Pieces, chapter 9 “Proportional Share”';
/** Outputs of the simulator that the book comes with, for the options in the title; -c -S is not used. */
const MLFQ_PY = 'ostep-homework, cpu-sched-mlfq/mlfq.py';

/** a alone; then the whole of it in the pieces between I/Os. */
const pieces = (total: number, every: number): number[] => {
  const whole = Array.from({ length: Math.floor(total / every) }, () => every);
  return total % every === 0 ? whole : [...whole, total % every];
};

const TABLES: Readonly<Record<string, readonly Published[]>> = {
  [SILBERSCHATZ]: [
    { title: 'FCFS 24, 3, 3', settings: 'scheduler = fifo;', jobs: lengths(24, 3, 3), meanWait: 17 },
    { title: 'FCFS 3, 3, 24', settings: 'scheduler = fifo;', jobs: lengths(3, 3, 24), meanWait: 3 },
    {
      title: 'SJF 6, 8, 7, 3',
      settings: 'scheduler = sjf;',
      jobs: declared(6, 8, 7, 3),
      gantt: 'd 0-3 a 3-9 c 9-16 b 16-24',
      meanWait: 7,
    },
    {
      title: 'SRTF, arriving at 0, 1, 2, 3',
      settings: 'scheduler = srtf;',
      jobs: declared(8, 4, 9, 5).map((job, at) => ({ ...job, at })),
      gantt: 'a 0-1 b 1-5 d 5-10 a 10-17 c 17-26',
      meanWait: 6.5,
    },
    {
      title: 'round robin, quantum 4: 24, 3, 3',
      settings: 'scheduler = rr; quantum = 4;',
      jobs: lengths(24, 3, 3),
      gantt: 'a 0-4 b 4-7 c 7-10 a 10-30',
      meanWait: 5.67,
    },
    {
      title: 'priority',
      settings: 'scheduler = priority;',
      jobs: [10, 1, 2, 1, 5].map((burst, i) => ({ bursts: [burst], with: `priority ${[3, 1, 4, 5, 2][i]}` })),
      gantt: 'b 0-1 e 1-6 a 6-16 c 16-18 d 18-19',
      meanWait: 8.2,
    },
  ],
  [OSTEP7]: [
    { title: 'FIFO 10, 10, 10', settings: 'scheduler = fifo;', jobs: lengths(10, 10, 10), meanTurnaround: 20 },
    { title: 'FIFO 100, 10, 10', settings: 'scheduler = fifo;', jobs: lengths(100, 10, 10), meanTurnaround: 110 },
    { title: 'SJF 100, 10, 10', settings: 'scheduler = sjf;', jobs: declared(100, 10, 10), meanTurnaround: 50 },
    {
      title: 'SJF, the short ones arrive at 10',
      settings: 'scheduler = sjf;',
      jobs: declared(100, 10, 10).map((job, i) => ({ ...job, at: i === 0 ? 0 : 10 })),
      meanTurnaround: 103.33,
    },
    {
      title: 'STCF, the short ones arrive at 10',
      settings: 'scheduler = srtf;',
      jobs: declared(100, 10, 10).map((job, i) => ({ ...job, at: i === 0 ? 0 : 10 })),
      meanTurnaround: 50,
    },
    {
      title: 'round robin 5, 5, 5, slice 1',
      settings: 'scheduler = rr; quantum = 1;',
      jobs: lengths(5, 5, 5),
      meanTurnaround: 14,
    },
  ],
  [MLFQ_PY]: [
    {
      title: '-l 0,180,0:100,20,0',
      settings: 'scheduler = mlfq; quantum = 10; mlfq_growth = 1; mlfq_boost = 0;',
      jobs: [{ bursts: [180] }, { at: 100, bursts: [20] }],
      gantt: 'a 0-100 b 100-120 a 120-200',
    },
    {
      title: '-l 0,48,0:3,7,0:20,33,0',
      settings: 'scheduler = mlfq; quantum = 10; mlfq_growth = 1; mlfq_boost = 0;',
      jobs: [{ bursts: [48] }, { at: 3, bursts: [7] }, { at: 20, bursts: [33] }],
      gantt: 'a 0-10 b 10-17 a 17-20 c 20-30 a 30-37 c 37-47 a 47-57 c 57-67 a 67-77 c 77-80 a 80-88',
    },
    {
      title: '-n 2 -q 5 -a 2 -i 3 -l 0,30,0:0,12,4:7,15,0',
      settings: 'scheduler = mlfq; quantum = 5; mlfq_levels = 2; mlfq_allotment = 2; mlfq_growth = 1; mlfq_boost = 0;',
      jobs: [{ bursts: [30] }, { bursts: pieces(12, 4), io: 3 }, { at: 7, bursts: [15] }],
      gantt: 'a 0-5 b 5-9 a 9-14 c 14-19 b 19-20 c 20-25 b 25-28 a 28-31 b 31-33 a 33-35 c 35-40 b 40-42 a 42-57',
    },
    {
      title: '-Q 10,20,40 -l 0,140,0:0,140,0',
      settings: 'scheduler = mlfq; quantum = 10; mlfq_growth = 2; mlfq_boost = 0;',
      jobs: lengths(140, 140),
      gantt: 'a 0-10 b 10-20 a 20-40 b 40-60 a 60-100 b 100-140 a 140-180 b 180-220 a 220-250 b 250-280',
    },
  ],
  [OSTEP9]: [
    {
      title: 'stride: 100, 50 and 250 tickets',
      settings: 'scheduler = stride; quantum = 1;',
      jobs: [100, 50, 250].map((tickets) => ({ bursts: [8], with: `tickets ${tickets}` })),
      gantt: 'a 0-1 b 1-2 c 2-5 a 5-6 c 6-8',
    },
    {
      title: 'CFS: sched_latency 48, four jobs, of which two end',
      settings: 'scheduler = cfs; sched_latency = 48;',
      jobs: lengths(72, 72, 24, 24),
      gantt: 'a 0-12 b 12-24 c 24-36 d 36-48 a 48-60 b 60-72 c 72-84 d 84-96 a 96-120 b 120-144',
    },
    {
      title: 'CFS: ten jobs, min_granularity 6',
      settings: 'scheduler = cfs; sched_latency = 48; sched_min_granularity = 6;',
      jobs: lengths(...Array.from({ length: 10 }, () => 60)),
      gantt: 'a 0-6 b 6-12 c 12-18 d 18-24 e 24-30 f 30-36 g 36-42 h 42-48 i 48-54 j 54-60 a 60-66',
    },
  ],
};

describe('published schedules', () => {
  for (const [source, tables] of Object.entries(TABLES)) {
    describe(source, () => {
      for (const { title, settings, jobs, ...wanted } of tables) {
        it(title, () => {
          const chart = chartOf(programOf(settings, jobs));
          const gantt = chart.gantt();
          // A published trace may end before the jobs do.
          if (wanted.gantt !== undefined) assert.equal(gantt.slice(0, wanted.gantt.length), wanted.gantt, gantt);
          if (wanted.meanWait !== undefined) assert.equal(meanWait(jobs, chart), wanted.meanWait, gantt);
          if (wanted.meanTurnaround !== undefined) {
            const turnaround = meanWait(jobs, chart) + sum(jobs.flatMap(({ bursts }) => bursts)) / jobs.length;
            assert.equal(Math.round(turnaround * 100) / 100, wanted.meanTurnaround, gantt);
          }
        });
      }
    });
  }
});

/** README of ostep-homework, cpu-sched-lottery: `./lottery.py -j 2 -s 0 -c`, jobs and what it draws and prints. */
const LOTTERY_PY = {
  jobs: [
    { length: 8, tickets: 75 },
    { length: 4, tickets: 25 },
  ],
  random: [511275, 404934, 783799, 303313, 476597, 583382, 908113, 504687, 281838, 755804, 618369, 250506],
  /** The winning ticket, of how many, and who holds it. */
  wins: [
    [75, 100, 1],
    [34, 100, 0],
    [99, 100, 1],
    [13, 100, 0],
    [97, 100, 1],
    [82, 100, 1],
    [13, 75, 0],
    [12, 75, 0],
    [63, 75, 0],
    [29, 75, 0],
    [69, 75, 0],
    [6, 75, 0],
  ],
  done: ['6 of job 1', '12 of job 0'],
};

describe('ostep-homework, cpu-sched-lottery/lottery.py -j 2 -s 0', () => {
  const { jobs, random, wins, done } = LOTTERY_PY;
  const program = [
    'machine { costs = none; scheduler = lottery; quantum = 1; }',
    ...jobs.map(({ length, tickets }, i) => `process job${i} tickets ${tickets} { compute(${length}); }`),
  ].join('\n');

  it('draws the same tickets from the same numbers', () => {
    assert.deepEqual(
      wins.map(([ticket]) => ticket),
      wins.map(([, of = 1], i) => (random[i] ?? 0) % of),
    );
  });

  it('lets the same job win each time, with these draws for its choices', () => {
    // What stands before the choices of a recording is true of this run as well.
    const lines: string[] = [];
    chartOf(program, { record: (text) => void lines.push(text) });
    const header = lines.join('').replace(/^choices\n[^]*/m, 'choices\n');
    // From tick 6 on one job is left: this kernel does not interrupt it, and draws no more.
    const drawn = wins.slice(0, 7).map(([ticket, of]) => `as-written 1\nhw_random ${ticket}/${of}\n`);
    const text = `${header}${drawn.join('')}as-written 2\nend ${2 * drawn.length + 2}\n`;
    const { gantt, ends } = chartOf(program, { replay: { uri: 'lottery.py', text } });
    const turns = wins.map(([, , job]) => job);
    const wanted: string[] = [];
    for (let from = 0; from < turns.length;) {
      let to = from;
      while (turns[to] === turns[from]) to++;
      wanted.push(`job${turns[from]} ${from}-${to}`);
      from = to;
    }
    assert.equal(gantt(), wanted.join(' '));
    assert.deepEqual([`${ends.get('job1')} of job 1`, `${ends.get('job0')} of job 0`], done);
  });
});
