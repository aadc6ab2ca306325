/** What an instruction can ask of the loop that executes it: bits of the board's `attention`. See attend.ts. */
export const ATTENTION = {
  /** Ticks are to be charged. */
  CHARGE: 1,
  /** The run has an outcome. */
  OUTCOME: 2,
  /** A listener asked to stop, or there was work enough. */
  STOP: 4,
  /** Which CPU comes next may have changed. */
  ORDER: 8,
  /** A page is to be brought in: the board's `pageFault`. The instruction has not been executed. */
  PAGE_FAULT: 32,
  /** The objects of the running process are to be measured. */
  MEASURE: 16,
} as const;
