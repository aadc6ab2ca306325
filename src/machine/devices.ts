/** The numbers by which devices are known: their interrupts, and their events in the queue. */

/** Interrupt numbers. */
export const IRQ = { TIMER: 0, KEYBOARD: 1, RESCHEDULE: 3, NETWORK: 11, DISK: 14 } as const;
/** Kinds of event in the queue: which device acts. */
export const DEVICE = {
  TIMER: 0,
  DISK: 1,
  KEYBOARD: 2,
  /** The network card has sent a frame. */
  CARD_SENT: 3,
  /** A frame arrives at the network card; the payload says on which wire. */
  CARD_FRAME: 4,
  /** A frame arrives at the far side. */
  FAR_FRAME: 5,
  /** A remote starts, or has slept long enough; the payload is its number. */
  REMOTE: 6,
  /** The timer of a remote's connection: its number * 65536 + the connection's local port. */
  REMOTE_TIMER: 7,
} as const;
