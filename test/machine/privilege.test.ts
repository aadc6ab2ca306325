/** The CPU itself keeps user mode out of the kernel: its instructions, its functions, its code. */
import assert from 'node:assert/strict';
import type { Computer } from '../../src/computer/computer.js';
import type { KernelFunction } from '../../src/computer/kernel-layout.js';
import { kernelEvent, text } from '../../src/computer/kernel-records.js';
import { INTERNAL } from '../../src/machine/internal-opcodes.js';
import { INTRINSICS } from '../../src/machine/intrinsics.js';
import { OP } from '../../src/isa/isa.js';
import type { Board } from '../../src/machine/board.js';
import { SIGSEGV } from '../../src/machine/native.js';
import { USER_STATE, type Stack } from '../../src/machine/stack.js';
import { computerFor } from '../system.js';

const SYS_EXIT: KernelFunction = 'sys_exit';
const PRIVILEGED = ['KLD', 'KST', 'SPEND', 'CURRENT', 'SAVE_CONTEXT', 'RESTORE_CONTEXT', 'HALT', 'POWER_OFF'] as const;

const VICTIM = `
fn victim(a) { return a + 1; }
process p { victim(7); }
expect term_signal("p") == SIGSEGV;
`;

/** Puts an instruction where a function of the program begins. */
function plant(machine: Board, name: string, instruction: readonly number[]): void {
  const { program } = machine;
  const entry = program.functionNamed(name, 'program')!.entry;
  for (const code of [program.code, program.fast, program.plain]) code.set(instruction, entry);
}

/** The process is dead by SIGSEGV, and the machine came to a proper end. */
function refused({ machine, faults }: Computer, what: string): void {
  assert.equal(machine.outcome?.kind, 'finished', `${what}: ${machine.outcome?.report.join()}`);
  assert.deepEqual(
    faults.map(({ signal }) => signal),
    [SIGSEGV],
    what,
  );
}

describe('user mode and the kernel', () => {
  it('an instruction of the kernel faults', () => {
    for (const name of PRIVILEGED) {
      const computer = computerFor(VICTIM);
      plant(computer.machine, 'victim', [{ ...OP, ...INTERNAL }[name], 0, 0, 0]);
      computer.run({ maxSteps: 100_000 });
      refused(computer, name);
      assert.match(computer.faults[0].message, /an instruction of the kernel's: user mode can not execute it/);
    }
  });

  it('an intrinsic faults, whichever it is, before it looks at its arguments', () => {
    const { nativeNames } = computerFor(VICTIM).machine.program;
    const known = nativeNames.filter((name) => name in INTRINSICS);
    assert.ok(known.length > 40);
    for (const name of known) {
      const computer = computerFor(VICTIM);
      plant(computer.machine, 'victim', [OP.INTR, 0, nativeNames.indexOf(name), 1]);
      computer.run({ maxSteps: 100_000 });
      refused(computer, name);
      assert.match(computer.faults[0].message, new RegExp(`^${name} is an instruction`));
    }
  });

  it('the way back from a system call does not lead to kernel code', () => {
    const computer = computerFor('process p { getpid(); }');
    const { machine } = computer;
    const kernelCode = machine.program.functionNamed(SYS_EXIT, 'kernel')!.entry;
    computer.eventConsumers.push((event) => {
      const { name, fields } = kernelEvent(event);
      if (name === 'sys_exit' && text(fields, 'name') === 'getpid')
        machine.cpu.kernelStack.slots[USER_STATE.PC] = kernelCode;
    });
    computer.run({ maxSteps: 100_000 });
    refused(computer, 'return to user mode');
  });

  it('the way back from a handler does not lead to kernel code', () => {
    const computer = computerFor(`
      fn interrupted(sig) { getppid(); }
      process p { sigaction(SIGUSR1, interrupted); getpid(); raise(SIGUSR1); }`);
    const { machine } = computer;
    const kernelCode = machine.program.functionNamed(SYS_EXIT, 'kernel')!.entry;
    computer.eventConsumers.push((event) => {
      const { name, fields } = kernelEvent(event);
      if (name !== 'sys_enter' || text(fields, 'name') !== 'rt_sigreturn') return;
      const { slots } = machine.cpu.kernelStack.slots[USER_STATE.STACK] as Stack;
      slots[(machine.cpu.kernelStack.slots[USER_STATE.FP] as number) - 5] = kernelCode;
    });
    computer.run({ maxSteps: 100_000 });
    refused(computer, 'return from a handler');
  });

  it('no number makes a function of the kernel, or a remote, a value or a handler', function () {
    this.timeout(60_000);
    const program = (use: string) => `
      param first = 0; param last = 0;
      remote other { let c = connect(80); sleep(1); print(c); }
      var f = 0x123456;
      fn its_slot() {
        for (let a = 0x09000000; a < 0x09010000; a += 8) {
          if (peek(a) == 0x56 && peek(a + 1) == 0x34 && peek(a + 2) == 0x12 && peek(a + 3) == 0) { return a; }
        }
      }
      process p {
        let at = its_slot();
        for (i in first..last) {
          if (fork() == 0) { alarm(3000); ${use} exit(0); }
          wait();
        }
        print("survived");
      }`;
    const asValue = `
      poke(at, i & 255); poke(at + 1, i >> 8 & 255); poke(at + 2, i >> 16);
      poke(at + 4, 3); poke(at + 5, 0); poke(at + 6, 0xF0); poke(at + 7, 0x7F);
      f();`;
    const asHandler = 'sigaction(SIGUSR1, i); raise(SIGUSR1);';
    const count = computerFor(program('')).machine.program.functions.length;
    for (const use of [asValue, asHandler]) {
      const computer = computerFor(program(use), { params: { first: 2, last: count + 9 } });
      const { machine } = computer;
      const outcome = computer.run({ maxSteps: 30_000_000 });
      assert.equal(outcome.kind, 'finished', outcome.report.join('\n'));
      assert.match(machine.terminal.text(), /survived\n$/);
    }
  });
});
