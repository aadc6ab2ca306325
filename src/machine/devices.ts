/** The numbers by which devices are known: their interrupts, and their events in the queue. */

/** Interrupt numbers. */
export const IRQ = { TIMER: 0, KEYBOARD: 1, RESCHEDULE: 3, DISK: 14 } as const;
/** Kinds of event in the queue: which device acts. */
export const DEVICE = { TIMER: 0, DISK: 1, KEYBOARD: 2 } as const;
