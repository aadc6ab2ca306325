/** Where text goes: standard output, written as it comes, or a file, written whole or not at all. */
import { writeSync } from 'node:fs';
import { Flood } from '../computer/flood.js';
import { visible } from '../language/visible.js';
import { Failure, Unread, codeOf, reasonOf } from './failure.js';
import { openDestination, refuse } from './output-file.js';

const STDOUT = 1;
const STDERR = 2;

/** Gathers this many characters before it writes. */
const GATHER = 1 << 16;

export interface Sink {
  /** Text, as UTF-8, or bytes: these are the caller's again when it returns. */
  write(data: string | Uint8Array): void;
  /** Everything is written. */
  close(): void;
  /** Nothing of it is wanted: an output file stays as it was. */
  discard(): void;
}

/** Writes UTF-8 text, or raw bytes, to a descriptor; waits when a pipe is full. */
function writeAll(descriptor: number, data: string | Uint8Array): void {
  let rest = typeof data === 'string' ? Buffer.from(data) : data;
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(descriptor, rest));
    } catch (error) {
      if (codeOf(error) !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

/** Writes to standard output. Throws a Failure when it takes nothing, Unread when its reader has gone. */
export function writeOutput(data: string | Uint8Array): void {
  try {
    writeAll(STDOUT, data);
  } catch (error) {
    if (codeOf(error) === 'EPIPE') throw new Unread();
    throw new Failure(`Standard output can not be written: ${reasonOf(error)}.`);
  }
}

/**
 * A line of ours on standard error, whatever a program put in it. When standard error can not be written there is
 * nobody to be told; but a reader who has gone ends the command, as one of standard output does.
 */
export function printError(line: string): void {
  try {
    writeAll(STDERR, `${visible(line)}\n`);
  } catch (error) {
    if (codeOf(error) === 'EPIPE') throw new Unread();
  }
}

/** Prints the lines of a run within bounds: a program can log without end. */
export function bounded(print: (line: string) => void): (line: string) => void {
  const flood = new Flood('log() and what ended processes');
  return (line) => {
    const shown = flood.admit(line);
    if (shown !== null) print(shown);
  };
}

/** Standard output, or the file that `-o` names. */
export function openSink(path: string | undefined): Sink {
  return path === undefined ? new GatheringSink(writeOutput, () => {}) : fileSink(path);
}

function fileSink(path: string): Sink {
  const { descriptor, commit, discard } = openDestination(path);
  const write = (data: string | Uint8Array): void => {
    try {
      writeAll(descriptor, data);
    } catch (error) {
      refuse(path, error);
    }
  };
  return new GatheringSink(write, commit, discard);
}

/** Writes a text to a file: whole, or not at all. */
export function writeFile(path: string, text: string): void {
  const sink = fileSink(path);
  try {
    sink.write(text);
    sink.close();
  } catch (error) {
    sink.discard();
    throw error;
  }
}

class GatheringSink implements Sink {
  private gathered: string[] = [];
  private size = 0;
  private over = false;

  constructor(
    private readonly put: (data: string | Uint8Array) => void,
    private readonly commit: () => void,
    private readonly undo: () => void = () => {},
  ) {}

  write(data: string | Uint8Array): void {
    if (typeof data !== 'string') {
      this.flush();
      this.put(data);
      return;
    }
    this.gathered.push(data);
    this.size += data.length;
    if (this.size >= GATHER) this.flush();
  }

  close(): void {
    this.flush();
    this.over = true;
    this.commit();
  }

  discard(): void {
    if (!this.over) this.undo();
    this.over = true;
  }

  private flush(): void {
    if (this.size > 0) this.put(this.gathered.join(''));
    this.gathered = [];
    this.size = 0;
  }
}
