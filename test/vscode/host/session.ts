/** Debug sessions as a user has them: started through VS Code, watched through what it passes on. */
import * as vscode from 'vscode';
import type { Snapshot, StateEvent } from '../../../src/debugger/messages.js';
import { assert, fail, lineOf, until } from './support.js';

export interface Frame {
  id: number;
  name: string;
  line: number;
  source?: { path?: string };
}

/** Follows one session: how often it has stopped, and what it said last. */
export class Session {
  private stops = 0;
  private last: StateEvent | undefined;
  private readonly subscription = vscode.debug.onDidReceiveDebugSessionCustomEvent(({ session, event, body }) => {
    if (session !== this.session || event !== 'osim/state') return;
    this.last = body as StateEvent;
    if (!this.last.running) this.stops++;
  });
  private session!: vscode.DebugSession;

  /** Starts a session by `start`, and waits until VS Code has it in front. */
  static async begin(start: () => Thenable<unknown>): Promise<Session> {
    const self = new Session();
    const started = vscode.debug.onDidStartDebugSession((session) => (self.session ??= session));
    try {
      await start();
      await until('a session', () => self.session);
    } finally {
      started.dispose();
    }
    return self;
  }

  static launch(program: vscode.Uri, more: object = {}): Promise<Session> {
    const path = program.scheme === 'file' ? program.fsPath : program.toString();
    const config = { type: 'osim', request: 'launch', name: 'test', program: path, ...more };
    return Session.begin(() => vscode.debug.startDebugging(undefined, config));
  }

  get configuration(): vscode.DebugConfiguration {
    return this.session.configuration;
  }

  request<T>(command: string, args?: object): Thenable<T> {
    return this.session.customRequest(command, args);
  }

  /** Waits for the `count`th stop of this session, and until VS Code shows where it is. */
  async stop(count = 1): Promise<StateEvent> {
    await until(`stop ${count}`, () => this.stops >= count);
    await until('the focused frame', () => vscode.debug.activeStackItem instanceof vscode.DebugStackFrame);
    return this.last ?? fail('no state');
  }

  /** Waits for the end of the run, which has no frame, and until VS Code shows it. */
  async runEnds(): Promise<void> {
    await until('the end of the run', () => this.last?.outcome);
    await until('a thread in focus', () => vscode.debug.activeStackItem !== undefined);
  }

  /** Waits until it says that it runs. */
  async runs(): Promise<void> {
    await until('the machine to run', () => this.last?.running);
  }

  /** Runs a command of the debug toolbar, and waits for the stop that it leads to. */
  async act(command: string): Promise<StateEvent> {
    const before = this.stops;
    await vscode.commands.executeCommand(`workbench.action.debug.${command}`);
    return this.stop(before + 1);
  }

  async stack(): Promise<Frame[]> {
    const item = vscode.debug.activeStackItem ?? fail('nothing is in focus');
    const body = await this.request<{ stackFrames: Frame[] }>('stackTrace', { threadId: item.threadId });
    return body.stackFrames;
  }

  async top(): Promise<Frame> {
    return (await this.stack())[0] ?? fail('there is no frame');
  }

  async evaluate(expression: string): Promise<string> {
    const { id } = await this.top();
    const answer = await this.request<{ result: string }>('evaluate', { expression, frameId: id, context: 'watch' });
    return answer.result;
  }

  snapshot(): Thenable<Snapshot> {
    return this.request<Snapshot>('osim/snapshot');
  }

  async end(): Promise<void> {
    this.subscription.dispose();
    await vscode.debug.stopDebugging(this.session);
    await until('the end of the session', () => vscode.debug.activeDebugSession === undefined);
    vscode.debug.removeBreakpoints(vscode.debug.breakpoints);
  }
}

export function breakAt(document: vscode.TextDocument, text: string): number {
  const line = lineOf(document, text);
  const location = new vscode.Location(document.uri, new vscode.Position(line, 0));
  vscode.debug.addBreakpoints([new vscode.SourceBreakpoint(location)]);
  return line + 1;
}

/** All sessions that are left over from a failed test end here. */
export async function endAll(): Promise<void> {
  vscode.debug.removeBreakpoints(vscode.debug.breakpoints);
  if (!vscode.debug.activeDebugSession) return;
  await vscode.debug.stopDebugging();
  await until('the end of all sessions', () => vscode.debug.activeDebugSession === undefined);
  assert.equal(vscode.debug.activeDebugSession, undefined);
}
