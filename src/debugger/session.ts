/**
 * A debug session: one client, one program at a time. This file holds what the subjects share and wires them to the
 * protocol; each subject answers its own requests:
 *
 *   lifecycle    initialize, launch, restart, terminate, disconnect
 *   breakpoint-requests    set…Breakpoints, breakpointLocations
 *   execution    continue, pause, steps forward and back
 *   stack        threads, stackTrace, exceptionInfo
 *   data         scopes, variables, setVariable, evaluate, completions
 *   memory       readMemory, writeMemory, disassemble
 *   sources      source, loadedSources, modules
 */
import type { DebugProtocol as P } from '@vscode/debugprotocol';
import { breakpointHandlers } from './breakpoint-requests.js';
import { Breakpoints } from './breakpoints.js';
import { canonical } from './code-map.js';
import { consoleCompletions } from './completions.js';
import { ConsoleOutput } from './console-output.js';
import { dataHandlers } from './data.js';
import type { Debuggee } from './debuggee.js';
import { ExceptionFilters } from './exceptions.js';
import { executionHandlers } from './execution-requests.js';
import { Execution } from './execution.js';
import { Handles } from './handles.js';
import type { SessionHost } from './host.js';
import { lifecycleHandlers } from './lifecycle.js';
import { memoryHandlers } from './memory.js';
import { SNAPSHOT_REQUEST } from './messages.js';
import { visible } from '../language/visible.js';
import { Connection, RequestError } from './protocol.js';
import { snapshotOf } from './snapshot.js';
import { sourceHandlers } from './sources.js';
import { stackHandlers } from './stack.js';

export class Session {
  readonly connection: Connection;
  readonly breakpoints: Breakpoints;
  readonly exceptions = new ExceptionFilters();
  readonly execution: Execution;
  readonly handles = new Handles();
  private readonly output = new ConsoleOutput((body) => this.connection.event('output', body));
  /** Whether the client shows progress events. */
  tellsProgress = false;
  /** How the client counts lines and columns: 1, or 0. */
  firstLine = 1;
  firstColumn = 1;
  debuggee: Debuggee | null = null;
  /** Called when the client has said goodbye, after the answer. */
  onDisconnect: () => void = () => {};

  constructor(
    readonly host: SessionHost,
    send: (message: P.ProtocolMessage) => void,
    onInternalError?: (error: unknown, command: string) => void,
  ) {
    this.breakpoints = new Breakpoints(() => this.execution.breakpointsChanged());
    this.execution = new Execution(this);
    this.connection = new Connection(
      send,
      {
        ...lifecycleHandlers(this),
        ...breakpointHandlers(this),
        ...executionHandlers(this),
        ...stackHandlers(this),
        ...dataHandlers(this),
        ...consoleCompletions(this),
        ...memoryHandlers(this),
        ...sourceHandlers(this),
        [SNAPSHOT_REQUEST]: () => {
          const { computer, code } = this.stopped();
          return snapshotOf(computer, code);
        },
      },
      onInternalError,
    );
  }

  /** Takes a message from the client. */
  receive(message: unknown): void {
    this.connection.receive(message);
  }

  /** The client is gone: whatever runs stops. */
  close(): void {
    this.execution.abandon();
    this.debuggee = null;
  }

  event(name: string, body?: unknown): void {
    this.output.flush();
    this.connection.event(name, body);
  }

  /** Shows text in the debug console. */
  show(body: P.OutputEvent['body']): void {
    this.output.add(body);
  }

  /** Prints a line in the debug console; a program's texts in it can not fake another, or colour it. */
  print(line: string, category: 'console' | 'important' | 'stderr' = 'console', more: object = {}): void {
    this.show({ category, output: `${visible(line)}\n`, ...more });
  }

  /** The program; refuses while there is none. */
  loaded(): Debuggee {
    if (!this.debuggee) throw new RequestError('No program is loaded: launch one first.');
    return this.debuggee;
  }

  /** The program, standing still; refuses while it runs. */
  stopped(): Debuggee {
    const debuggee = this.loaded();
    if (this.execution.running) throw new RequestError('The machine is running: pause it first.');
    return debuggee;
  }

  /** The same, of a run that can go back; refuses when none is recorded. */
  recorded(): Debuggee {
    const debuggee = this.stopped();
    if (!debuggee.machine.history.enabled)
      throw new RequestError('A run without debugging is not recorded: there is no way back. Start it with F5.');
    return debuggee;
  }

  /** How a source is named to the client. */
  sourceOf(uri: string): P.Source {
    const path = canonical(uri);
    const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
    const builtin = /^osim-(kernel|std):/.exec(path)?.[1];
    if (!builtin) return { name, path };
    return { name, path, origin: builtin === 'kernel' ? 'the kernel' : 'the user library' };
  }

  /**
   * Where something begins, as the client counts. It is never told where it ends: an editor that is given a range selects
   * it, and the next key would replace the statement.
   */
  startToClient({ line, column }: { line: number; column: number }): { line: number; column: number } {
    return { line: this.lineToClient(line), column: this.columnToClient(column) };
  }

  lineToClient(line: number): number {
    return line - 1 + this.firstLine;
  }
  columnToClient(column: number): number {
    return column - 1 + this.firstColumn;
  }
  lineFromClient(line: number): number {
    return line - this.firstLine + 1;
  }
  columnFromClient(column: number): number {
    return column - this.firstColumn + 1;
  }
}
