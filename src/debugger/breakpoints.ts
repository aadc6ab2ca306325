/**
 * What the user has set: breakpoints on lines, functions, instructions and tracepoints. This file keeps them and finds
 * their instructions; watching.ts decides at each whether to stop.
 */
import type { DebugProtocol as P } from '@vscode/debugprotocol';
import { WORDS } from '../isa/isa.js';
import type { Linked } from '../machine/link.js';
import { canonical, type CodeMap } from './code-map.js';
import { NamePattern } from '../computer/name-pattern.js';
import { HitCondition, parseLogMessage, type LogPart } from './conditions.js';

/** Chooses tracepoints by their names. */
export interface EventPattern {
  test(name: string): boolean;
}

export type BreakpointKind = 'breakpoint' | 'function breakpoint' | 'instruction breakpoint' | 'data breakpoint';

export interface Breakpoint {
  id: number;
  kind: BreakpointKind;
  /** What to tell the client. */
  verified: boolean;
  message?: string;
  source?: P.Source;
  line?: number;
  column?: number;
  instructionReference?: string;
  /** Where it stops; empty for a tracepoint. */
  pcs: number[];
  /** Tracepoints at which it stops. */
  tracepoints: EventPattern | null;
  condition: string | null;
  hitCondition: HitCondition | null;
  log: LogPart[] | null;
  /** Steps at which it has been reached, ascending; kept only where hits are counted. */
  hits: number[];
  /** A data breakpoint's own question at its instructions. */
  changed?: (pc: number) => string | null;
}

interface Conditions {
  condition?: string | null;
  hitCondition?: string | null;
  logMessage?: string | null;
}

/** What the breakpoints need of a program that has been loaded; before that they are kept, unverified. */
export interface LoadedCode {
  code: CodeMap;
  /** What is wrong with an expression's form. */
  check(expression: string): string | null;
  /** Tracepoints that the kernel has. */
  tracepoints: ReadonlySet<string>;
  /** How a source is named to the client. */
  sourceOf(uri: string): P.Source;
}

/** As the client sets them: kept to be found again after a restart. */
type Wanted =
  | { kind: 'source'; source: P.Source; wanted: P.SourceBreakpoint }
  | { kind: 'function'; wanted: P.FunctionBreakpoint }
  | { kind: 'instruction'; wanted: P.InstructionBreakpoint };

const BEFORE_LAUNCH = 'The program is not loaded yet.';

export class Breakpoints {
  private nextId = 1;
  private loaded: LoadedCode | null = null;
  private readonly bySource = new Map<string, [Wanted, Breakpoint][]>();
  private functions: [Wanted, Breakpoint][] = [];
  private instructions: [Wanted, Breakpoint][] = [];
  private data: Breakpoint[] = [];
  /** By instruction. */
  private byPc = new Map<number, Breakpoint[]>();
  private tracing: Breakpoint[] = [];

  /** @param onChange breakpoints have been added or removed */
  constructor(private readonly onChange: () => void) {}

  get pcs(): ReadonlyMap<number, Breakpoint[]> {
    return this.byPc;
  }

  get tracepoints(): readonly Breakpoint[] {
    return this.tracing;
  }

  /** A program has been loaded: finds the places of everything that was set, and returns it all. */
  load(loaded: LoadedCode): Breakpoint[] {
    this.loaded = loaded;
    const pairs = [...[...this.bySource.values()].flat(), ...this.functions, ...this.instructions];
    for (const [wanted, breakpoint] of pairs) this.place(wanted, breakpoint);
    this.data = [];
    this.index();
    return pairs.map(([, breakpoint]) => breakpoint);
  }

  setInSource(source: P.Source, wanted: readonly P.SourceBreakpoint[]): Breakpoint[] {
    const key = canonical(source.path ?? source.name ?? '');
    const pairs = wanted.map((w): [Wanted, Breakpoint] => {
      const given: Wanted = { kind: 'source', source, wanted: w };
      return [given, this.make(given, 'breakpoint')];
    });
    if (pairs.length > 0) this.bySource.set(key, pairs);
    else this.bySource.delete(key);
    this.index();
    return pairs.map(([, breakpoint]) => breakpoint);
  }

  setFunctions(wanted: readonly P.FunctionBreakpoint[]): Breakpoint[] {
    this.functions = wanted.map((w) => {
      const given: Wanted = { kind: 'function', wanted: w };
      return [given, this.make(given, 'function breakpoint')];
    });
    this.index();
    return this.functions.map(([, breakpoint]) => breakpoint);
  }

  setInstructions(wanted: readonly P.InstructionBreakpoint[]): Breakpoint[] {
    this.instructions = wanted.map((w) => {
      const given: Wanted = { kind: 'instruction', wanted: w };
      return [given, this.make(given, 'instruction breakpoint')];
    });
    this.index();
    return this.instructions.map(([, breakpoint]) => breakpoint);
  }

  /** Data breakpoints are made by who knows what data are (data-breakpoints.ts). */
  setData(
    wanted: readonly (Conditions & { pcs: number[]; message?: string; changed: (pc: number) => string | null })[],
  ): Breakpoint[] {
    this.data = wanted.map(({ pcs, message, changed, ...conditions }) => {
      const breakpoint = this.blank('data breakpoint');
      breakpoint.verified = pcs.length > 0;
      breakpoint.pcs = pcs;
      breakpoint.changed = changed;
      if (message) breakpoint.message = message;
      this.addConditions(breakpoint, conditions);
      return breakpoint;
    });
    this.index();
    return this.data;
  }

  /** The future after a step has been replaced by another: what was counted there has not happened. */
  forgetHitsAfter(step: number): void {
    for (const breakpoint of this.all()) {
      while (breakpoint.hits.length > 0 && breakpoint.hits[breakpoint.hits.length - 1] > step) breakpoint.hits.pop();
    }
  }

  private *all(): Generator<Breakpoint> {
    for (const pairs of [...this.bySource.values(), this.functions, this.instructions])
      for (const [, b] of pairs) yield b;
    yield* this.data;
  }

  private index(): void {
    this.byPc = new Map();
    this.tracing = [];
    for (const breakpoint of this.all()) {
      if (!breakpoint.verified) continue;
      if (breakpoint.tracepoints) this.tracing.push(breakpoint);
      for (const pc of breakpoint.pcs) {
        const list = this.byPc.get(pc);
        if (list) list.push(breakpoint);
        else this.byPc.set(pc, [breakpoint]);
      }
    }
    this.onChange();
  }

  private blank(kind: BreakpointKind): Breakpoint {
    return {
      id: this.nextId++,
      kind,
      verified: false,
      pcs: [],
      tracepoints: null,
      condition: null,
      hitCondition: null,
      log: null,
      hits: [],
    };
  }

  private make(wanted: Wanted, kind: BreakpointKind): Breakpoint {
    const breakpoint = this.blank(kind);
    this.place(wanted, breakpoint);
    return breakpoint;
  }

  private place(given: Wanted, breakpoint: Breakpoint): void {
    breakpoint.pcs = [];
    breakpoint.tracepoints = null;
    breakpoint.hits = [];
    delete breakpoint.message;
    if (this.loaded) {
      if (given.kind === 'source') placeOnLine(breakpoint, given.source, given.wanted, this.loaded);
      else if (given.kind === 'function') placeOnFunction(breakpoint, given.wanted.name, this.loaded);
      else placeOnInstruction(breakpoint, given.wanted, this.loaded.code.program);
      keepOutOfRemotes(breakpoint, this.loaded.code.program);
    } else {
      breakpoint.message = BEFORE_LAUNCH;
      if (given.kind === 'source') {
        breakpoint.line = given.wanted.line;
        if (given.wanted.column != null) breakpoint.column = given.wanted.column;
      }
    }
    this.addConditions(breakpoint, given.wanted);
  }

  /** A condition that can't be understood makes the breakpoint one that says so and never stops. */
  private addConditions(breakpoint: Breakpoint, { condition, hitCondition, logMessage }: Conditions): void {
    try {
      breakpoint.condition = condition?.trim() ? condition : null;
      breakpoint.hitCondition = hitCondition?.trim() ? HitCondition.parse(hitCondition) : null;
      breakpoint.log = logMessage ? parseLogMessage(logMessage) : null;
      const expressions = [
        breakpoint.condition,
        ...(breakpoint.log ?? []).map((part) => ('expression' in part ? part.expression : null)),
      ];
      for (const expression of expressions) {
        const fault = expression === null ? null : this.loaded?.check(expression);
        if (fault) throw new RangeError(`${expression}: ${fault}`);
      }
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      breakpoint.verified = false;
      breakpoint.message = error.message;
    }
  }
}

function placeOnLine(
  breakpoint: Breakpoint,
  source: P.Source,
  wanted: P.SourceBreakpoint,
  { code, sourceOf }: LoadedCode,
): void {
  const path = source.path ?? source.name ?? '';
  const place = code.resolve(path, wanted.line, wanted.column);
  breakpoint.verified = place !== undefined;
  breakpoint.line = place?.line ?? wanted.line;
  if (!place) {
    breakpoint.message = code.hasSource(path)
      ? 'There is no code on this line or after it.'
      : 'This file is not part of the program, its library or its kernel.';
    return;
  }
  breakpoint.source = sourceOf(code.nameOf(path));
  breakpoint.column = place.column;
  breakpoint.pcs = place.pcs;
}

/** The far side's code runs outside of our computer's time: there is no moment of ours at which to stop in it. */
function keepOutOfRemotes(breakpoint: Breakpoint, program: Linked): void {
  const ours = breakpoint.pcs.filter((pc) => program.functionAt(pc)?.role !== 'remote');
  if (ours.length === breakpoint.pcs.length) return;
  breakpoint.pcs = ours;
  if (ours.length > 0 || breakpoint.tracepoints) return;
  breakpoint.verified = false;
  breakpoint.message =
    'A remote is another computer: the debugger can not stop in it. Stop in what answers it; its print() shows in the console.';
}

const MOST_FUNCTIONS = 2000;

/**
 * A name means, together: functions of that name in the program; a system call (`read` is the kernel's sys_read); a
 * function of the library or the kernel; a tracepoint (`sched_switch`, `irq:*`).
 */
function placeOnFunction(breakpoint: Breakpoint, name: string, { code, tracepoints }: LoadedCode): void {
  const pattern = new NamePattern(name);
  const wild = name.includes('*');
  const matching = code.program.functions.filter((f) => !f.synthetic && f.image !== 'library' && pattern.test(f.name));
  let functions = wild ? matching : code.functionsNamed(name).filter((f) => f.image === 'program');
  if (!wild) {
    const call = code.functionsNamed(`sys_${name}`).filter((f) => f.image === 'kernel');
    functions = functions.length + call.length > 0 ? [...functions, ...call] : code.functionsNamed(name).slice(0, 1);
  }
  const events = tracePattern(name, tracepoints);
  breakpoint.tracepoints = events;
  // `sched_switch` is a tracepoint; `sys_*` could be both, and then the functions are meant.
  if (events && !wild) functions = functions.filter((f) => f.image === 'program');
  breakpoint.pcs = functions.slice(0, MOST_FUNCTIONS).map((f) => code.entryOf(f));
  breakpoint.verified = breakpoint.pcs.length > 0 || events !== null;
  if (!breakpoint.verified) breakpoint.message = `There is no function, system call or tracepoint named ${name}.`;
}

/** Subsystems of tracepoints, as Linux groups them: `sched:sched_switch`. */
const GROUPS: Record<string, RegExp> = {
  sched: /^sched_/,
  irq: /^(irq|softirq|tasklet)_/,
  syscalls: /^sys_/,
  raw_syscalls: /^sys_/,
  block: /^block_/,
  signal: /^signal_/,
  timer: /^(timer|hrtimer|itimer)_/,
  filemap: /^(mm_filemap|page_cache)_/,
  exceptions: /^page_fault_/,
};

/** Matches the tracepoints that a name chooses; null when it chooses none that exist. */
export function tracePattern(name: string, known: ReadonlySet<string>): EventPattern | null {
  const colon = name.indexOf(':');
  const group = colon < 0 ? null : name.slice(0, colon);
  const pattern = new NamePattern(name.slice(colon + 1));
  if (group !== null) {
    const members = Object.hasOwn(GROUPS, group) ? GROUPS[group] : undefined;
    const chosen = new Set([...known].filter((event) => members?.test(event) && pattern.test(event)));
    return chosen.size > 0 ? { test: (event) => chosen.has(event) } : null;
  }
  return [...known].some((event) => pattern.test(event)) ? pattern : null;
}

/** All tracepoints of the kernel: those that its source names, and one for each system call's way in and out. */
export function tracepointsOf(program: Linked): Set<string> {
  const found = new Set<string>();
  for (const { files, functions, kind } of program.images) {
    if (kind !== 'kernel') continue;
    for (const { text } of files) {
      for (const [, argument] of (text ?? '').matchAll(/\btrace\(([^,]+),/g)) {
        for (const [, name] of argument.matchAll(/"([a-z0-9_]+)"/g)) found.add(name);
      }
    }
    for (const { name } of functions) {
      if (!name.startsWith('sys_')) continue;
      found.add(`sys_enter_${name.slice(4)}`);
      found.add(`sys_exit_${name.slice(4)}`);
    }
  }
  return found;
}

function placeOnInstruction(breakpoint: Breakpoint, wanted: P.InstructionBreakpoint, program: Linked): void {
  const address = Number(wanted.instructionReference) + (wanted.offset ?? 0);
  const pc = Number.isSafeInteger(address) ? program.pcOf(address) : -1;
  breakpoint.verified = pc >= 0;
  breakpoint.instructionReference = wanted.instructionReference;
  if (pc >= 0) breakpoint.pcs = [pc - (pc % WORDS)];
  else breakpoint.message = 'There is no instruction at this address.';
}

/** What the client is told. */
export function toClient(breakpoint: Breakpoint): P.Breakpoint {
  const { id, verified, message, source, line, column, instructionReference } = breakpoint;
  return {
    id,
    verified,
    ...(message ? { message } : {}),
    ...(source ? { source } : {}),
    ...(line !== undefined ? { line } : {}),
    ...(column !== undefined ? { column } : {}),
    ...(instructionReference !== undefined ? { instructionReference } : {}),
    ...(verified ? {} : { reason: message === BEFORE_LAUNCH ? 'pending' : 'failed' }),
  };
}
