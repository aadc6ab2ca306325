/**
 * What has changed from one snapshot to the next, and how the next is made of it again: the session does the one,
 * whoever shows the machine does the other. Pure functions of messages, and part of the contract between both.
 */
import type { PartialSnapshot, SnapshotChanges, SnapshotPart, SnapshotParts } from './messages.js';

/** Parts that are lists of rows, each known by a key: only rows that differ are sent. */
const ROWS = {
  tasks: (row: SnapshotParts['tasks'][number]) => row.pid,
  places: (row: SnapshotParts['places'][number]) => row.pid,
  openFiles: (row: SnapshotParts['openFiles'][number]) => row.id,
  copies: (row: SnapshotParts['copies'][number]) => row.call,
};

type Key = string | number;

type RowChanges = NonNullable<SnapshotChanges['rows'][SnapshotPart]>;

/** @param before what the asker has */
export function changesBetween(
  before: { version: number; snapshot: PartialSnapshot } | null,
  version: number,
  snapshot: PartialSnapshot,
): SnapshotChanges {
  const { time, step, cpus, outcome, moreTasks, ...parts } = snapshot;
  const changes: SnapshotChanges = {
    version,
    base: before?.version ?? null,
    head: { time, step, cpus, outcome, moreTasks },
    has: Object.keys(parts) as SnapshotPart[],
    parts: {},
    rows: {},
  };
  for (const part of changes.has) {
    const [was, is] = [before?.snapshot[part], parts[part]];
    if (was !== undefined && same(was, is)) continue;
    if (was !== undefined && part in ROWS) changes.rows[part] = rowChanges(part, was as object[], is as object[]);
    else Object.assign(changes.parts, { [part]: is });
  }
  return changes;
}

/** The snapshot that `changes` lead to from the one before; null when they are not about that one. */
export function applyChanges(
  before: { version: number; snapshot: PartialSnapshot } | null,
  { base, head, has, parts, rows }: SnapshotChanges,
): PartialSnapshot | null {
  if (base !== null && base !== before?.version) return null;
  const result: Record<string, unknown> = { ...head };
  for (const part of has) {
    const changed = rows[part];
    const was = before?.snapshot[part];
    if (part in parts) result[part] = parts[part];
    else result[part] = changed ? withRows(part, was as object[], changed) : was;
  }
  return result as unknown as PartialSnapshot;
}

function keysOf(part: SnapshotPart, rows: readonly object[]): Key[] {
  const keyOf = ROWS[part as keyof typeof ROWS] as (row: object) => Key;
  return rows.map(keyOf);
}

function rowChanges(part: SnapshotPart, was: readonly object[], is: readonly object[]): RowChanges {
  const keys = keysOf(part, is);
  const before = new Map(keysOf(part, was).map((key, i) => [key, was[i]]));
  const changed = is.filter((row, i) => !same(before.get(keys[i]), row));
  return same([...before.keys()], keys) ? { changed } : { changed, order: keys };
}

function withRows(part: SnapshotPart, was: readonly object[], { changed, order }: RowChanges): object[] {
  const rows = new Map(keysOf(part, was).map((key, i) => [key, was[i]]));
  keysOf(part, changed).forEach((key, i) => rows.set(key, changed[i]));
  return (order ?? [...rows.keys()]).map((key) => rows.get(key) as object);
}

/** Whether two values of a message are equal. */
function same(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  const [keys, others] = [Object.keys(a), Object.keys(b)];
  if (keys.length !== others.length) return false;
  return keys.every((key) =>
    same((a as Record<string, unknown>)[key], Object.hasOwn(b, key) ? (b as Record<string, unknown>)[key] : undefined),
  );
}
