/** A false promise is caught: of the header against its walk, and of the walk against what is seen. */
import assert from 'node:assert/strict';
import { brokenPromises } from './promises.js';
import type { WalkSession, WalkStep } from './walk.js';
import { Walker } from './walker.js';

const LESSON = `// A lesson: one process that counts and sleeps.
//
// Watch for: (1) Break on sleep() and look at n: it is 3.
//            (2) Try "params": { "most": 5 } in a launch configuration.
param most = 3;

process p {
  let n = 0;
  while (n < most) { n++; }
  sleep(10);
  print("slept", n);
}
`;

const KEPT: WalkSession[] = [
  {
    steps: [
      {
        says: 'Break on sleep() and look at n: it is 3.',
        break: ['sleep(10);'],
        do: 'continue',
        at: 'line 10: sleep(10);',
      },
      {
        frames: ['p'],
        thread: 'P2 p · RUNNING',
        shows: { 'Locals > n': '3' },
        machine: { running: ['p'], blocked: [] },
      },
      { do: 'stepIn', until: 'fn schedule', shows: { 'Process > State > state': 'INTERRUPTIBLE' } },
      { do: 'stepOut', times: 1, frames: ['p'] },
      { break: [], do: 'continue', ends: 'finished', output: 'slept 3', stats: { 'p: blocked': 1 } },
    ],
  },
  {
    launch: { params: { most: 5 } },
    steps: [
      {
        says: 'Try "params": { "most": 5 }',
        do: 'continue',
        ends: 'finished',
        output: 'slept 5',
        stats: { time: '> 10' },
      },
    ],
  },
];

/** The first session, with its step `at` changed. */
function changed(at: number, change: Partial<WalkStep>): WalkSession {
  const [session] = KEPT;
  return { ...session, steps: (session?.steps ?? []).map((step, i) => (i === at ? { ...step, ...change } : step)) };
}

const walk = (session: WalkSession): Promise<void> => new Walker('/lesson/lesson.osim', LESSON, session).walk();

describe('lessons: promises', () => {
  it('that are kept', async () => {
    assert.deepEqual(brokenPromises(LESSON, { sessions: KEPT }), []);
    for (const session of KEPT) await walk(session);
  });

  const falseHeaders: [what: string, from: string, to: string, wanted: RegExp][] = [
    [
      'a sentence that was edited',
      'it is 3',
      'it is 4',
      /not in the header: "Break on sleep\(\) and look at n: it is 3\."/,
    ],
    [
      'an item that was added',
      'param most',
      '//            (3) All is well.\nparam most',
      /no step walks through: "\(3\) All is well\."/,
    ],
    [
      'an instruction outside of the items',
      'and sleeps.',
      'and sleeps. See the clock stand.',
      /promised, and not walked: ".*See the clock stand\."/,
    ],
    [
      'a further thing to try in an item',
      '(2) Try',
      '(2) Set a breakpoint in boot(). Try',
      /not walked: "\(2\) Set a breakpoint in boot\(\)\."/,
    ],
  ];
  for (const [what, from, to, wanted] of falseHeaders) {
    it(`header: ${what}`, () => {
      assert.ok(LESSON.includes(from));
      const broken = brokenPromises(LESSON.replace(from, to), { sessions: KEPT });
      assert.ok(
        broken.some((each) => wanted.test(each)),
        broken.join('\n'),
      );
    });
  }

  const badWalks: [what: string, walk: unknown, wanted: RegExp][] = [
    ['no session', {}, /walk lacks "sessions"/],
    [
      'an unknown key',
      { sessions: [{ steps: [{ do: 'continue', att: 'x' }] }] },
      /steps\[0\] has an unknown key "att"/,
    ],
    [
      'a launch key that no launch.json has',
      { sessions: [{ launch: { set: 1 }, steps: [{ do: 'next' }] }] },
      /unknown key "set"/,
    ],
    [
      'a quote without a look',
      { sessions: [{ steps: [{ says: 'Break on sleep()', do: 'next' }] }] },
      /looks at nothing/,
    ],
    ['a quote of one word', { sessions: [{ steps: [{ says: 'Break', do: 'next', at: 'x' }] }] }, /too short/],
    ['a wrong figure', { sessions: [{ steps: [{ stats: { blocked: 'many' } }] }] }, /must be 3, or ">= 3"/],
    ['a list in the place of an object', { sessions: [{ steps: [{ shows: ['n'] }] }] }, /shows must be an object/],
  ];
  for (const [what, bad, wanted] of badWalks) {
    it(`walk: ${what}`, () => assert.match(brokenPromises(LESSON, bad).join('\n'), wanted));
  }

  const falseSteps: [what: string, at: number, change: Partial<WalkStep>, wanted: RegExp][] = [
    ['a wrong line', 0, { at: 'print("slept", n);' }, /step 1 .*does not stand at/],
    ['a wrong line number', 0, { at: 'line 11: sleep(10);' }, /is line 10 of lesson\.osim, not 11/],
    ['a line that is not there', 0, { break: ['sleep(20);'] }, /no line with "sleep\(20\);"/],
    ['a function that is not there', 0, { break: ['fn no_such_function'] }, /a breakpoint can't be set/],
    ['a breakpoint that never comes', 0, { break: ['fn sys_fork'] }, /the run is over/],
    ['a wrong value', 1, { shows: { 'Locals > n': '4' } }, /Locals > n shows "3", not "4"/],
    ['a row that is not there', 1, { shows: { 'Locals > m': '3' } }, /no row "m" among n/],
    ['a wrong frame', 1, { frames: ['main', 'p'] }, /Call Stack: no main/],
    ['a wrong thread', 1, { thread: 'BLOCKED' }, /thread shows "P2 p · RUNNING cpu0"/],
    ['a wrong column of the Machine view', 1, { machine: { blocked: ['p'] } }, /blocked: nobody/],
    ['a wait queue that nobody is on', 1, { machine: { queues: { 'pipe read': ['p'] } } }, /queue pipe read/],
    ['a place that is not reached', 2, { until: 'fn sys_fork' }, /not reached|ended before/],
    ['a wrong outcome', 4, { ends: 'deadlock' }, /deadlock/],
    ['output that did not come', 4, { output: 'slept 4' }, /output shows "slept 3/],
    ['a wrong figure', 4, { stats: { 'p: blocked': '>= 2' } }, /p: blocked is 1, not >= 2/],
  ];
  for (const [what, at, change, wanted] of falseSteps) {
    it(`seen: ${what}`, async () => {
      await assert.rejects(walk(changed(at, change)), (error: Error) => {
        assert.match(error.message, wanted);
        return true;
      });
    });
  }
});
