/**
 * Answers to `osim/snapshot`: the parts that are asked for, and, to somebody who says who asks, only what has changed
 * since the last answer to them. Nothing is read off the machine, and nothing sent, unless somebody looks.
 */
import type { Debuggee } from './debuggee.js';
import { WHOLE_SNAPSHOT, type PartialSnapshot, type SnapshotArguments, type SnapshotChanges } from './messages.js';
import { changesBetween } from './snapshot-changes.js';
import { snapshotOf } from './snapshot.js';

/** Askers that are remembered, each with its last answer. */
const MOST_ASKERS = 4;

interface Known {
  debuggee: Debuggee;
  version: number;
  snapshot: PartialSnapshot;
}

export class SnapshotAnswers {
  private version = 0;
  private readonly known = new Map<string, Known>();

  answer(debuggee: Debuggee, { parts, asker, version }: SnapshotArguments): PartialSnapshot | SnapshotChanges {
    const snapshot = snapshotOf(debuggee.computer, debuggee.code, new Set(parts ?? WHOLE_SNAPSHOT));
    if (asker == null) return snapshot;
    const last = this.known.get(asker);
    const base = last && last.debuggee === debuggee && last.version === version ? last : null;
    this.version++;
    this.known.delete(asker);
    this.known.set(asker, { debuggee, version: this.version, snapshot });
    const [oldest] = this.known.keys();
    if (this.known.size > MOST_ASKERS && oldest !== undefined) this.known.delete(oldest);
    return changesBetween(base, this.version, snapshot);
  }
}
