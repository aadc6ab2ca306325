import * as vscode from 'vscode';
import {
  SNAPSHOT_REQUEST,
  STATE_EVENT,
  type PartialSnapshot,
  type SnapshotArguments,
  type SnapshotChanges,
  type SnapshotPart,
  type StateEvent,
} from '../debugger/messages.js';
import { applyChanges } from '../debugger/snapshot-changes.js';
import type { FromPanel, ToPanel } from '../panel/messages.js';

/** Somebody who looks at parts of the machine, until it is disposed of. */
export interface Watch extends vscode.Disposable {
  /** From now on these. */
  parts(parts: readonly SnapshotPart[]): void;
}

/** By what the session knows us: it sends only what has changed since its last answer to us. */
const ASKER = 'editor';

/**
 * What the Machine views, the marks and the clock show: the latest state of the session in front. A snapshot is asked
 * for only while somebody looks (`watch`), and only its parts that somebody looks at.
 */
export class MachineFeed implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<ToPanel>();
  readonly onDidChange = this.changed.event;
  private readonly subscriptions: vscode.Disposable[] = [this.changed];
  private readonly watchers = new Map<object, readonly SnapshotPart[]>();
  private latestState: StateEvent | undefined;
  private latest: { version: number; snapshot: PartialSnapshot } | null = null;

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

  /** The latest, as far as it was asked for. */
  get snapshot(): { version: number; snapshot: PartialSnapshot } | null {
    return this.latest;
  }

  /** From now on these parts are wanted, until the result is disposed of. */
  watch(parts: readonly SnapshotPart[]): Watch {
    const watcher = {};
    const look = (wanted: readonly SnapshotPart[]): void => {
      this.watchers.set(watcher, wanted);
      void this.refresh();
    };
    look(parts);
    return { parts: look, dispose: () => this.watchers.delete(watcher) };
  }

  /** Answers a question of a view's; what refuses it is no fault: the machine runs, or there is none. */
  async ask({ id, query, args }: FromPanel & { type: 'ask' }): Promise<ToPanel> {
    const session = vscode.debug.activeDebugSession;
    if (session?.type !== 'osim') return { type: 'refused', id, reason: 'no machine is on' };
    try {
      const answer = (await session.customRequest(query, args)) as (ToPanel & { type: 'answer' })['answer'];
      return { type: 'answer', id, answer };
    } catch (error) {
      return { type: 'refused', id, reason: error instanceof Error ? error.message : String(error) };
    }
  }

  /** Takes the machine to an instant. What the session has against it, it has told. */
  async seek({ step, time }: FromPanel & { type: 'seek' }): Promise<void> {
    const session = vscode.debug.activeDebugSession;
    if (session?.type !== 'osim') return;
    try {
      await session.customRequest('osim/seek', { step, time });
    } catch {
      // It runs, or it has just ended.
    }
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private reset(): void {
    this.latestState = undefined;
    this.latest = null;
    this.changed.fire({ type: 'started' });
  }

  private receive(state: StateEvent): void {
    this.latestState = state;
    this.changed.fire({ type: 'state', state });
    if (!state.running) void this.refresh();
  }

  /** What anybody looks at. Tasks say where they stand, too. */
  private wanted(): SnapshotPart[] {
    const parts = new Set([...this.watchers.values()].flat());
    if (parts.has('tasks')) parts.delete('places');
    return [...parts];
  }

  private async refresh(): Promise<void> {
    const session = vscode.debug.activeDebugSession;
    const parts = this.wanted();
    if (session?.type !== 'osim' || parts.length === 0) return;
    try {
      const { latest } = this;
      const args: SnapshotArguments = { parts, asker: ASKER, ...(latest && { version: latest.version }) };
      const changes = (await session.customRequest(SNAPSHOT_REQUEST, args)) as SnapshotChanges;
      if (session !== vscode.debug.activeDebugSession) return;
      this.apply(changes);
    } catch {
      // The machine runs, or the session has ended: the next stop brings another one.
    }
  }

  private apply(changes: SnapshotChanges): void {
    const snapshot = applyChanges(this.latest, changes);
    if (!snapshot) {
      // Of two questions that were under way, the later one was answered with what the first one's answer led to.
      this.latest = null;
      void this.refresh();
      return;
    }
    this.latest = { version: changes.version, snapshot };
    this.changed.fire({ type: 'changes', changes });
  }
}
