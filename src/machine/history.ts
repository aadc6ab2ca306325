/**
 * History: the run can go back exactly, at a cost that depends on the distance to the nearest epoch boundary.
 *
 * Time is cut into epochs of a bounded number of steps. The first time an object is written in an epoch, its content
 * is saved (one compare on the write path: `object.epoch !== history.epoch`). The saved contents of an epoch are its
 * record. Going back swaps the contents of whole records, newest first, so that the same record can go forward again;
 * the machine then re-executes from the boundary to the exact step.
 *
 * Records are bounded by `limit` bytes in all: neighbours are merged, keeping the older content, which makes epochs
 * longer (a seek there re-executes further) and never loses the beginning. Which neighbours: those that cost least for
 * what they free. The cost is the merged length in relation to the distance from now, so that epochs grow with their
 * age, and what is near stays near.
 *
 * With history off the epoch never changes, so no object is ever saved.
 */

/** Something that can change and be put back. */
export interface Saveable {
  /** The epoch in which the content was last saved, or in which the object was made. */
  epoch: number;
  /** A copy of everything that can change. */
  copyContent(): unknown;
  /**
   * Puts `content` (from copyContent or swapContent) in place; returns what was there, to be swapped in again later.
   */
  swapContent(content: unknown): unknown;
  /**
   * For objects that save only what they are about to change (stacks): joins the content saved in an older epoch with
   * that of the epoch after it. Without this the older content is whole and wins.
   */
  mergeContent?(older: unknown, newer: unknown): unknown;
  /** About how many bytes a content takes, with what the object itself takes while only the history knows it. */
  weigh?(content: unknown): number;
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
  /** Bytes that each content takes, and all together. Known when the epoch has ended. */
  weights: number[];
  weight: number;
  /** Bytes that merging it into the record before it would free; -1: to be counted. */
  freed: number;
  /** It was left and rejoined: an object may be in it several times, each later content being of a later instant. */
  rejoined: boolean;
}

/** Bytes of a small object with its content and its entry in a record. */
const SMALL = 250;
/** Bytes of a record with nothing in it. */
const EMPTY = 500;
/** So many of the newest epochs are not merged while older ones can be. */
const NEAR = 4;
/** Of the limit: merging goes on down to here, so that it need not begin again with the next epoch. */
const ENOUGH = 0.9;
/** Instructions: more than run() is ever asked for at once. */
const ENDLESS = 1 << 29;

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
  /** Somebody looks at another part of the run, and will be back (visit.ts): no epoch begins meanwhile. */
  private away = false;

  /** @param limit bytes of saved contents, at which epochs are merged */
  constructor(
    public epochSteps = 100_000,
    public limit = 112 * 2 ** 20,
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
      if (this.current.rejoined) unite(this.current);
      weigh(this.current);
      this.past.push(this.current);
      this.weight += this.current.weight;
    }
    this.future = [];
    this.epoch++;
    this.current = emptyRecord(step, this.epoch);
    if (this.weight > this.limit) this.merge(step);
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

  /** Instructions until the running epoch is to end. */
  rest(step: number): number {
    return this.enabled && !this.away ? this.current.step + this.epochSteps - step : ENDLESS;
  }

  /**
   * Undoes the running epoch for a while: rejoin() does all of it again, to the very same objects. In between, back(),
   * forward() and rewindCurrent() may be called, and the run be executed again.
   */
  leave(): EpochRecord {
    const left = this.current;
    this.rewindCurrent();
    this.away = true;
    return left;
  }

  /** Back at the beginning of the epoch that was left, with nothing done since. */
  rejoin(left: EpochRecord): void {
    swap(left, 'forward');
    this.away = false;
    // What is written from here on is saved again: of a stack that was swapped, all that is below its lowest saved
    // slot.
    this.epoch++;
    this.current = left;
    left.rejoined = true;
  }

  /** The step at which the running epoch began. */
  get boundary(): number {
    return this.current.step;
  }

  /** Merges neighbours until the weight fits. */
  private merge(now: number): void {
    const { past } = this;
    while (this.weight > this.limit * ENOUGH && past.length > 2) {
      const at = this.cheapest(now, past.length - NEAR) || this.cheapest(now, past.length) || 1;
      const [older, newer] = [past[at - 1], past[at]];
      const before = older.weight + newer.weight;
      mergeInto(older, newer);
      past.splice(at, 1);
      const after = past[at];
      if (after) after.freed = -1;
      this.weight -= before - older.weight;
    }
  }

  /** The index, below `end`, of the record whose merging into the one before it costs least for what it frees; or 0. */
  private cheapest(now: number, end: number): number {
    const { past } = this;
    let [best, least] = [0, Infinity];
    for (let at = 1; at < end; at++) {
      const [older, newer] = [past[at - 1], past[at]];
      if (newer.freed < 0) newer.freed = freedBy(older, newer);
      const cost = (newer.end - older.step) / (now - newer.end + this.epochSteps) / newer.freed;
      if (cost < least) [least, best] = [cost, at];
    }
    return best;
  }
}

function emptyRecord(step: number, number: number): EpochRecord {
  return {
    step,
    end: -1,
    objects: [],
    contents: [],
    epochs: [],
    number,
    weights: [],
    weight: EMPTY,
    freed: -1,
    rejoined: false,
  };
}

function swap(record: EpochRecord, direction: 'back' | 'forward'): void {
  const { objects, contents, epochs } = record;
  if (direction === 'back') {
    for (let i = objects.length - 1; i >= 0; i--) swapOne(objects[i], i, contents, epochs);
  } else {
    for (let i = 0; i < objects.length; i++) swapOne(objects[i], i, contents, epochs);
  }
}

function swapOne(object: Saveable, i: number, contents: unknown[], epochs: number[]): void {
  contents[i] = object.swapContent(contents[i]);
  const epoch = object.epoch;
  object.epoch = epochs[i];
  epochs[i] = epoch;
}

/** Leaves each object once in a record: with its oldest content, to which later ones add what only they have. */
function unite(record: EpochRecord): void {
  const { objects, contents, epochs } = record;
  const places = new Map<Saveable, number>();
  let count = 0;
  objects.forEach((object, i) => {
    const known = places.get(object);
    if (known === undefined) {
      places.set(object, count);
      [objects[count], contents[count], epochs[count]] = [object, contents[i], epochs[i]];
      count++;
    } else if (object.mergeContent) contents[known] = object.mergeContent(contents[known], contents[i]);
  });
  objects.length = contents.length = epochs.length = count;
  record.rejoined = false;
}

/** Notes what the contents of a finished epoch weigh. */
function weigh(record: EpochRecord): void {
  const { objects, contents } = record;
  record.weights = objects.map((object, i) => object.weigh?.(contents[i]) ?? SMALL);
  record.weight = record.weights.reduce((sum, weight) => sum + weight, EMPTY);
}

/**
 * Whether an object was saved in the older epoch already, or was made there: its epoch, when it was saved in the newer
 * one, says so. Epochs are numbered in the order of time, those that were undone and done again included.
 */
function isKnown(older: EpochRecord, newer: EpochRecord, i: number): boolean {
  return newer.epochs[i] >= older.number;
}

function freedBy(older: EpochRecord, newer: EpochRecord): number {
  let freed = EMPTY;
  for (let i = 0; i < newer.weights.length; i++) if (isKnown(older, newer, i)) freed += newer.weights[i];
  return freed;
}

/**
 * Adds `newer` to `older`: an object in both keeps its older content (and loses its newer one). One that was made in
 * the older epoch is left out: before it, it was not there, and nothing will refer to it.
 */
function mergeInto(older: EpochRecord, newer: EpochRecord): void {
  older.end = newer.end;
  older.freed = -1;
  const partly = new Map<Saveable, number>();
  older.objects.forEach((object, i) => {
    if (object.mergeContent) partly.set(object, i);
  });
  newer.objects.forEach((object, i) => {
    const at = partly.get(object);
    if (at !== undefined && object.mergeContent) {
      older.contents[at] = object.mergeContent(older.contents[at], newer.contents[i]);
      older.weight -= older.weights[at];
      older.weights[at] = object.weigh?.(older.contents[at]) ?? SMALL;
      older.weight += older.weights[at];
    }
    if (isKnown(older, newer, i)) return;
    older.objects.push(object);
    older.contents.push(newer.contents[i]);
    older.epochs.push(newer.epochs[i]);
    older.weights.push(newer.weights[i]);
    older.weight += newer.weights[i];
  });
}
