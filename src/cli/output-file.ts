/**
 * Files that the user names to be written: whole, or not at all. A link is followed and stays; mode, owner and other
 * names of the file stay; what is no regular file (a FIFO, a device) is written to and never replaced. Until everything
 * is there it is kept in a file without a name, of which nothing is left, however the process ends.
 */
import {
  accessSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  ftruncateSync,
  lstatSync,
  openSync,
  readSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  writeSync,
  type Stats,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { Failure, Unread, codeOf, reasonOf } from './failure.js';

/** The most links that may follow each other, as in Linux. */
const MOST_LINKS = 40;

/** Bytes that are copied at once. */
const PIECE = 1 << 20;

/** Where an output goes. */
export interface Destination {
  /** Open for writing. */
  readonly descriptor: number;
  /** Puts what was written in its place, and closes. */
  commit(): void;
  /** Leaves everything as it was, and closes. */
  discard(): void;
}

/** Opens what `-o` or another word of the user's names. Throws a Failure with the reason. */
export function openDestination(path: string): Destination {
  try {
    const standard = standardStream(path);
    if (standard !== null) return { descriptor: standard, commit: () => {}, discard: () => {} };
    const existing = statSync(path, { throwIfNoEntry: false });
    if (existing?.isDirectory() || /[/\\]$/.test(path)) throw Object.assign(new Error(), { code: 'EISDIR' });
    if (existing && !existing.isFile()) return openStream(path);
    const target = endOfLinks(path);
    if (existing) accessSync(target, constants.W_OK);
    return openReplacement(path, target);
  } catch (error) {
    return refuse(path, error);
  }
}

/** Nobody reads a FIFO any more: that ends the command as it does with standard output. */
export function refuse(path: string, error: unknown): never {
  if (error instanceof Failure) throw error;
  if (codeOf(error) === 'EPIPE') throw new Unread();
  const reason = codeOf(error) === 'ENOENT' ? 'its folder does not exist' : reasonOf(error);
  throw new Failure(`${path} can not be written: ${reason}.`);
}

/** `/dev/stdout` and its like: to replace the file that the shell has opened would lose what else is written there. */
function standardStream(path: string): number | null {
  const there = statSync(path, { throwIfNoEntry: false });
  if (!there) return null;
  const same = [1, 2].find((descriptor) => {
    const open = fstatSync(descriptor);
    return open.ino === there.ino && open.dev === there.dev && !isNull(open);
  });
  return same ?? null;
}

/** A closed descriptor is /dev/null to Node: nobody's standard output. */
function isNull(open: Stats): boolean {
  const none = statSync('/dev/null', { throwIfNoEntry: false });
  return none !== undefined && open.rdev === none.rdev && open.isCharacterDevice();
}

function openStream(path: string): Destination {
  const descriptor = openSync(path, constants.O_WRONLY | (constants.O_NOCTTY ?? 0));
  const close = (): void => closeSync(descriptor);
  return { descriptor, commit: close, discard: close };
}

/** The file that links lead to, which need not be there. */
function endOfLinks(path: string): string {
  let end = path;
  for (let links = 0; links < MOST_LINKS; links++) {
    if (!lstatSync(end, { throwIfNoEntry: false })?.isSymbolicLink()) {
      return join(realpathSync(dirname(end)), basename(end));
    }
    end = resolve(dirname(end), readlinkSync(end));
  }
  throw Object.assign(new Error(), { code: 'ELOOP' });
}

function openReplacement(path: string, target: string): Destination {
  const draft = openDraft(target);
  return {
    descriptor: draft,
    commit: () => {
      try {
        undisturbed(() => replace(target, draft));
      } catch (error) {
        refuse(path, error);
      } finally {
        closeSync(draft);
      }
    },
    discard: () => closeSync(draft),
  };
}

/** A file without a name, on the disk of the target: whether there is room shows before the target is touched. */
function openDraft(target: string): number {
  const name = besides(target);
  try {
    const descriptor = openSync(name, 'wx+', 0o600);
    unlinkSync(name);
    return descriptor;
  } catch (error) {
    if (!['EACCES', 'EPERM', 'EROFS'].includes(codeOf(error) ?? '')) throw error;
    throw new Error('no file can be made in its folder', { cause: error });
  }
}

function besides(target: string): string {
  return join(dirname(target), `.osim-${process.pid}-${Math.random().toString(36).slice(2)}.part`);
}

function replace(target: string, draft: number): void {
  const existing = statSync(target, { throwIfNoEntry: false });
  const name = besides(target);
  try {
    const descriptor = openSync(name, 'wx', existing ? 0o600 : 0o666);
    let same: boolean;
    try {
      copy(draft, descriptor);
      same = !existing || takesAfter(descriptor, existing);
    } finally {
      closeSync(descriptor);
    }
    if (same) renameSync(name, target);
    else overwrite(target, draft);
  } finally {
    rmSync(name, { force: true });
  }
}

/**
 * Gives a new file the mode and owner of the old one. False if it can not replace the old one: that has other names, or
 * an owner whom we can not give it to.
 */
function takesAfter(descriptor: number, existing: Stats): boolean {
  if (existing.nlink > 1) return false;
  try {
    fchownSync(descriptor, existing.uid, existing.gid);
    fchmodSync(descriptor, existing.mode & 0o7777);
    return true;
  } catch {
    return false;
  }
}

/** Writes into the file itself. What it had is put back if that fails. */
function overwrite(target: string, draft: number): void {
  const descriptor = openSync(target, 'r+');
  const former = openDraft(target);
  try {
    copy(descriptor, former);
    try {
      copy(draft, descriptor);
      ftruncateSync(descriptor, fstatSync(draft).size);
    } catch (error) {
      copy(former, descriptor);
      ftruncateSync(descriptor, fstatSync(former).size);
      throw error;
    }
  } finally {
    closeSync(former);
    closeSync(descriptor);
  }
}

/** From the beginning of one file to the beginning of another. */
function copy(from: number, to: number): void {
  const piece = new Uint8Array(PIECE);
  for (let at = 0; ;) {
    const count = readSync(from, piece, 0, PIECE, at);
    if (count === 0) return;
    for (let done = 0; done < count;) done += writeSync(to, piece, done, count - done, at + done);
    at += count;
  }
}

const INTERRUPTIONS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** Works whose signals have not been told yet: they share one listener, however many fall into one turn. */
let undisturbedWorks = 0;

function tellLater(signal: NodeJS.Signals): void {
  forgetSignals();
  process.kill(process.pid, signal);
}

function forgetSignals(): void {
  for (const signal of INTERRUPTIONS) process.off(signal, tellLater);
}

/** Ctrl-C and its like wait until the work is done: half of it would leave a file behind. */
function undisturbed(work: () => void): void {
  if (undisturbedWorks++ === 0) for (const signal of INTERRUPTIONS) process.on(signal, tellLater);
  try {
    work();
  } finally {
    // A signal that came meanwhile is told in the next turn.
    setImmediate(() => void (--undisturbedWorks === 0 && forgetSignals()));
  }
}
