/**
 * A program owns its memory and may write any bytes there. Whatever they come to mean as values, handlers, rings or
 * arguments, no kernel code runs in user mode, the kernel does not panic and the simulator does not throw.
 * OSIM_SEED sets the number of the first program; OSIM_LONG makes them many.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Computer } from '../../src/computer/computer.js';
import { USER } from '../../src/machine/cpu.js';
import { computerFor } from '../system.js';
import { openSystem } from './open-system.js';
import { Dice } from './programs.js';

const PROGRAMS = process.env['OSIM_LONG'] ? 2000 : 8;
const FIRST = Number(process.env['OSIM_SEED'] ?? 1);
const MOST_STEPS = 2_000_000;
/** Where the CPUs are is looked at so often, in instructions. */
const SLICE = 60;

/** What libc has for itself: with forged bytes a program may come to it. */
const DOORS = `
fn trap(number, a = 0, b = 0, c = 0, d = 0, e = 0, f = 0) { return __syscall(number, a, b, c, d, e, f); }
fn store(at, size, value) { return __store(at, size, value); }
fn stack_take(n) { return __stack_take(n); }
fn stack_give(at) { return __stack_give(at); }
fn function_of(number) { return __function_of(number); }
fn takes(number, n) { return __takes(number, n); }
fn argument(i) { return __argument(i); }
fn buffer_at(at, n) { return __buffer(at, n); }
fn ring_at(fd) { return _rings == 0 || _rings[fd] == null ? 0 : _rings[fd].at; }
fn entries_at(fd) { return _rings == 0 || _rings[fd] == null ? 0 : _rings[fd].sqes; }
`;

const source = readFileSync(new URL('./forged-values.osim', import.meta.url), 'utf8');

describe('forged values', function () {
  this.timeout(7_200_000);
  const open = openSystem(DOORS);

  it(`do not lead into the kernel: ${PROGRAMS} programs`, () => {
    let ended = 0;
    let died = 0;
    for (let seed = FIRST; seed < FIRST + PROGRAMS; seed++) {
      const d = new Dice(seed * 2654435761 + 11);
      const machine = `machine { cpus = ${d.pick([1, 1, 2, 3])}; quantum = ${5 + d.below(90)}; memory = ${d.pick([2, 4, 16])} MiB; }\n`;
      const computer = computerFor(machine + source, { seed }, open);
      run(computer, seed);
      died += computer.faults.length;
      ended += computer.machine.outcome === null ? 0 : 1;
    }
    console.log(`      ${ended} of ${PROGRAMS} came to an end, with ${died} faults of their processes`);
    assert.ok(died > PROGRAMS * 10, 'hardly anything is forged');
    assert.ok(ended >= PROGRAMS / 2, 'hardly any program comes to its end');
  });

  function run({ machine }: Computer, seed: number): void {
    while (!machine.outcome && machine.steps < MOST_STEPS) {
      machine.run(SLICE);
      for (const cpu of machine.cpus) {
        const inside = cpu.mode === USER && machine.program.isKernel(cpu.pc);
        assert.ok(
          !inside,
          `program ${seed}: user mode is at ${machine.program.functionAt(cpu.pc)?.name} of the kernel`,
        );
      }
    }
    const report = machine.outcome?.report.join('\n');
    assert.notEqual(machine.outcome?.kind, 'panic', `program ${seed}: ${report}`);
  }
});
