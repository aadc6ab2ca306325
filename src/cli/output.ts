/** Where text goes: standard output, written as it comes, or a file, written whole or not at all. */
import { closeSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { Flood } from '../computer/flood.js';
import { Failure, codeOf, reasonOf } from './failure.js';

const STDOUT = 1;
const STDERR = 2;

/** Gathers this many characters before it writes. */
const GATHER = 1 << 16;

export interface Sink {
  write(text: string): void;
  /** Everything is written. */
  close(): void;
  /** Nothing of it is wanted: an output file stays as it was. */
  discard(): void;
}

/** Writes UTF-8 text, or raw bytes, to a descriptor; waits when a pipe is full. */
export function writeAll(descriptor: number, data: string | Uint8Array): void {
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

export function printError(line: string): void {
  writeAll(STDERR, `${line}\n`);
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
  return path === undefined ? new GatheringSink(STDOUT, () => {}) : fileSink(path);
}

function fileSink(path: string): Sink {
  const temporary = `${path}.${process.pid}.part`;
  const refuse = (error: unknown): never => {
    const reason = codeOf(error) === 'ENOENT' ? 'its folder does not exist' : reasonOf(error);
    throw new Failure(`${path} can not be written: ${reason}.`);
  };
  try {
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
    statSync(dirname(path));
    const descriptor = openSync(temporary, 'w');
    const sink = new GatheringSink(descriptor, () => closeSync(descriptor), refuse);
    return {
      write: (text) => sink.write(text),
      close: () => {
        sink.close();
        try {
          renameSync(temporary, path);
        } catch (error) {
          rmSync(temporary, { force: true });
          refuse(error);
        }
      },
      discard: () => {
        closeSync(descriptor);
        rmSync(temporary, { force: true });
      },
    };
  } catch (error) {
    return refuse(error);
  }
}

/** Writes a text to a file: whole, or not at all. */
export function writeFile(path: string, text: string): void {
  const sink = fileSink(path);
  sink.write(text);
  sink.close();
}

class GatheringSink implements Sink {
  private gathered: string[] = [];
  private size = 0;

  constructor(
    private readonly descriptor: number,
    private readonly end: () => void,
    private readonly onError: (error: unknown) => never = (error) => {
      throw error;
    },
  ) {}

  write(text: string): void {
    this.gathered.push(text);
    this.size += text.length;
    if (this.size >= GATHER) this.flush();
  }

  close(): void {
    this.flush();
    this.end();
  }

  discard(): void {
    this.end();
  }

  private flush(): void {
    try {
      writeAll(this.descriptor, this.gathered.join(''));
    } catch (error) {
      this.onError(error);
    }
    this.gathered = [];
    this.size = 0;
  }
}
