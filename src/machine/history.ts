/**
 * History: the run can go back exactly, at a cost that depends on the distance to the nearest epoch boundary.
 *
 * Time is cut into epochs of a bounded number of steps. The first time an object is written in an epoch, its content
 * is saved (one compare on the write path: `object.epoch !== history.epoch`). The saved contents of an epoch are its
 * record. Going back swaps the contents of whole records, newest first, so that the same record can go forward again;
 * the machine then re-executes from the boundary to the exact step.
 *
 * Records are bounded by `limit` entries in all: the oldest neighbours are merged, keeping the oldest old content,
 * which makes old epochs longer (a seek there re-executes further) and never loses the beginning.
 *
 * With history off the epoch never changes, so no object is ever saved.
 */

/** Something that can change and be put back. */
export interface Saveable {
  /** The epoch in which the content was last saved, or in which the object was made. */
  epoch: number;
  /** A copy of everything that can change. */
  copyContent(): unknown;
  /** Puts `content` (from copyContent or swapContent) in place; returns what was there, to be swapped in again later. */
  swapContent(content: unknown): unknown;
  /**
   * For objects that save only what they are about to change (stacks): joins the content saved in an older epoch with
   * that of the epoch after it. Without this the older content is whole and wins.
   */
  mergeContent?(older: unknown, newer: unknown): unknown;
}

/** What was saved in one epoch. `before`: the present state is after this epoch, contents are those before it. */
export interface EpochRecord {
  /** The step at which the epoch began. */
  step: number;
  /** The step at which the next one began; -1 while it runs. */
  end: number;
  objects: Saveable[];
  contents: unknown[];
  /** Each object's epoch number before it was saved in this one. */
  epochs: number[];
}

export class History {
  /** The number of the running epoch. */
  epoch = 1;
  enabled = false;
  /** Finished epochs behind the present, oldest first. The last one's successor is `current`. */
  past: EpochRecord[] = [];
  /** Undone epochs ahead of the present, the nearest last. Valid as long as nothing new happens. */
  future: EpochRecord[] = [];
  /** The running epoch: what has been saved since its beginning. */
  current: EpochRecord = emptyRecord(0);
  private entries = 0;

  /** @param limit how many saved contents are kept before the oldest epochs are merged */
  constructor(
    public epochSteps = 100_000,
    public limit = 2_000_000,
  ) {}

  /** Call before changing an object's content. */
  touch(object: Saveable): void {
    if (object.epoch !== this.epoch) this.keep(object);
  }

  /** Saves the content of an object that is written for the first time in this epoch. */
  keep(object: Saveable): void {
    const record = this.current;
    record.objects.push(object);
    record.contents.push(object.copyContent());
    record.epochs.push(object.epoch);
    object.epoch = this.epoch;
  }

  /** Ends the running epoch and begins another at `step`. Drops the future: what comes now is new. */
  begin(step: number): void {
    if (!this.enabled) return;
    if (this.current.step !== step || this.current.objects.length > 0) {
      this.current.end = step;
      this.past.push(this.current);
      this.entries += this.current.objects.length;
    }
    this.future = [];
    this.epoch++;
    this.current = emptyRecord(step);
    if (this.entries > this.limit) this.merge();
  }

  /** Undoes what has happened since the running epoch began. The record is dropped; re-execution makes it again. */
  rewindCurrent(): void {
    swap(this.current, 'back');
    this.current = emptyRecord(this.current.step);
    this.epoch++;
  }

  /** Goes back over one whole epoch; false at the beginning of the run. Call rewindCurrent() first. */
  back(): boolean {
    const record = this.past.pop();
    if (!record) return false;
    this.entries -= record.objects.length;
    swap(record, 'back');
    this.future.push(record);
    this.current = emptyRecord(record.step);
    this.epoch++;
    return true;
  }

  /** Goes forward again over one undone epoch; false when there is none. Call rewindCurrent() first. */
  forward(): boolean {
    const record = this.future.pop();
    if (!record) return false;
    swap(record, 'forward');
    this.past.push(record);
    this.entries += record.objects.length;
    this.current = emptyRecord(record.end);
    this.epoch++;
    return true;
  }

  /** The step at which the running epoch began. */
  get boundary(): number {
    return this.current.step;
  }

  /** Merges neighbours among the older half until the number of entries fits. */
  private merge(): void {
    while (this.entries > this.limit && this.past.length > 2) {
      let at = 0;
      let least = Infinity;
      for (let i = 0; i + 1 < this.past.length / 2 + 1 && i + 1 < this.past.length; i++) {
        const size = (this.past[i + 1] as EpochRecord).step - (this.past[i] as EpochRecord).step;
        if (size < least) [least, at] = [size, i];
      }
      const older = this.past[at] as EpochRecord;
      const newer = this.past[at + 1] as EpochRecord;
      const before = older.objects.length + newer.objects.length;
      mergeInto(older, newer);
      this.past.splice(at + 1, 1);
      this.entries -= before - older.objects.length;
      if (before === older.objects.length && this.past.length < 8) return;
    }
  }
}

function emptyRecord(step: number): EpochRecord {
  return { step, end: -1, objects: [], contents: [], epochs: [] };
}

function swap(record: EpochRecord, direction: 'back' | 'forward'): void {
  const { objects, contents, epochs } = record;
  if (direction === 'back') {
    for (let i = objects.length - 1; i >= 0; i--) swapOne(objects[i] as Saveable, i, contents, epochs);
  } else {
    for (let i = 0; i < objects.length; i++) swapOne(objects[i] as Saveable, i, contents, epochs);
  }
}

function swapOne(object: Saveable, i: number, contents: unknown[], epochs: number[]): void {
  contents[i] = object.swapContent(contents[i]);
  const epoch = object.epoch;
  object.epoch = epochs[i] as number;
  epochs[i] = epoch;
}

/** Adds `newer` to `older`: an object in both keeps its older content (and loses its newer one). */
function mergeInto(older: EpochRecord, newer: EpochRecord): void {
  older.end = newer.end;
  const known = new Map(older.objects.map((object, i) => [object, i]));
  newer.objects.forEach((object, i) => {
    const at = known.get(object);
    if (at !== undefined) {
      if (object.mergeContent) older.contents[at] = object.mergeContent(older.contents[at], newer.contents[i]);
      return;
    }
    older.objects.push(object);
    older.contents.push(newer.contents[i]);
    older.epochs.push(newer.epochs[i] as number);
  });
}
