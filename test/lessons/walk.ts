/**
 * A walk does what a lesson's header says, and looks at what it promises to show. It is declared beside the lesson, in
 * NAME.walk.json: a list of sessions, each a launch configuration and steps. CONTRIBUTING.md explains the words.
 */
import { launchKeys } from './launch-keys.js';

export interface Walk {
  sessions: WalkSession[];
}

export interface WalkSession {
  /** As in launch.json: params, scheduler, cpus, seed, libc … */
  launch?: Record<string, unknown>;
  /** Texts to replace in the program first: what the header asks the reader to change. */
  edit?: Record<string, string>;
  /** Kernel files that the reader copies into the folder `own-kernel` and edits. */
  kernel?: Record<string, Record<string, string>>;
  steps: WalkStep[];
}

export interface WalkStep {
  /** Sentences of the header, or parts of them, word for word. */
  says?: string | string[];
  /** Breakpoints from here on, in place of those before: places, or `{ at, when, hits }`. */
  break?: (string | WalkBreakpoint)[];
  /** A move: a button of the debug toolbar, or a command of the Debug Console that lets the machine run. */
  do?: string;
  /** How often. */
  times?: number;
  /** Again and again until it stands there. */
  until?: string;

  // ---- What is seen then -------------------------------------------------------------------------------------------
  /** Why it has stopped. */
  reason?: string;
  at?: string;
  /** Functions of the Call Stack, from the top down; others may stand between. */
  frames?: string[];
  /** The label of the thread that it has stopped in. */
  thread?: string;
  /** Labels of threads. */
  threads?: string[];
  /** The function whose frame is looked at. The innermost unless given. */
  in?: string;
  /** Rows of the Variables pane: `Scope > name > name`, and what stands there. */
  shows?: Record<string, string>;
  /** Expressions, as in the Watch pane. */
  evaluate?: Record<string, string>;
  /** Commands of the Debug Console, and what they answer. */
  console?: Record<string, string>;
  machine?: WalkMachine;
  /** What the program has printed so far. */
  output?: string | string[];
  /** Lines of the Debug Console. */
  told?: string | string[];
  /** Figures, in the words of `stat()`: `blocked`, or `server: blocked` of one process. */
  stats?: Record<string, number | string>;
  /** The run is over, with this outcome. */
  ends?: string;
}

export interface WalkBreakpoint {
  at: string;
  when?: string;
  hits?: string;
}

/** What the Machine view draws. */
export interface WalkMachine {
  /** Names of the tasks in a column; `name: what it waits for` among the blocked. */
  running?: string[];
  ready?: string[];
  blocked?: string[];
  zombie?: string[];
  /** Wait queues by name, and the names of those on them. */
  queues?: Record<string, string[]>;
  /** Bytes that a call has copied, by kind. */
  copies?: Record<string, Partial<Record<'dma' | 'toUser' | 'fromUser' | 'kernel', number>>>;
}

type Check = (value: unknown, where: string) => string[];

const text: Check = (value, where) => (typeof value === 'string' && value !== '' ? [] : [`${where} must be a text`]);
const whole: Check = (value, where) =>
  Number.isInteger(value) && (value as number) > 0 ? [] : [`${where} must be a number from 1 up`];
const figure: Check = (value, where) =>
  typeof value === 'number' || /^(>=|<=|>|<) -?\d+$/.test(String(value)) ? [] : [`${where} must be 3, or ">= 3"`];
const anything: Check = () => [];
const listOf =
  (check: Check): Check =>
  (value, where) =>
    Array.isArray(value) && value.length > 0
      ? value.flatMap((item, i) => check(item, `${where}[${i}]`))
      : [`${where} must be a list that is not empty`];
const either =
  (first: Check, second: Check): Check =>
  (value, where) =>
    first(value, where).length === 0 ? [] : second(value, where);
const mapOf =
  (check: Check): Check =>
  (value, where) =>
    isObject(value)
      ? Object.entries(value).flatMap(([key, item]) => check(item, `${where}["${key}"]`))
      : [`${where} must be an object`];
const record =
  (fields: Record<string, Check>, required: readonly string[] = []): Check =>
  (value, where) => {
    if (!isObject(value)) return [`${where} must be an object`];
    return [
      ...required.filter((key) => !(key in value)).map((key) => `${where} lacks "${key}"`),
      ...Object.entries(value).flatMap(([key, item]) =>
        Object.hasOwn(fields, key) ? fields[key](item, `${where}.${key}`) : [`${where} has an unknown key "${key}"`],
      ),
    ];
  };

const texts = either(text, listOf(text));
/** Looks at something: a step that quotes the header needs one of them. */
const LOOKS = {
  reason: text,
  at: text,
  frames: listOf(text),
  thread: text,
  threads: listOf(text),
  shows: mapOf(text),
  evaluate: mapOf(text),
  console: mapOf(text),
  machine: record({
    running: anything,
    ready: anything,
    blocked: anything,
    zombie: anything,
    queues: mapOf(listOf(text)),
    copies: mapOf(record({ dma: anything, toUser: anything, fromUser: anything, kernel: anything })),
  }),
  output: texts,
  told: texts,
  stats: mapOf(figure),
  ends: text,
};
const breakpoint = either(text, record({ at: text, when: text, hits: text }, ['at']));
const step: Check = (value, where) => {
  const wrong = record({
    says: texts,
    break: (list, at) =>
      Array.isArray(list) ? list.flatMap((b, i) => breakpoint(b, `${at}[${i}]`)) : [`${at} must be a list`],
    do: text,
    times: whole,
    until: text,
    in: text,
    ...LOOKS,
  })(value, where);
  const keys = isObject(value) ? Object.keys(value) : [];
  const looks = keys.some((key) => key in LOOKS || key === 'until');
  if (keys.includes('says') && !looks) wrong.push(`${where} quotes the header and looks at nothing`);
  return wrong;
};

/** What is wrong with the form of a walk, in words; empty when nothing is. */
export function faultsOf(walk: unknown): string[] {
  const session = record(
    { launch: record(launchKeys(anything)), edit: mapOf(text), kernel: mapOf(mapOf(text)), steps: listOf(step) },
    ['steps'],
  );
  return record({ sessions: listOf(session) }, ['sessions'])(walk, 'walk');
}

export function quotesOf({ sessions }: Walk): string[] {
  return sessions.flatMap(({ steps }) => steps.flatMap(({ says }) => listFrom(says)));
}

export function listFrom(value: string | string[] | undefined): string[] {
  return value === undefined ? [] : typeof value === 'string' ? [value] : value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
