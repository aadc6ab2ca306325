/** How far a long comparison is, on standard error: on a terminal a line that changes, else a line now and then. */
import { writeSync } from 'node:fs';
import { printError } from '../output.js';

const STDERR = 2;
/** Shorter ones need none, milliseconds of the host. */
const FIRST = 2000;
/** How often the time is looked at, and how often a line is written where lines stay. */
const PERIOD = 500;
const PERIOD_OF_LINES = 10_000;

export class Progress {
  private count = 0;
  private readonly began = Date.now();
  private readonly timer: NodeJS.Timeout;
  private last = Date.now();
  private width = 0;

  constructor(private readonly all: number) {
    this.timer = setInterval(() => this.show(), PERIOD);
    this.timer.unref();
  }

  done(): void {
    this.count++;
  }

  end(): void {
    clearInterval(this.timer);
    if (this.width > 0) writeSync(STDERR, `\r${' '.repeat(this.width)}\r`);
  }

  private show(): void {
    const now = Date.now();
    if (now - this.began < FIRST) return;
    const seconds = Math.round((now - this.began) / 1000);
    const line = `osim: ${this.count} of ${this.all} runs done, ${seconds} s`;
    if (process.stderr.isTTY) {
      writeSync(STDERR, `\r${line}`);
      this.width = line.length;
    } else if (now - this.last >= PERIOD_OF_LINES) {
      this.last = now;
      printError(line);
    }
  }
}
