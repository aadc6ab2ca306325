/**
 * There is one way to sleep: prepare_to_wait(), schedule(), finish_wait(). The sources say so, and schedule() panics
 * when a task comes to it by another way.
 */
import assert from 'node:assert/strict';
import { computerFor } from '../system.js';
import { kernelFile } from '../kernel-file.js';
import { blockingCode, type BlockingCode } from './blocking.js';

/** Who writes a task's state, and why it may. */
const STATE_WRITERS: Readonly<Record<string, string>> = {
  prepare_to_wait: 'the way to sleep',
  finish_wait: 'the way back',
  schedule: 'a signal has come before the task left the CPU',
  set_runnable: 'the wake-up',
  do_exit: 'the end: a zombie',
  release_task: 'the end of a thread: gone',
  release_process: 'the end of the last thread: gone',
  take_lead: 'exec() by another thread: the first one, a zombie, is gone',
};

/** The states of sockets and requests have the same field's name, and constants of their own. */
const OTHER_STATES = /^(TCP|REQ)_/;

/** What is wrong, as lines for a person. */
function faults({ writes, makers, structs }: BlockingCode): string[] {
  const states = writes.filter(
    ({ field, names }) => field === 'state' && ![...names].some((n) => OTHER_STATES.test(n)),
  );
  const reasons = writes.filter(({ field }) => field === 'waiting_on' || field === 'wait_channel');
  return [
    ...states.filter(({ by }) => !(by in STATE_WRITERS)).map(({ by }) => `${by}() writes a task's state`),
    ...reasons
      .filter(({ by }) => !['prepare_to_wait', 'finish_wait', 'move_wait'].includes(by))
      .map(({ by, field }) => `${by}() writes ${field}`),
    ...[...(makers.get('WaitEntry') ?? [])]
      .filter((by) => by !== 'prepare_to_wait' && by !== 'watch_queue')
      .map((by) => `${by}() makes a WaitEntry`),
    ...structs
      .filter(({ name, fields }) => name !== 'WaitEntry' && fields.some((field) => field.name === 'wake'))
      .map(({ name }) => `${name} copies the fields of WaitEntry: what it adds belongs into \`private\``),
  ];
}

/** A kernel whose getpid() does something else. */
function kernelWith(body: string): ReturnType<typeof computerFor> {
  const { uri, text } = kernelFile('process.osim');
  assert.match(text, /^fn sys_getpid\(\) \{.*\}$/m);
  const changed = text.replace(/^fn sys_getpid\(\) \{.*\}$/m, `fn sys_getpid() { ${body} return 0; }`);
  return computerFor('process p { getpid(); }', { kernelFiles: [{ uri, text: changed }] });
}

describe('blocking', function () {
  this.timeout(60_000);

  it('is the business of one pair of functions', () => {
    const code = blockingCode();
    assert.deepEqual(faults(code), []);
    const writers = new Set(code.writes.filter(({ field }) => field === 'state').map(({ by }) => by));
    for (const by of Object.keys(STATE_WRITERS)) assert.ok(writers.has(by), `${by}() does not write it any more`);
  });

  for (const [what, text, fault] of [
    ['a state', 'fn f(t) { t.state = TASK_INTERRUPTIBLE; }', /^f\(\) writes a task's state$/],
    ['a state from elsewhere', 'fn f(t, state) { t.state = state; }', /^f\(\) writes a task's state$/],
    ['a reason', 'fn f(t) { t.wait_channel = "x"; }', /^f\(\) writes wait_channel$/],
    ['an entry', 'fn f(t) { return WaitEntry { task: t }; }', /^f\(\) makes a WaitEntry$/],
    ['a struct like it', 'struct MyEntry { task; wake; }', /^MyEntry copies/],
  ] as const) {
    it(`is not: ${what} that another writes is found`, () => {
      assert.match(faults(blockingCode(`kernel;\n${text}`)).join('\n'), fault);
    });
  }

  for (const [what, body, message] of [
    [
      'sets its state and calls schedule()',
      'current().state = TASK_UNINTERRUPTIBLE; schedule();',
      /a task sleeps without prepare_to_wait\(\)/,
    ],
    [
      'begins a wait within a wait',
      'prepare_to_wait(null, sleep_options("one", null)); prepare_to_wait(null, sleep_options("two", null));',
      /a task that waits already begins another wait/,
    ],
    [
      'lets time pass between the two',
      'prepare_to_wait(null, sleep_options("one", null)); spend(1);',
      /spend while not RUNNING: between prepare_to_wait\(\) and schedule\(\)/,
    ],
  ] as const) {
    it(`panics when a task ${what}`, () => {
      const { machine } = kernelWith(body);
      machine.run(10_000_000);
      assert.equal(machine.outcome?.kind, 'panic');
      assert.match(machine.outcome.report.join('\n'), message);
    });
  }

  it('works by the pair, also on no queue', () => {
    const { machine } = kernelWith(
      'let entry = prepare_to_wait(null, sleep_options("a while", now() + 500)); schedule(); finish_wait(entry);',
    );
    machine.run(10_000_000);
    assert.equal(machine.outcome?.kind, 'finished');
  });
});
