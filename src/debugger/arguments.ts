/**
 * The arguments of every request that the adapter knows, checked before a handler sees them. A handler can rely on the
 * types that it is given; a client that sends something else is told which field is wrong.
 */
import type { DebugProtocol as P } from '@vscode/debugprotocol';
import { LEAST_LOG_BYTES } from '../computer/events/log.js';
import type { EventListArguments } from '../computer/views/events/window.js';
import type { MemoryArguments } from '../computer/views/memory/space.js';
import type { TimelineArguments, TimelineSumsArguments } from '../computer/views/timeline/activity.js';
import { END_OF_TIME } from '../language/limits.js';
import { settingWords } from '../language/settings.js';
import { SNAPSHOT_PARTS, type EventCountsArguments, type EventsArguments, type SnapshotArguments } from './messages.js';

/** What launch.json can say; docs/debugger.md explains each. */
export interface LaunchArguments extends P.LaunchRequestArguments {
  /** The program: a path, or a URI. */
  program: string;
  /** Values for the program's `param`s. */
  params?: Record<string, number | string | boolean>;
  stopOnEntry?: boolean;
  /** Keeps the session open when the program has ended, so that one can step back into it. */
  stopOnExit?: boolean;
  scheduler?: string;
  /** A set of costs: teaching, linux, none. */
  costs?: string;
  cpus?: number;
  seed?: number;
  /** A recording of choices, of `osim run --record`: they are made again. Relative to the program. */
  replay?: string;
  /** A folder of kernel files laid over the built-in ones. */
  kernel?: string;
  /** The folder whose files the program may name: a path or a URI. Without it, those of its own folder. */
  workspace?: string;
  /** Step into the user library (std/libc) too. */
  libc?: boolean;
  /** Tracepoints (names, `*` allowed) whose events go to the debug console. */
  trace?: boolean | string | string[];
  maxSteps?: number;
  maxTicks?: number;
  /** Bytes that the log of events may take. */
  eventLog?: number;
}

/** Checked arguments by command. Commands of the protocol that are not here are answered with an error. */
export interface Arguments {
  initialize: P.InitializeRequestArguments;
  launch: LaunchArguments;
  attach: object;
  configurationDone: object;
  restart: { arguments?: LaunchArguments };
  terminate: P.TerminateArguments;
  disconnect: P.DisconnectArguments;
  cancel: P.CancelArguments;
  setBreakpoints: P.SetBreakpointsArguments;
  setFunctionBreakpoints: P.SetFunctionBreakpointsArguments;
  setExceptionBreakpoints: P.SetExceptionBreakpointsArguments;
  setInstructionBreakpoints: P.SetInstructionBreakpointsArguments;
  dataBreakpointInfo: P.DataBreakpointInfoArguments;
  setDataBreakpoints: P.SetDataBreakpointsArguments;
  breakpointLocations: P.BreakpointLocationsArguments;
  continue: P.ContinueArguments;
  pause: P.PauseArguments;
  next: P.NextArguments;
  stepIn: P.StepInArguments;
  stepOut: P.StepOutArguments;
  stepInTargets: P.StepInTargetsArguments;
  stepBack: P.StepBackArguments;
  restartFrame: P.RestartFrameArguments;
  reverseContinue: P.ReverseContinueArguments;
  terminateThreads: P.TerminateThreadsArguments;
  threads: object;
  stackTrace: P.StackTraceArguments;
  scopes: P.ScopesArguments;
  variables: P.VariablesArguments;
  setVariable: P.SetVariableArguments;
  setExpression: P.SetExpressionArguments;
  evaluate: P.EvaluateArguments;
  completions: P.CompletionsArguments;
  exceptionInfo: P.ExceptionInfoArguments;
  source: P.SourceArguments;
  loadedSources: object;
  modules: P.ModulesArguments;
  readMemory: P.ReadMemoryArguments;
  writeMemory: P.WriteMemoryArguments;
  disassemble: P.DisassembleArguments;
  'osim/snapshot': SnapshotArguments;
  'osim/events': EventsArguments;
  'osim/eventCounts': EventCountsArguments;
  'osim/eventList': EventListArguments;
  'osim/dataPath': object;
  'osim/memory': MemoryArguments;
  'osim/timeline': TimelineArguments;
  'osim/timelineSums': TimelineSumsArguments;
  /** One of them. */
  'osim/seek': { step?: number | null; time?: number | null };
}

/** What is wrong with a value, or null. */
type Check = (value: unknown) => string | null;

const integer: Check = (value) => (Number.isSafeInteger(value) ? null : 'must be an integer');
const number: Check = (value) => (typeof value === 'number' && Number.isFinite(value) ? null : 'must be a number');
const text: Check = (value) => (typeof value === 'string' ? null : 'must be a string');
const flag: Check = (value) => (typeof value === 'boolean' ? null : 'must be true or false');
const scalar: Check = (value) =>
  ['number', 'string', 'boolean'].includes(typeof value) ? null : 'must be a simple value';
const natural = wholeFrom(0);

function wholeFrom(min: number, max = Number.MAX_SAFE_INTEGER): Check {
  const bounds = max === Number.MAX_SAFE_INTEGER ? `, ${min} or more` : ` from ${min} to ${max}`;
  return (value) =>
    Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max
      ? null
      : `must be an integer${bounds}; ${shown(value)} is not`;
}

/** A value of the client's in a message, not too long. */
function shown(value: unknown): string {
  const json = JSON.stringify(value) ?? String(value);
  return json.length > 40 ? `${json.slice(0, 40)}…` : json;
}

/** Clients differ: some send null for what is not there. */
/** One of these words. */
function oneOf(words: readonly string[]): Check {
  return (value) => (words.some((word) => word === value) ? null : `must be one of ${words.join(', ')}`);
}

function optional(check: Check): Check {
  return (value) => (value === undefined || value === null ? null : check(value));
}

function either(...checks: Check[]): Check {
  return (value) => {
    const faults = checks.map((check) => check(value));
    return faults.includes(null) ? null : faults.join(' or ');
  };
}

function list(check: Check): Check {
  return (value) => {
    if (!Array.isArray(value)) return 'must be a list';
    for (let i = 0; i < value.length; i++) {
      const fault = check(value[i]);
      if (fault) return `[${i}] ${fault}`;
    }
    return null;
  };
}

function values(check: Check): Check {
  return (value) => {
    if (!isObject(value)) return 'must be an object';
    for (const [key, item] of Object.entries(value)) {
      const fault = check(item);
      if (fault) return `${key} ${fault}`;
    }
    return null;
  };
}

function shape(fields: Record<string, Check>): Check {
  return (value) => {
    if (!isObject(value)) return 'must be an object';
    for (const [name, check] of Object.entries(fields)) {
      const fault = check(Object.hasOwn(value, name) ? value[name] : undefined);
      if (fault) return `${name} ${fault}`;
    }
    return null;
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const source = shape({ path: optional(text), name: optional(text), sourceReference: optional(integer) });
const conditions = { condition: optional(text), hitCondition: optional(text) };
const stepping = shape({ threadId: integer, granularity: optional(text) });
const launch = {
  params: optional(values(scalar)),
  stopOnEntry: optional(flag),
  stopOnExit: optional(flag),
  scheduler: optional(text),
  costs: optional(oneOf(settingWords('costs'))),
  cpus: optional(wholeFrom(1, 8)),
  seed: optional(natural),
  replay: optional(text),
  kernel: optional(text),
  workspace: optional(text),
  libc: optional(flag),
  trace: optional(either(flag, text, list(text))),
  maxSteps: optional(wholeFrom(1)),
  maxTicks: optional(wholeFrom(1, END_OF_TIME)),
  eventLog: optional(wholeFrom(LEAST_LOG_BYTES, 2 ** 31)),
  noDebug: optional(flag),
};

/** Characters of a pattern of names, or of an asker's name. */
const LONGEST = 1000;
const short: Check = (value) =>
  text(value) ?? ((value as string).length <= LONGEST ? null : `is longer than ${LONGEST} characters`);
const part = oneOf(SNAPSHOT_PARTS);
const wishes = {
  names: optional(short),
  pid: optional(integer),
  fromTime: optional(number),
  toTime: optional(number),
};

const CHECKS: Record<keyof Arguments, Check> = {
  initialize: shape({
    linesStartAt1: optional(flag),
    columnsStartAt1: optional(flag),
    pathFormat: optional(text),
    supportsProgressReporting: optional(flag),
  }),
  launch: shape({ program: text, ...launch }),
  attach: optional(shape({})),
  configurationDone: optional(shape({})),
  restart: optional(shape({ arguments: optional(shape({ program: optional(text), ...launch })) })),
  terminate: optional(shape({ restart: optional(flag) })),
  disconnect: optional(shape({ restart: optional(flag), terminateDebuggee: optional(flag) })),
  cancel: optional(shape({ requestId: optional(integer), progressId: optional(text) })),
  setBreakpoints: shape({
    source,
    breakpoints: optional(
      list(shape({ line: integer, column: optional(integer), logMessage: optional(text), ...conditions })),
    ),
    lines: optional(list(integer)),
  }),
  setFunctionBreakpoints: shape({ breakpoints: list(shape({ name: text, ...conditions })) }),
  setExceptionBreakpoints: shape({
    filters: optional(list(text)),
    filterOptions: optional(list(shape({ filterId: text, condition: optional(text) }))),
  }),
  setInstructionBreakpoints: shape({
    breakpoints: list(shape({ instructionReference: text, offset: optional(integer), ...conditions })),
  }),
  dataBreakpointInfo: shape({ name: text, variablesReference: optional(integer), frameId: optional(integer) }),
  setDataBreakpoints: shape({ breakpoints: list(shape({ dataId: text, accessType: optional(text), ...conditions })) }),
  breakpointLocations: shape({
    source,
    line: integer,
    column: optional(integer),
    endLine: optional(integer),
    endColumn: optional(integer),
  }),
  continue: shape({ threadId: integer }),
  pause: optional(shape({ threadId: optional(integer) })),
  next: stepping,
  stepIn: shape({ threadId: integer, granularity: optional(text), targetId: optional(integer) }),
  stepInTargets: shape({ frameId: integer }),
  stepOut: stepping,
  stepBack: stepping,
  restartFrame: shape({ frameId: integer }),
  reverseContinue: shape({ threadId: integer }),
  terminateThreads: shape({ threadIds: optional(list(integer)) }),
  threads: optional(shape({})),
  stackTrace: shape({ threadId: integer, startFrame: optional(natural), levels: optional(natural) }),
  scopes: shape({ frameId: integer }),
  variables: shape({
    variablesReference: integer,
    filter: optional(text),
    start: optional(natural),
    count: optional(natural),
    format: optional(shape({ hex: optional(flag) })),
  }),
  setVariable: shape({ variablesReference: integer, name: text, value: text }),
  setExpression: shape({ expression: text, value: text, frameId: optional(integer) }),
  evaluate: shape({
    expression: text,
    frameId: optional(integer),
    context: optional(text),
    format: optional(shape({ hex: optional(flag) })),
  }),
  completions: shape({ text, column: integer, line: optional(integer), frameId: optional(integer) }),
  exceptionInfo: shape({ threadId: integer }),
  source: shape({ source: optional(source), sourceReference: optional(integer) }),
  loadedSources: optional(shape({})),
  modules: optional(shape({ startModule: optional(natural), moduleCount: optional(natural) })),
  readMemory: shape({ memoryReference: text, offset: optional(integer), count: natural }),
  writeMemory: shape({ memoryReference: text, offset: optional(integer), allowPartial: optional(flag), data: text }),
  disassemble: shape({
    memoryReference: text,
    offset: optional(integer),
    instructionOffset: optional(integer),
    instructionCount: natural,
    resolveSymbols: optional(flag),
  }),
  'osim/snapshot': optional(shape({ parts: optional(list(part)), asker: optional(short), version: optional(natural) })),
  'osim/events': optional(
    shape({
      ...wishes,
      number: optional(natural),
      step: optional(natural),
      backward: optional(flag),
      count: optional(wholeFrom(1, 5000)),
    }),
  ),
  'osim/eventCounts': shape({ ...wishes, fromTime: number, toTime: number, bins: wholeFrom(1, 10_000) }),
  'osim/eventList': shape({
    names: optional(short),
    pid: optional(integer),
    text: optional(short),
    from: natural,
    count: wholeFrom(0, 500),
    choices: optional(flag),
  }),
  'osim/dataPath': optional(shape({})),
  'osim/memory': optional(shape({ pids: optional(list(natural)) })),
  'osim/timeline': shape({
    from: optional(number),
    to: optional(number),
    pixels: wholeFrom(1, 20_000),
    lanes: optional(list(text)),
  }),
  'osim/timelineSums': shape({ from: number, to: number }),
  'osim/seek': shape({ step: optional(number), time: optional(number) }),
};

/** The checked arguments, or what is wrong with them. Missing ones are an empty object to the handler. */
export function argumentsOf(command: keyof Arguments, args: unknown): string | { value: never } {
  const fault = CHECKS[command]?.(args);
  return fault ? fault : { value: (args ?? {}) as never };
}

/** Every command that the adapter knows: the fuzz test walks it. */
export const COMMANDS = Object.keys(CHECKS) as (keyof Arguments)[];
