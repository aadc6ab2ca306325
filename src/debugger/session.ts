/**
 * A debug session: one client, one program at a time. This file wires its subjects to the protocol (what they
 * share is in session-state.ts); each answers its own requests:
 *
 *   lifecycle    initialize, launch, restart, terminate, disconnect
 *   breakpoint-requests    set…Breakpoints, breakpointLocations
 *   execution    continue, pause, steps forward and back
 *   stack        threads, stackTrace, exceptionInfo
 *   data         scopes, variables, setVariable, evaluate, completions
 *   memory       readMemory, writeMemory, disassemble
 *   sources      source, loadedSources, modules
 *   event-requests    the log of events
 *   view-requests     what the panel draws of it
 */
import type { DebugProtocol as P } from '@vscode/debugprotocol';
import { breakpointHandlers } from './breakpoint-requests.js';
import { consoleCompletions } from './completions.js';
import { dataHandlers } from './data.js';
import { eventHandlers } from './event-requests.js';
import { executionHandlers } from './execution-requests.js';
import type { SessionHost } from './host.js';
import { lifecycleHandlers } from './lifecycle.js';
import { memoryHandlers } from './memory.js';
import { SNAPSHOT_REQUEST } from './messages.js';
import { SessionState } from './session-state.js';
import { SnapshotAnswers } from './snapshot-answers.js';
import { sourceHandlers } from './sources.js';
import { stackHandlers } from './stack.js';
import { viewHandlers } from './view-requests.js';

export class Session extends SessionState {
  private readonly snapshots = new SnapshotAnswers();

  constructor(
    host: SessionHost,
    send: (message: P.ProtocolMessage) => void,
    onInternalError?: (error: unknown, command: string) => void,
  ) {
    super(host, send, onInternalError);
    this.connection.serve({
      ...lifecycleHandlers(this),
      ...breakpointHandlers(this),
      ...executionHandlers(this),
      ...stackHandlers(this),
      ...dataHandlers(this),
      ...consoleCompletions(this),
      ...memoryHandlers(this),
      ...sourceHandlers(this),
      ...eventHandlers(this),
      ...viewHandlers(this),
      [SNAPSHOT_REQUEST]: (args) => this.snapshots.answer(this.stopped(), args),
    });
  }

  /** Takes a message from the client. */
  receive(message: unknown): void {
    this.connection.receive(message);
  }
}
