/** The time of a run as other tools count it. */
import type { Computer } from '../../computer/computer.js';

/**
 * Nanoseconds that a tick stands for: one under `costs = linux`, which counts in them; else a microsecond, so that the
 * small round numbers of teaching can be read on an axis.
 */
export function nanosecondsPerTick({ machine }: Computer): number {
  return machine.options.settings['costs'] === 'linux' ? 1 : 1000;
}

/** Ticks as Linux's trace shows a time: seconds, with as many digits as the tick needs. */
export function seconds(ticks: number, perTick: number): string {
  const perSecond = 1e9 / perTick;
  const digits = perTick === 1 ? 9 : 6;
  return `${Math.floor(ticks / perSecond)}.${String(ticks % perSecond).padStart(digits, '0')}`;
}
