/**
 * A debug client in the same process as the session: requests with promises, events to wait for, a program from text.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DebugProtocol as P } from '@vscode/debugprotocol';
import type { BuiltSystem, SessionHost } from '../../src/debugger/host.js';
import { Session } from '../../src/debugger/session.js';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

let built: BuiltSystem | null = null;

function system(): BuiltSystem {
  const json = (name: string): never => JSON.parse(readFileSync(path.join(root, 'dist', name), 'utf8')) as never;
  built ??= {
    kernel: json('kernel.json'),
    library: json('libc.json'),
    libraryIndex: json('library.json'),
    modules: json('std.json'),
  };
  return built;
}

export interface Stopped {
  reason: string;
  threadId: number;
  description?: string;
  text?: string;
  allThreadsStopped?: boolean;
  hitBreakpointIds?: number[];
}

/** Files by name, as the client's editor would serve them. */
export type Files = Record<string, string>;

const open = new Set<Client>();

/** What a test leaves running would go on beside the next ones, and hold its memory. */
export function closeClients(): void {
  for (const client of open) client.session.close();
  open.clear();
}

export class Client {
  readonly session: Session;
  readonly messages: P.ProtocolMessage[] = [];
  readonly events: P.Event[] = [];
  readonly faults: unknown[] = [];
  /** Is told of each event as it comes. */
  onEvent: (event: P.Event) => void = () => {};
  private seq = 1;
  private readonly waiting = new Map<number, (response: P.Response) => void>();
  private readonly listeners: { event: string; resolve: (event: P.Event) => void }[] = [];
  /** Events that nobody has waited for yet. */
  private readonly unread: P.Event[] = [];
  /** How often the session gave way: after each slice of a run. */
  private turns = 0;
  private watched: { holds: () => boolean; resolve: () => void }[] = [];

  constructor(readonly files: Files = {}) {
    const host: SessionHost = {
      system: () => Promise.resolve(system()),
      read: (file) => {
        const text = this.files[file];
        if (text !== undefined) return Promise.resolve(new TextEncoder().encode(text));
        try {
          return Promise.resolve(readFileSync(file));
        } catch {
          return Promise.reject(new Error('it is not there'));
        }
      },
      list: (folder) => Promise.resolve(Object.keys(this.files).filter((file) => file.startsWith(`${folder}/`))),
      now: () => performance.now(),
      turn: async () => {
        this.turns++;
        this.look();
        await new Promise((resolve) => setImmediate(resolve));
        // What the session does next, perhaps without a word, is looked at as well.
        setImmediate(() => this.look());
      },
    };
    this.session = new Session(
      host,
      (message) => this.take(message),
      (error) => this.faults.push(error),
    );
    open.add(this);
  }

  private take(message: P.ProtocolMessage): void {
    this.messages.push(message);
    if (message.type === 'event') {
      this.events.push(message as P.Event);
      this.onEvent(message as P.Event);
    }
    this.look();
    if (message.type === 'response') {
      const response = message as P.Response;
      const resolve = this.waiting.get(response.request_seq);
      this.waiting.delete(response.request_seq);
      resolve?.(response);
      return;
    }
    const event = message as P.Event;
    const at = this.listeners.findIndex((listener) => listener.event === event.event);
    if (at >= 0) this.listeners.splice(at, 1)[0]?.resolve(event);
    else this.unread.push(event);
  }

  /** A request; resolves with the response, whether it succeeded or not. */
  ask(command: string, args?: unknown): Promise<P.Response> {
    const seq = this.seq++;
    return new Promise((resolve) => {
      this.waiting.set(seq, resolve);
      this.session.receive({ seq, type: 'request', command, arguments: args });
    });
  }

  /** A request that must succeed; resolves with the body. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- bodies are as many as commands
  async request(command: string, args?: unknown): Promise<any> {
    const response = await this.ask(command, args);
    if (!response.success) throw new Error(`${command}: ${response.message}`);
    return response.body;
  }

  /** The message of a request that must be refused. */
  async refusal(command: string, args?: unknown): Promise<string> {
    const response = await this.ask(command, args);
    if (response.success) throw new Error(`${command} was not refused`);
    return response.message ?? '';
  }

  /** The next event of a kind that was not waited for before. */
  event(name: string): Promise<P.Event> {
    const at = this.unread.findIndex((event) => event.event === name);
    if (at >= 0) return Promise.resolve(this.unread.splice(at, 1)[0]);
    return new Promise((resolve) => this.listeners.push({ event: name, resolve }));
  }

  /** Waits until something holds; it is looked at after each message, and each time that the session gives way. */
  when(holds: () => boolean): Promise<void> {
    if (holds()) return Promise.resolve();
    return new Promise((resolve) => this.watched.push({ holds, resolve }));
  }

  private look(): void {
    const met = this.watched.filter(({ holds }) => holds());
    if (met.length === 0) return;
    this.watched = this.watched.filter((each) => !met.includes(each));
    for (const { resolve } of met) resolve();
  }

  get hasEnded(): boolean {
    return this.events.some(({ event }) => event === 'terminated');
  }

  ended(): Promise<void> {
    return this.when(() => this.hasEnded);
  }

  /** The machine has run for some slices more, or to its end. */
  ran(slices = 1): Promise<void> {
    const wanted = this.turns + slices;
    return this.when(() => this.turns >= wanted || this.hasEnded);
  }

  async stopped(): Promise<Stopped> {
    return (await this.event('stopped')).body as Stopped;
  }

  /** All that was printed, of one category. */
  output(category = 'stdout'): string {
    return this.events
      .filter((event) => event.event === 'output' && (event.body as { category: string }).category === category)
      .map((event) => (event.body as { output: string }).output)
      .join('');
  }

  // ---- common sequences --------------------------------------------------------------------------------------------

  async initialize(args: object = {}): Promise<P.Capabilities> {
    return (await this.request('initialize', {
      adapterID: 'osim',
      linesStartAt1: true,
      columnsStartAt1: true,
      ...args,
    })) as P.Capabilities;
  }

  /** Starts a program; breakpoints are lines of it, or of other sources. */
  async launch(program: string, options: LaunchOptions = {}): Promise<P.Breakpoint[]> {
    const { lines, others, functions, filters, ...args } = options;
    await this.initialize();
    await this.request('launch', { program, ...args });
    await this.event('initialized');
    const set: P.Breakpoint[] = [];
    if (lines) set.push(...(await this.breakpoints(program, lines)));
    for (const [file, otherLines] of Object.entries(others ?? {}))
      set.push(...(await this.breakpoints(file, otherLines)));
    if (functions) {
      const breakpoints = functions.map((f) => (typeof f === 'string' ? { name: f } : f));
      set.push(
        ...((await this.request('setFunctionBreakpoints', { breakpoints })) as { breakpoints: P.Breakpoint[] })
          .breakpoints,
      );
    }
    if (filters) await this.request('setExceptionBreakpoints', { filters: [], filterOptions: filters });
    await this.request('configurationDone');
    return set;
  }

  async breakpoints(file: string, lines: readonly (number | P.SourceBreakpoint)[]): Promise<P.Breakpoint[]> {
    const breakpoints = lines.map((line) => (typeof line === 'number' ? { line } : line));
    return (
      (await this.request('setBreakpoints', { source: { path: file }, breakpoints })) as { breakpoints: P.Breakpoint[] }
    ).breakpoints;
  }

  /** Runs one of the stepping requests to its stop. */
  async step(
    command: 'next' | 'stepIn' | 'stepOut' | 'stepBack' | 'continue' | 'reverseContinue',
    more: object = {},
  ): Promise<Stopped> {
    const threadId = this.threadId;
    const done = this.stopped();
    await this.request(command, { threadId, ...more });
    const stop = await done;
    this.threadId = stop.threadId;
    return stop;
  }

  threadId = 0;

  /** Waits for a stop and remembers its thread. */
  async stop(): Promise<Stopped> {
    const stop = await this.stopped();
    this.threadId = stop.threadId;
    return stop;
  }

  async frames(threadId = this.threadId): Promise<P.StackFrame[]> {
    return ((await this.request('stackTrace', { threadId })) as { stackFrames: P.StackFrame[] }).stackFrames;
  }

  /** `file:line function` of the innermost frame. */
  async where(threadId = this.threadId): Promise<string> {
    const [top] = (
      (await this.request('stackTrace', { threadId, startFrame: 0, levels: 1 })) as { stackFrames: P.StackFrame[] }
    ).stackFrames;
    return top ? `${top.source?.name ?? '?'}:${top.line} ${top.name}` : 'nowhere';
  }

  /** The variables of a scope of a frame, by name. */
  async scope(name: string, frame = 0): Promise<Map<string, P.Variable>> {
    const frames = await this.frames();
    const { scopes } = (await this.request('scopes', { frameId: frames[frame]?.id })) as { scopes: P.Scope[] };
    const scope = scopes.find((candidate) => candidate.name === name);
    if (!scope) throw new Error(`no scope ${name} among ${scopes.map((s) => s.name).join(', ')}`);
    return this.variables(scope.variablesReference);
  }

  async variables(variablesReference: number): Promise<Map<string, P.Variable>> {
    const { variables } = (await this.request('variables', { variablesReference })) as { variables: P.Variable[] };
    return new Map(variables.map((variable) => [variable.name, variable]));
  }

  async evaluate(expression: string, context = 'watch', frame = 0): Promise<string> {
    const frames = await this.frames();
    const body = (await this.request('evaluate', { expression, context, frameId: frames[frame]?.id })) as {
      result: string;
    };
    return body.result;
  }

  async threads(): Promise<P.Thread[]> {
    return ((await this.request('threads')) as { threads: P.Thread[] }).threads;
  }
}

export interface LaunchOptions {
  lines?: (number | P.SourceBreakpoint)[];
  others?: Record<string, (number | P.SourceBreakpoint)[]>;
  functions?: (string | P.FunctionBreakpoint)[];
  filters?: P.ExceptionFilterOptions[];
  stopOnEntry?: boolean;
  stopOnExit?: boolean;
  libc?: boolean;
  cpus?: number;
  seed?: number;
  replay?: string;
  scheduler?: string;
  kernel?: string;
  params?: Record<string, number | string | boolean>;
  trace?: boolean | string | string[];
  noDebug?: boolean;
  maxSteps?: number;
  maxTicks?: number;
  eventLog?: number;
}

/** A client with one file, PROGRAM; `files` can be changed later, as in an editor. */
export function clientFor(text: string, more: Files = {}): Client {
  return new Client({ [PROGRAM]: text, ...more });
}

export const PROGRAM = '/program/test.osim';

export function example(name: string): string {
  return path.join(root, 'examples', `${name}.osim`);
}
