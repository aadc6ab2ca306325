/**
 * The fault that went unseen: a process of a test is ended early, prints nothing more, and the test passes. Here each
 * process of the kernel's tests is killed at several instants of its life, and each time the test must fail.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Computer } from '../../src/computer/computer.js';
import { callKernel } from '../../src/computer/kernel-records.js';
import { processByPid } from '../../src/computer/inspect.js';
import type { ProcessEntry } from '../../src/computer/processes.js';
import { verdictOf } from '../../src/computer/verdict.js';
import { programs, root } from '../std/program-run.js';
import { computerFor } from '../system.js';

const SIGKILL = 9;
const SI_KERNEL = 0x80;
const LONG = process.env['OSIM_LONG'] !== undefined;
/** Of a process's life, in hundredths of the run's steps from its birth to its end. */
const INSTANTS = LONG ? [1, 20, 40, 60, 80, 95, 99] : [5, 50, 95];

/** Some of each kind: checks in children, endings by signals, peers, whole outputs. */
const SAMPLE = ['pipes', 'signals', 'process', 'epoll', 'splice', 'sockets-pair', 'timers', 'sched-cpus', 'remote'];

function load(file: string): Computer {
  const folder = path.dirname(file);
  const read = (uri: string): string => readFileSync(path.join(folder, path.basename(uri)), 'utf8');
  return computerFor(readFileSync(file, 'utf8'), {
    read: (uri) => (uri === '/program.osim' ? readFileSync(file, 'utf8') : read(uri)),
  });
}

function passes(computer: Computer): boolean {
  const { expects, endings } = verdictOf(computer);
  return endings.length === 0 && expects.every(({ ok }) => ok);
}

/** What the others import is none. */
function isATest(file: string): boolean {
  return /^process /m.test(readFileSync(file, 'utf8'));
}

interface Life {
  origin: number;
  from: number;
  to: number;
}

/** When each declared process lived, in steps of the machine. */
function lives(file: string): Life[] {
  const computer = load(file);
  const { entries } = computer.processes;
  const ends = new Map<ProcessEntry, number>();
  computer.eventConsumers.push(({ name }) => {
    if (name !== 'sched_process_exit') return;
    for (const entry of entries) {
      if (entry.status !== null && !ends.has(entry)) ends.set(entry, computer.machine.steps);
    }
  });
  computer.run();
  assert.ok(passes(computer), 'it passes when nothing is wrong');
  return declared(entries).map((entry) => ({
    origin: entry.origin,
    from: entry.born,
    to: ends.get(entry) ?? computer.machine.steps,
  }));
}

/** The first of each origin: its children come later. */
function declared(entries: readonly ProcessEntry[]): ProcessEntry[] {
  return entries.filter((entry, i) => entry.origin >= 0 && entries.findIndex((e) => e.origin === entry.origin) === i);
}

/** Runs a test with one of its processes killed at a step; null when it was past saving already. */
function withoutOne(file: string, origin: number, step: number): Computer | null {
  const computer = load(file);
  const { machine } = computer;
  while (machine.steps < step && !machine.outcome) machine.run(step - machine.steps);
  const victim = declared(computer.processes.entries).find((entry) => entry.origin === origin);
  const process = victim && processByPid(machine, victim.pid);
  if (!victim || !process || victim.status !== null || machine.outcome) return null;
  callKernel(machine, 'signal_process', [process, SIGKILL, callKernel(machine, 'kernel_signal', [SIGKILL, SI_KERNEL])]);
  computer.run();
  return victim.status === SIGKILL ? computer : null;
}

describe('A process of a kernel test that is killed early', function () {
  this.timeout(600_000);
  const files = programs('test/kernel').filter((file) =>
    LONG ? isATest(file) : SAMPLE.includes(path.basename(file, '.osim')),
  );

  for (const file of files) {
    it(`fails ${path.relative(root, file)}`, () => {
      let killed = 0;
      const all = lives(file);
      for (const { origin, from, to } of LONG ? all : all.slice(0, 2)) {
        for (const instant of INSTANTS) {
          const computer = withoutOne(file, origin, from + Math.floor(((to - from) * instant) / 100));
          if (!computer) continue;
          killed++;
          const name = computer.compiled.image.processes[origin]?.name;
          assert.ok(!passes(computer), `${name} was killed after ${instant}% of its life, and nobody noticed`);
        }
      }
      assert.ok(killed > 0, 'nobody was killed');
    });
  }
});
