/** The kernel's time: spend() lets it pass, and the watchdog ends a kernel that never does. */
import type { Board } from './board.js';
import { KERNEL, type Cpu } from './cpu.js';
import type { Linked } from './link.js';
import { Fault, privileged, SIGILL } from './native.js';
import { RecordValue, type Value } from './values.js';

/**
 * Instructions that the kernel may take while no time passes: for the verdict on ten thousand processes that all wait,
 * for what one call does with a million descriptors.
 */
export const MOST_ASIDE = 500_000_000;

/** spend(): lets `ticks` pass in the kernel. */
export function spend({ stateName }: Linked, cpu: Cpu, ticks: Value): void {
  if (cpu.mode !== KERNEL) throw privileged('spend');
  if (typeof ticks !== 'number' || ticks < 0) throw new Fault(SIGILL, 'spend() takes a number of ticks, 0 or more');
  const { task } = cpu;
  const slot = task instanceof RecordValue ? task.shape.slotOf[stateName] : -1;
  if (slot >= 0 && (task as RecordValue).fields[slot] !== 0) {
    throw new Fault(
      SIGILL,
      'spend while not RUNNING: between prepare_to_wait() and schedule(), or in the switch, no time may pass',
    );
  }
  cpu.clock += ticks;
  cpu.kernelTicks += ticks;
  cpu.lockup = 0;
  cpu.owing = 0;
}

/**
 * The kernel works without letting time pass, and owes it: the watchdog waits on. But a loop that only ever owes is
 * endless, too.
 */
export function touchWatchdog(board: Board, cpu: Cpu): void {
  cpu.owing += cpu.lockup;
  cpu.lockup = 0;
  if (cpu.owing > MOST_ASIDE)
    board.panic(`soft lockup: ${MOST_ASIDE} kernel instructions that owe their time; an endless loop?`);
}

/** Panics when the kernel has executed too many instructions since it last let time pass. */
export function watch(board: Board, cpu: Cpu): void {
  if (cpu.lockup > board.softLockup)
    board.panic(`soft lockup: ${board.softLockup} kernel instructions without a spend(); an endless loop?`);
}
