/**
 * Wrong use is answered, never with a crash: calls at random, with random arguments, never panic the kernel nor throw
 * in the simulator; and what processes had is given back when they have ended. OSIM_CALLS sets how many system calls,
 * OSIM_SEED the number of the first program; OSIM_LONG makes it many.
 */
import assert from 'node:assert/strict';
import type { Computer } from '../../src/computer/computer.js';
import {
  integer,
  kernelEvent,
  kernelGlobal,
  kernelRecord,
  text as textField,
} from '../../src/computer/kernel-records.js';
import { MapValue } from '../../src/machine/values.js';
import { computerFor } from '../system.js';
import { framesHeld, leftBehind } from './left-behind.js';
import { openSystem } from './open-system.js';
import { callsOf, randomCalls } from './random-calls.js';
import { kernelFile } from '../kernel-file.js';

const CALLS = Number(process.env['OSIM_CALLS'] ?? (process.env['OSIM_LONG'] ? 1_000_000 : 8_000));
const FIRST = Number(process.env['OSIM_SEED'] ?? 1);
/** Random calls of one program. Most are system calls; all are counted by what the workers trap into. */
const PER_PROGRAM = 2000;
const MOST_STEPS = 6_000_000;
/** The process that starts the others and furnishes them. Its calls are not random. */
const MAIN = 2;

/** Calls whose -1 may be an answer; errno is an older call's then. */
const MAY_BE_MINUS_ONE = ['nice', 'getpriority'];

interface Tally {
  programs: number;
  finished: number;
  /** System calls by others than main, and those of all by name. */
  traps: number;
  byTrap: Map<string, number>;
  /** Library functions called, by name. */
  byName: Map<string, number>;
  /** Library functions with the errors that they failed with: "read EBADF". */
  failures: Set<string>;
}

describe('random calls with random arguments', function () {
  this.timeout(7_200_000);
  const open = openSystem();
  const table = tableOf(computerFor('process p {}'));
  const tally: Tally = {
    programs: 0,
    finished: 0,
    traps: 0,
    byTrap: new Map(),
    byName: new Map(),
    failures: new Set(),
  };

  it(`${CALLS} of them never panic the kernel nor throw, and leave nothing behind`, () => {
    for (let seed = FIRST; tally.traps < CALLS; seed++) {
      const calls: string[] = [];
      try {
        tryProgram(seed, calls);
      } catch (error) {
        (error as Error).message = `program ${seed}, after ${calls.slice(-4).join(', ')}: ${(error as Error).message}`;
        throw error;
      }
      assert.ok(tally.traps >= 100 * (tally.programs - 20), 'the programs make hardly any calls');
    }
    console.log(`      ${tally.traps} system calls in ${tally.programs} programs, ${tally.finished} finished`);
    assert.ok(tally.finished >= tally.programs / 8, 'too few programs end, so that what they leave could be seen');
  });

  it('are calls of everything that the library has, and of nearly everything that the kernel has', () => {
    const uncalled = callsOf(open.libraryIndex).filter(({ name }) => !tally.byName.has(name));
    assert.deepEqual(
      uncalled.map(({ name }) => name),
      [],
    );
    const untrapped = [...table.values()].filter((name) => !tally.byTrap.has(name));
    assert.deepEqual(untrapped, ['vfork']);
  });

  it('fail with no errors but those that their pages tell of', () => {
    const failing = callsOf(open.libraryIndex).filter(
      ({ name, doc }) => doc?.kernel && !MAY_BE_MINUS_ONE.includes(name),
    );
    const told = new Map(failing.map(({ name, doc }) => [name, doc?.errors ?? []]));
    const untold = [...tally.failures].filter((failure) => {
      const [name = '', error] = failure.split(' ');
      return told.has(name) && !told.get(name)?.some((each) => each.name === error);
    });
    assert.deepEqual(untold.sort(), []);
  });

  it('would show what is not given back', () => {
    const lost = (file: string, from: string, to: string): string[] => {
      const { uri, text } = kernelFile(file);
      assert.ok(text.includes(from), `${file} has no "${from}"`);
      const program =
        'process p { let fd = open("/tmp/a", O_RDWR | O_CREAT); write(fd, "x"); close(fd); unlink("/tmp/a"); }';
      const computer = computerFor(program, { kernelFiles: [{ uri, text: text.replace(from, to) }] });
      computer.run();
      return leftBehind(computer.machine);
    };
    const left = lost('inode.osim', 'remove(inodes, inode.ino);', '');
    assert.match(left.join(), /^inode \d+ of mode 33188$/);
  });

  function tryProgram(seed: number, calls: string[]): void {
    const text = randomCalls(open.libraryIndex, [...table.keys()], seed);
    const computer = computerFor(text, { seed, params: { calls: PER_PROGRAM } }, open);
    computer.machine.onLog = (line) => {
      const [name = '', error] = line.split(' ');
      if (error !== undefined) {
        tally.failures.add(line);
      } else {
        calls.push(name);
        tally.byName.set(name, (tally.byName.get(name) ?? 0) + 1);
      }
    };
    computer.eventConsumers.push((event) => {
      const { name: tracepoint, fields } = kernelEvent(event);
      if (tracepoint !== 'sys_enter') return;
      const name = textField(fields, 'name');
      tally.byTrap.set(name, (tally.byTrap.get(name) ?? 0) + 1);
      if (integer(fields, 'pid') !== MAIN) tally.traps++;
    });
    const outcome = computer.run({ maxSteps: MOST_STEPS });
    tally.programs++;
    assert.notEqual(outcome.kind, 'panic', outcome.report.join('\n'));
    if (outcome.kind !== 'finished') return;
    tally.finished++;
    assert.deepEqual(leftBehind(computer.machine), []);
    const idle = computerFor(text, { seed, params: { calls: 0 } }, open);
    idle.run();
    assert.equal(framesHeld(computer.machine), framesHeld(idle.machine), 'page frames are lost');
  }
});

/** The kernel's table of system calls: names by number. */
function tableOf(computer: Computer): Map<number, string> {
  computer.run();
  const table = kernelGlobal(computer.machine, 'syscalls');
  assert.ok(table instanceof MapValue);
  const named = [...table.entries].map(([number, call]): [number, string] => [
    Number(number),
    textField(kernelRecord<'Syscall'>(call), 'name'),
  ]);
  return new Map(named);
}
