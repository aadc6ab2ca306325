/** One event of a run: a tracepoint that the kernel has passed. Whoever follows a run, or reads its log, gets these. */
import type { RecordValue } from '../../machine/values.js';

export interface TraceEvent {
  /** The machine's position behind it, instructions: whoever goes to this step sees what it did. */
  readonly step: number;
  /** The clock of its CPU, ticks. */
  readonly time: number;
  readonly cpu: number;
  /** Of the task that the CPU had; -1 while it boots and has none. */
  readonly pid: number;
  /** That task's name, as bytes. */
  readonly task: string;
  readonly name: string;
  readonly fields: RecordValue;
}

/**
 * Is told of each event as the run passes it, the machine standing in its middle. The event is valid during the call
 * only. Returning true stops the run after the instruction.
 */
export type EventConsumer = (event: TraceEvent) => boolean | void;
