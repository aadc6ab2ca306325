/**
 * The events of a run that pass a filter, by their place among each other: so a list of them can be drawn from any
 * place on, however many there are. It follows the log: what has come since is looked through when somebody asks.
 */
import { address, describe } from '../../inspect-format.js';
import type { TraceEvent } from '../../events/event.js';
import { mayHold, namesLike, passing, type EventFilter } from '../../events/filter.js';
import type { EventLog } from '../../events/log.js';
import type { Missing } from '../../events/select.js';
import { visible } from '../../../language/visible.js';
import { textOf } from '../../../machine/text.js';

export interface EventChoice {
  /** As `namesLike` takes them. */
  names?: string | null;
  /** The task that had the CPU. */
  pid?: number | null;
  /** Words that are all found in the task's name, the event's name, or a field as it is shown. */
  text?: string | null;
}

const FIRST_CAPACITY = 1024;

export class FoundEvents {
  private readonly filter: EventFilter;
  private readonly words: readonly string[];
  /** Numbers of the events found, ascending; null when all are wanted. */
  private numbers: Float64Array | null;
  private size = 0;
  /** Of the log's events, those that were looked at. */
  private taken = 0;
  private generation = -1;

  constructor(
    private readonly log: EventLog,
    { names, pid, text }: EventChoice,
  ) {
    this.filter = { ...(names ? { wants: namesLike(names) } : {}), ...(pid != null ? { pid } : {}) };
    this.words = (text ?? '').toLowerCase().split(/\s+/).filter(Boolean);
    const wantsAll = !names && pid == null && this.words.length === 0;
    this.numbers = wantsAll ? null : new Float64Array(FIRST_CAPACITY);
  }

  get count(): number {
    return this.numbers ? this.size : this.log.length;
  }

  /** The number, among all of the run, of the event at a place. */
  numberAt(place: number): number {
    return this.numbers ? this.numbers[place] : place;
  }

  /** How many of them come before the event of a number. */
  placeOf(number: number): number {
    if (!this.numbers) return number;
    let [low, high] = [0, this.size];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.numbers[middle] < number) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** How much of the log has been looked through, 0 to 1. */
  get done(): number {
    if (!this.numbers || this.log.length === 0) return 1;
    return this.generation === this.log.generation ? this.taken / this.log.length : 0;
  }

  /** Looks through one more part of the log. */
  *more(): Generator<Missing, void> {
    const { log, filter } = this;
    if (!this.numbers) return;
    // An input has given the run another future.
    if (this.generation !== log.generation) [this.generation, this.taken, this.size] = [log.generation, 0, 0];
    const part = log.partWith(this.taken);
    if (!part) return;
    const end = part.first + part.count;
    if (!mayHold(part, filter)) this.taken = end;
    else if (!part.exact) yield { summary: part, wanted: { number: this.taken } };
    else {
      log.touch(part);
      const passes = passing(part, filter);
      for (; this.taken < end; this.taken++) {
        const at = this.taken - part.first;
        if (passes(at) && (this.words.length === 0 || this.says(part.eventAt(at)))) this.push(this.taken);
      }
    }
  }

  private says(event: TraceEvent): boolean {
    const text = `${textOf(event.task)} ${event.name} ${fieldTexts(event).flat().join(' ')}`.toLowerCase();
    return this.words.every((word) => text.includes(word));
  }

  private push(number: number): void {
    if (!this.numbers) return;
    if (this.size === this.numbers.length) {
      const larger = new Float64Array(2 * this.size);
      larger.set(this.numbers);
      this.numbers = larger;
    }
    this.numbers[this.size++] = number;
  }
}

/** The fields of an event with their values, as they are shown: but for those that say what others of the row say. */
export function fieldTexts({ pid, fields }: TraceEvent): [string, string][] {
  const names = fields.shape.fields;
  return names.flatMap((field, i): [string, string][] => {
    const value = fields.fields[i] ?? null;
    if ((field === 'pid' && value === pid) || (field === 'nr' && names.includes('name'))) return [];
    const text = ADDRESSES.has(field) && typeof value === 'number' ? address(value) : visible(describe(value));
    return [[field, text]];
  });
}

const ADDRESSES = new Set(['addr', 'address']);
