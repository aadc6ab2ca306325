/** What the subjects of a session share: its client, its program, and what the client has set. */
import type { DebugProtocol as P } from '@vscode/debugprotocol';
import { Breakpoints } from './breakpoints.js';
import { Client } from './client.js';
import type { Debuggee } from './debuggee.js';
import { ExceptionFilters } from './exceptions.js';
import { Execution } from './execution.js';
import { Handles } from './handles.js';
import type { SessionHost } from './host.js';
import { RequestError } from './protocol.js';

export class SessionState extends Client {
  readonly breakpoints: Breakpoints;
  readonly exceptions = new ExceptionFilters();
  readonly execution: Execution;
  readonly handles = new Handles();
  debuggee: Debuggee | null = null;
  /** Called when the client has said goodbye, after the answer. */
  onDisconnect: () => void = () => {};

  constructor(
    host: SessionHost,
    send: (message: P.ProtocolMessage) => void,
    onInternalError?: (error: unknown, command: string) => void,
  ) {
    super(host, send, onInternalError);
    this.breakpoints = new Breakpoints(() => this.execution.breakpointsChanged());
    this.execution = new Execution(this);
  }

  /** The client is gone: whatever runs stops. */
  close(): void {
    this.execution.abandon();
    this.debuggee = null;
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
}
