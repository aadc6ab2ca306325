/** How far a long comparison is, on standard error: on a terminal a line that changes, else a line now and then. */
import { writeSync } from 'node:fs';
import { printError } from '../output.js';

const STDERR = 2;
/** Shorter ones need none, milliseconds of the host. */
const FIRST = 2000;
/** How often the time is looked at. */
const PERIOD = 500;
/** Where lines stay, the next one comes after twice the time of the last, but no later than this. */
const MOST_PATIENCE = 10_000;

export class Progress {
  private count = 0;
  private readonly began = Date.now();
  private readonly timer: NodeJS.Timeout;
  private last = Date.now();
  private patience = FIRST;
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
    } else if (now - this.last >= this.patience) {
      this.last = now;
      this.patience = Math.min(2 * this.patience, MOST_PATIENCE);
      printError(line);
    }
  }
}
