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
  /** How much room its content takes, in units of about 100 bytes; 1 unless said. */
  readonly weight?: number;
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
  /** The number of the epoch (of the first one, when several were merged). */
  number: number;
  /** The weights of the objects, added up. */
  weight: number;
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
  current: EpochRecord = emptyRecord(0, 1);
  /** The weight of all finished epochs behind the present. */
  private weight = 0;

  /** @param limit the weight of the saved contents, in units of about 100 bytes, at which the oldest epochs are merged */
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
    record.weight += object.weight ?? 1;
    object.epoch = this.epoch;
  }

  /** Switches history on: the run can go back to here. All that exists now is older than the first epoch. */
  enable(step: number): void {
    this.enabled = true;
    this.epoch++;
    this.past = [];
    this.future = [];
    this.current = emptyRecord(step, this.epoch);
  }

  /** Ends the running epoch and begins another at `step`. Drops the future: what comes now is new. */
  begin(step: number): void {
    if (!this.enabled) return;
    if (this.current.step !== step || this.current.objects.length > 0) {
      this.current.end = step;
      this.past.push(this.current);
      this.weight += this.current.weight;
    }
    this.future = [];
    this.epoch++;
    this.current = emptyRecord(step, this.epoch);
    if (this.weight > this.limit) this.merge();
  }

  /** Undoes what has happened since the running epoch began. The record is dropped; re-execution makes it again. */
  rewindCurrent(): void {
    swap(this.current, 'back');
    this.epoch++;
    this.current = emptyRecord(this.current.step, this.epoch);
  }

  /** Goes back over one whole epoch; false at the beginning of the run. Call rewindCurrent() first. */
  back(): boolean {
    const record = this.past.pop();
    if (!record) return false;
    this.weight -= record.weight;
    swap(record, 'back');
    this.future.push(record);
    this.epoch++;
    this.current = emptyRecord(record.step, this.epoch);
    return true;
  }

  /** Goes forward again over one undone epoch; false when there is none. Call rewindCurrent() first. */
  forward(): boolean {
    const record = this.future.pop();
    if (!record) return false;
    swap(record, 'forward');
    this.past.push(record);
    this.weight += record.weight;
    this.epoch++;
    this.current = emptyRecord(record.end, this.epoch);
    return true;
  }

  /** The step at which the running epoch began. */
  get boundary(): number {
    return this.current.step;
  }

  /** Merges neighbours among the older half, the shortest first, until the weight fits. */
  private merge(): void {
    while (this.weight > this.limit && this.past.length > 2) {
      let at = 0;
      let least = Infinity;
      for (let i = 0; i <= this.past.length / 2 && i + 1 < this.past.length; i++) {
        const length = (this.past[i + 1] as EpochRecord).end - (this.past[i] as EpochRecord).step;
        if (length < least) [least, at] = [length, i];
      }
      const older = this.past[at] as EpochRecord;
      const newer = this.past[at + 1] as EpochRecord;
      const before = older.weight + newer.weight;
      mergeInto(older, newer);
      this.past.splice(at + 1, 1);
      this.weight -= before - older.weight;
    }
  }
}

function emptyRecord(step: number, number: number): EpochRecord {
  return { step, end: -1, objects: [], contents: [], epochs: [], number, weight: 0 };
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

/**
 * Adds `newer` to `older`: an object in both keeps its older content (and loses its newer one). One that was made in
 * the older epoch is left out: before it, it was not there, and nothing will refer to it.
 */
function mergeInto(older: EpochRecord, newer: EpochRecord): void {
  older.end = newer.end;
  const known = new Map(older.objects.map((object, i) => [object, i]));
  newer.objects.forEach((object, i) => {
    const at = known.get(object);
    if (at !== undefined) {
      if (object.mergeContent) older.contents[at] = object.mergeContent(older.contents[at], newer.contents[i]);
      return;
    }
    if ((newer.epochs[i] as number) >= older.number) return;
    older.objects.push(object);
    older.contents.push(newer.contents[i]);
    older.epochs.push(newer.epochs[i] as number);
    older.weight += object.weight ?? 1;
  });
}
