/**
 * A recording: the choices of a run (src/machine/choices.ts) as a text file, by which the run can be made again.
 *
 *   osim choices 1                 the format's version
 *   # …                            comments: what each kind of choice is
 *   cpus 4                         what must be the same in both runs: settings, params,
 *   program 5d6f0a3b9c2e1f48       and hashes of what the compiler made (recording-identity.ts)
 *   seed 7                         for information, and for a kernel that asks for it
 *   choices
 *   as-written 12                  twelve choices, of whatever kinds, were as written
 *   quantum 37/51                  one was number 37 of 51 alternatives, counted from 0
 *   end 13                         how many choices there were
 *
 * It is checked as a whole before the run, and read line by line during it: memory holds the text and no more.
 */
import { LARGEST_FILE } from '../language/host-file.js';
import { visible } from '../language/visible.js';
import { CHOICE_KINDS, isChoiceKind, type ChoiceListener } from '../machine/choices.js';
import type { ChoiceRecord, RecordedLine } from '../machine/replayed-choices.js';
import { RecordingFault, type Identity, type RecordedIdentity } from './recording-identity.js';

const MAGIC = 'osim choices';
const VERSION = 1;
const AS_WRITTEN = 'as-written';
/** Lines before the choices, at most. */
const LONGEST_HEADER = 2000;

/** Writes a recording while the run goes on. */
export class Recorder {
  private asWritten = 0;
  private count = 0;

  /** @param write gets whole lines */
  constructor(
    private readonly write: (lines: string) => void,
    program: string,
    identity: Identity,
    seed: number,
  ) {
    const kinds = Object.entries(CHOICE_KINDS).map(
      ([kind, { what, rule }]) => `# ${kind}: ${what}; as written ${rule}\n`,
    );
    const same = [...identity].map(([name, value]) => `${name} ${value}\n`);
    write(
      `${MAGIC} ${VERSION}\n# of a run of ${visible(program)}\n${kinds.join('')}${same.join('')}seed ${seed}\nchoices\n`,
    );
  }

  readonly listener: ChoiceListener = (kind, alternatives, usual, chosen) => {
    this.count++;
    if (chosen === usual) {
      this.asWritten++;
      return;
    }
    this.flush();
    this.write(`${kind} ${chosen}/${alternatives}\n`);
  };

  /** The run is over. */
  end(): void {
    this.flush();
    this.write(`end ${this.count}\n`);
  }

  private flush(): void {
    if (this.asWritten > 0) this.write(`${AS_WRITTEN} ${this.asWritten}\n`);
    this.asWritten = 0;
  }
}

/** A recording's bytes as the text that Recording reads: one character a byte, lines as they were written. */
export function recordingText(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return text.replaceAll('\r\n', '\n');
}

/** A recording that was read and found whole. */
export class Recording implements ChoiceRecord {
  readonly identity: RecordedIdentity;
  readonly seed: number;
  readonly offset: number;
  readonly line: number;

  /** @throws RecordingFault */
  constructor(
    readonly uri: string,
    private readonly text: string,
  ) {
    const header = new Header(text);
    this.identity = header.identity;
    this.seed = header.seed;
    this.offset = header.offset;
    this.line = header.line;
    this.check();
  }

  read(offset: number): RecordedLine | null {
    const end = this.text.indexOf('\n', offset);
    return recordedLine(this.text.slice(offset, end), end + 1);
  }

  /** Every line, to the end. */
  private check(): void {
    let { offset, line } = this;
    let count = 0;
    for (; ; line++) {
      const end = this.text.indexOf('\n', offset);
      if (end < 0) throw new RecordingFault(line, 'The recording is cut short: its last line is not `end`.');
      const text = this.text.slice(offset, end);
      const ending = /^end (\d+)$/.exec(text);
      if (ending) return this.checkEnd(Number(ending[1]), count, line, end + 1);
      const recorded = recordedLine(text, end + 1);
      if (recorded === null) throw new RecordingFault(line, `This is no choice: \`${shown(text)}\`.`);
      count += recorded.kind === null ? recorded.count : 1;
      offset = recorded.next;
    }
  }

  private checkEnd(said: number, count: number, line: number, after: number): void {
    if (said !== count)
      throw new RecordingFault(line, `The recording has ${count} choices, and not ${said} as it says.`);
    if (after < this.text.length) throw new RecordingFault(line + 1, 'Something follows the end of the recording.');
  }
}

/** What stands before the choices. */
class Header {
  readonly identity = new Map<string, { value: string; line: number }>();
  seed = 0;
  offset = 0;
  line = 1;

  constructor(private readonly text: string) {
    const version = new RegExp(`^${MAGIC} (\\d+)$`).exec(this.next() ?? '')?.[1];
    if (version === undefined) {
      throw new RecordingFault(1, 'This is no recording of choices.', 'osim run --record FILE makes one.');
    }
    if (Number(version) !== VERSION) {
      throw new RecordingFault(1, `The recording has version ${version}; this osim reads version ${VERSION}.`);
    }
    while (this.line < LONGEST_HEADER) {
      const line = this.next();
      if (line === null) break;
      if (line === 'choices') return;
      if (!line.startsWith('#')) this.take(line);
    }
    throw new RecordingFault(this.line, 'The recording is cut short: it has no line `choices`.');
  }

  /** The next line; null when there is none. `line` is the number of the one after it. */
  private next(): string | null {
    const end = this.text.indexOf('\n', this.offset);
    if (end < 0) return null;
    const line = this.text.slice(this.offset, end);
    this.offset = end + 1;
    this.line++;
    return line;
  }

  private take(text: string): void {
    const line = this.line - 1;
    const [, name, value] = /^((?:setting |param )?\S+) (.+)$/.exec(text) ?? [];
    if (name === undefined || value === undefined || this.identity.has(name)) {
      throw new RecordingFault(line, `This line can not stand here: \`${shown(text)}\`.`);
    }
    if (name === 'seed') this.seed = natural(value) ?? bad(line, `The seed is a number, and not \`${shown(value)}\`.`);
    else this.identity.set(name, { value, line });
  }
}

/** A line among the choices; null if it is none. */
function recordedLine(text: string, next: number): RecordedLine | null {
  const [, kind = '', first = '', alternatives] = /^(\S+) (\d+)(?:\/(\d+))?$/.exec(text) ?? [];
  const value = natural(first);
  if (value === null) return null;
  if (kind === AS_WRITTEN) return alternatives === undefined && value > 0 ? { kind: null, count: value, next } : null;
  const of = natural(alternatives ?? '');
  return isChoiceKind(kind) && of !== null && value < of ? { kind, alternatives: of, chosen: value, next } : null;
}

function natural(text: string): number | null {
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  return Number.isSafeInteger(value) ? value : null;
}

function bad(line: number, message: string): never {
  throw new RecordingFault(line, message);
}

/** A line of the file in a message. */
function shown(text: string): string {
  return visible(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}

/** The largest recording that can be read again, in bytes. */
export const LARGEST_RECORDING = LARGEST_FILE;
