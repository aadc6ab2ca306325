/**
 * What two runs must have in common, so that the choices of one can be made again in the other: the settings, the
 * params, and the code of program, kernel and library. Not where the program lies, nor its comments: positions do not
 * count.
 */
import type { Image } from '../compiler/image.js';
import { visible } from '../language/visible.js';
import { stateHash } from '../machine/hash.js';

/** Names and values, as a recording has them in its lines. */
export type Identity = ReadonlyMap<string, string>;

/** What is wrong with a recording: the line, and a sentence with a way out. */
export class RecordingFault extends Error {
  constructor(
    readonly line: number,
    message: string,
    readonly hint: string = 'Record the run again: osim run --record FILE.',
  ) {
    super(message);
  }
}

/** A recording's identity, with the lines on which it stands. */
export type RecordedIdentity = ReadonlyMap<string, { readonly value: string; readonly line: number }>;

/** Of images: what a run does not depend on. */
const POSITIONS = new Set(['files', 'file', 'line', 'column', 'endLine', 'positions', 'variables', 'expects']);

/** A longer value stands in a recording by its hash. */
const LONGEST_VALUE = 200;

/** @param settings those of `machine { … }` and what overrides them */
export function identityOf(images: readonly Image[], settings: Record<string, number | string>): Identity {
  const identity = new Map<string, string>();
  const { cpus = 1, scheduler = 'rr', ...others } = settings;
  identity.set('cpus', valueText(cpus));
  // A scheduler of the user's is part of the kernel, wherever it lies.
  identity.set('scheduler', valueText(String(scheduler).replace(/^.*[/\\]/, '')));
  for (const name of Object.keys(others).sort()) identity.set(`setting ${name}`, valueText(others[name] ?? null));
  const params = images[images.length - 1]?.params ?? {};
  for (const name of Object.keys(params).sort()) identity.set(`param ${name}`, valueText(params[name] ?? null));
  for (const image of images) identity.set(image.kind, imageHash(image));
  return identity;
}

/**
 * @param end the line behind the recorded identity
 * @throws RecordingFault when a recording is of another program, or of one that ran otherwise
 */
export function requireSame(recorded: RecordedIdentity, identity: Identity, end: number): void {
  for (const name of new Set([...recorded.keys(), ...identity.keys()])) {
    const then = recorded.get(name);
    const now = identity.get(name);
    if (then?.value !== now) throw difference(name, then?.value ?? 'none', now ?? 'none', then?.line ?? end);
  }
}

function difference(name: string, then: string, now: string, line: number): RecordingFault {
  const [kind = '', what = name] = name.split(' ');
  if (kind === 'program') {
    return new RecordingFault(line, 'The recording is of another program, or the program has changed since.');
  }
  if (kind === 'kernel' || kind === 'library') {
    const why = `The recording was made with another ${kind}: by another version of osim, or with --kernel.`;
    return new RecordingFault(line, why);
  }
  const message = `The recording was made with ${what} ${shown(then)}, and this run has ${shown(now)}.`;
  const options: Record<string, string> = { param: `--set ${what}=`, setting: `machine { ${what} = …; }, there ` };
  const option = options[kind] ?? `--${what} `;
  return new RecordingFault(line, message, `Give it ${option}${shown(then)}, or record the run again.`);
}

/** A value of the file's in a message. */
function shown(value: string): string {
  return visible(value.slice(0, LONGEST_VALUE));
}

function valueText(value: string | number | boolean | null): string {
  const json = JSON.stringify(value);
  return json.length > LONGEST_VALUE ? `hash ${stateHash([json])}` : json;
}

function imageHash(image: Image): string {
  // Those are compared by themselves; a scheduler's path says where the program lies.
  const { params: _params, machine: _machine, ...rest } = image;
  return stateHash([JSON.stringify(rest, (key, value: unknown) => (POSITIONS.has(key) ? undefined : value))]);
}
