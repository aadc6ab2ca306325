/**
 * No schedule changes what must come out: several processes that signal, wait for and write to each other, on one CPU
 * to eight, with time slices down to one tick, and costs that let other CPUs run at each place where time passes.
 * OSIM_SCHEDULES sets how many programs, OSIM_LONG makes it many.
 */
import assert from 'node:assert/strict';
import { evaluateExpects } from '../../src/computer/expects.js';
import type { ComputerOptions } from '../../src/computer/computer.js';
import { computerFor } from '../system.js';
import { leftBehind } from './left-behind.js';
import { JOBS, schedule } from './schedules.js';
import { kernelFile } from '../kernel-file.js';

const PROGRAMS = Number(process.env['OSIM_SCHEDULES'] ?? (process.env['OSIM_LONG'] ? 100 * JOBS.length : JOBS.length));
const MOST_STEPS = 40_000_000;

/** What is wrong with the run of a program; empty when nothing is. */
function wrongs(number: number, first: string, options: Partial<ComputerOptions> = {}): string[] {
  const { text, seed } = schedule(number, first);
  const computer = computerFor(text, { seed, ...options });
  const { kind, report } = computer.run({ maxSteps: MOST_STEPS });
  const failed = evaluateExpects(computer).filter(({ ok }) => !ok);
  if (failed.length === 0) return leftBehind(computer.machine);
  const told = [kind, ...report, ...failed.map(({ actual }) => JSON.stringify(actual))];
  return [...told, ...computer.faults.map(({ message }) => message), text.split('\n', 1).join()];
}

/** The kernel with a fault in one of its files. */
function broken(file: string, from: string, to: string): Partial<ComputerOptions> {
  const { uri, text } = kernelFile(file);
  assert.ok(text.includes(from), `${file} has no "${from}"`);
  return { kernelFiles: [{ uri, text: text.replace(from, to) }] };
}

const jobOf = (number: number): string => JOBS[number % JOBS.length]?.name ?? '';

describe('whatever the schedule', function () {
  this.timeout(3_600_000);

  it(`${PROGRAMS} programs of several processes come to the same end`, () => {
    for (let number = 0; number < PROGRAMS; number++) {
      assert.deepEqual(wrongs(number, jobOf(number)), [], `program ${number}, first ${jobOf(number)}`);
    }
  });

  // Each in the program that shows it: a job, and the number of the schedule.
  const FAULTS: Record<string, [file: string, from: string, to: string, job: string, number: number]> = {
    'a stop that SIGCONT can not call off': [
      'signal_deliver.osim',
      'me.stop_taken && !is_ending(me)',
      'true',
      'job_stops',
      1,
    ],
    'a look at the children before their parent is on the queue': [
      'wait.osim',
      'let entry = prepare_to_wait(p.child_exit, INTERRUPTIBLE);\n    let found = find_report(p, pid, options);',
      'let found = find_report(p, pid, options); spend(3); let entry = prepare_to_wait(p.child_exit, INTERRUPTIBLE);',
      'job_exits',
      2,
    ],
    'a timeout for what is complete already': [
      'uring_ops.osim',
      'if (has_link_timeout(req)) { arm_timer(',
      '{ arm_timer(',
      'job_ring',
      0,
    ],
    'a hole that gets two sectors': [
      'write.osim',
      'if (inode.sectors[index] == null) {',
      'if (is_hole) {',
      'job_mapped',
      2,
    ],
  };
  // To compile a kernel takes as long as many programs: two of them do for the fast tests.
  const tried = Object.entries(FAULTS).slice(0, process.env['OSIM_LONG'] ? undefined : 2);
  for (const [name, [file, from, to, job, number]] of tried) {
    it(`would show ${name}`, () => {
      assert.notDeepEqual(wrongs(number, job, broken(file, from, to)), []);
      assert.deepEqual(wrongs(number, job), []);
    });
  }
});
