import * as vscode from 'vscode';
import { SNAPSHOT_REQUEST, STATE_EVENT, type Snapshot, type StateEvent } from '../debugger/messages.js';
import type { ToPanel } from '../panel/messages.js';

/**
 * What the Machine views and the clock show: the latest state of the session in front. A snapshot is asked for only
 * while somebody looks (`watch`), since a large machine's costs time.
 */
export class MachineFeed implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<ToPanel>();
  readonly onDidChange = this.changed.event;
  private readonly subscriptions: vscode.Disposable[] = [this.changed];
  private watchers = 0;
  private latestState: StateEvent | undefined;
  private latestSnapshot: Snapshot | undefined;

  constructor() {
    this.subscriptions.push(
      vscode.debug.onDidReceiveDebugSessionCustomEvent(({ session, event, body }) => {
        if (event === STATE_EVENT && session === vscode.debug.activeDebugSession) this.receive(body as StateEvent);
      }),
      vscode.debug.onDidStartDebugSession((session) => {
        if (session.type === 'osim') this.reset();
      }),
      vscode.debug.onDidTerminateDebugSession((session) => {
        if (session.type === 'osim') this.changed.fire({ type: 'ended' });
      }),
      vscode.debug.onDidChangeActiveDebugSession((session) => {
        if (session?.type === 'osim') void this.refresh();
      }),
    );
  }

  get state(): StateEvent | undefined {
    return this.latestState;
  }

  get snapshot(): Snapshot | undefined {
    return this.latestSnapshot;
  }

  /** From now on snapshots are wanted, until the result is disposed of. */
  watch(): vscode.Disposable {
    this.watchers++;
    void this.refresh();
    return new vscode.Disposable(() => this.watchers--);
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private reset(): void {
    this.latestState = undefined;
    this.latestSnapshot = undefined;
    this.changed.fire({ type: 'started' });
  }

  private receive(state: StateEvent): void {
    this.latestState = state;
    this.changed.fire({ type: 'state', state });
    if (!state.running) void this.refresh();
  }

  private async refresh(): Promise<void> {
    const session = vscode.debug.activeDebugSession;
    if (session?.type !== 'osim' || this.watchers === 0) return;
    try {
      const snapshot = (await session.customRequest(SNAPSHOT_REQUEST)) as Snapshot;
      if (session !== vscode.debug.activeDebugSession) return;
      this.latestSnapshot = snapshot;
      this.changed.fire({ type: 'snapshot', snapshot });
    } catch {
      // The machine runs, or the session has ended: the next stop brings another one.
    }
  }
}
