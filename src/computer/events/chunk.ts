/**
 * Some thousand events that follow each other, in columns: a typed array for each of step, time, CPU, task, kind, and
 * for the place of the fields' values. What repeats (names of events with their fields, tasks, strings) is in tables of
 * the chunk, so that a chunk that is dropped leaves nothing behind.
 */
import { RecordValue, type Shape } from '../../machine/values.js';
import type { TraceEvent } from './event.js';
import { FieldWriter, readFields, StringTable } from './packed-fields.js';

/** Events of one name with the same fields. */
export interface EventKind {
  readonly name: string;
  readonly shape: Shape;
}

export interface EventTask {
  readonly pid: number;
  readonly name: string;
}

/** Bytes of the columns for one event. */
const EVENT_BYTES = 4 + 4 + 1 + 2 + 2 + 4;
/** Bytes of a chunk itself, of an entry of one of its tables. */
const CHUNK_BYTES = 800;
const ENTRY_BYTES = 60;
/** Steps and times are kept as distances from those of the first event: they fit 32 bits. */
const FARTHEST = 2 ** 31 - 1;
/** Entries of a table are numbered by 16 bits. */
const MOST_ENTRIES = 65_000;
/** Bytes of field values, after which a chunk is full. */
const MOST_FIELD_BYTES = 1 << 18;

export class EventChunk {
  readonly exact = true;
  count = 0;
  readonly kinds: EventKind[] = [];
  readonly tasks: EventTask[] = [];
  /** Of all events: the least and the greatest time. Between CPUs they may be a little out of order. */
  minTime = Infinity;
  maxTime = -Infinity;
  /** When somebody last looked at it: the log's own count. */
  used = 0;
  private firstStep = 0;
  private firstTime = 0;
  private steps: Uint32Array;
  private times: Int32Array;
  private cpus: Uint8Array;
  private taskOf: Uint16Array;
  private kindOf: Uint16Array;
  private places: Uint32Array;
  private readonly strings = new StringTable();
  private readonly fields = new FieldWriter(this.strings);
  private readonly kindNumbers = new Map<string, number>();
  private readonly taskNumbers = new Map<number, number>();

  /**
   * @param first number of its first event in the run
   * @param skip how many events of its first step came in chunks before: an input's follow those of the run
   * @param capacity events
   */
  constructor(
    readonly first: number,
    readonly skip: number,
    private readonly capacity: number,
  ) {
    this.steps = new Uint32Array(capacity);
    this.times = new Int32Array(capacity);
    this.cpus = new Uint8Array(capacity);
    this.taskOf = new Uint16Array(capacity);
    this.kindOf = new Uint16Array(capacity);
    this.places = new Uint32Array(capacity);
  }

  /** The step of its first event, and of its last. */
  get fromStep(): number {
    return this.firstStep;
  }
  get toStep(): number {
    return this.stepAt(this.count - 1);
  }

  /** How many events of the last step have come so far, those before this chunk included. */
  get atEnd(): number {
    let at = this.count;
    while (at > 0 && this.stepAt(at - 1) === this.toStep) at--;
    return this.count - at + (at === 0 ? this.skip : 0);
  }

  /** Bytes that it takes, about. */
  get weight(): number {
    const tables = this.kinds.length + this.tasks.length + this.strings.list.length;
    return (
      CHUNK_BYTES +
      EVENT_BYTES * this.steps.length +
      this.fields.bytes.length +
      ENTRY_BYTES * tables +
      this.strings.size
    );
  }

  /** Whether an event of this step and time goes in. Those of one step (an input's) stay together, however many. */
  takes(step: number, time: number): boolean {
    if (this.count === 0) return true;
    if (Math.abs(time - this.firstTime) > FARTHEST || step - this.firstStep > FARTHEST) return false;
    if (step === this.toStep) return this.count < MOST_ENTRIES;
    return this.count < this.capacity && this.fields.size < MOST_FIELD_BYTES;
  }

  append({ step, time, cpu, pid, task, name, fields }: TraceEvent): void {
    const at = this.count;
    if (at === 0) [this.firstStep, this.firstTime] = [step, time];
    if (at === this.steps.length) this.resize(2 * at);
    this.steps[at] = step - this.firstStep;
    this.times[at] = time - this.firstTime;
    this.cpus[at] = cpu;
    this.taskOf[at] = this.taskNumber(pid, task);
    this.kindOf[at] = this.kindNumber(name, fields.shape);
    this.places[at] = this.fields.size;
    for (const value of fields.fields) this.fields.write(value);
    this.count = at + 1;
    if (time < this.minTime) this.minTime = time;
    if (time > this.maxTime) this.maxTime = time;
  }

  /** Nothing more will come: gives back the room that was left. */
  close(): void {
    this.resize(this.count);
    this.fields.bytes = this.fields.bytes.slice(0, this.fields.size);
  }

  /** How many of its events came at this step or earlier. */
  countUntil(step: number): number {
    let [low, high] = [0, this.count];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.stepAt(middle) <= step) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  stepAt(at: number): number {
    return this.firstStep + this.steps[at];
  }
  timeAt(at: number): number {
    return this.firstTime + this.times[at];
  }
  kindAt(at: number): EventKind {
    return this.kinds[this.kindOf[at]];
  }
  kindNumberAt(at: number): number {
    return this.kindOf[at];
  }
  taskNumberAt(at: number): number {
    return this.taskOf[at];
  }

  eventAt(at: number): TraceEvent {
    const { name, shape } = this.kindAt(at);
    const { pid, name: task } = this.tasks[this.taskOf[at]];
    const values = readFields(this.fields.bytes, this.strings.list, this.places[at], shape.fields.length);
    const [step, time, cpu] = [this.stepAt(at), this.timeAt(at), this.cpus[at]];
    return { step, time, cpu, pid, task, name, fields: new RecordValue(0, shape, values, 0) };
  }

  private kindNumber(name: string, shape: Shape): number {
    const known = this.kindNumbers.get(name);
    if (known !== undefined && this.kinds[known]?.shape === shape) return known;
    const other = this.kinds.findIndex((kind) => kind.name === name && kind.shape === shape);
    const number = other < 0 ? this.kinds.push({ name, shape }) - 1 : other;
    this.kindNumbers.set(name, number);
    return number;
  }

  private taskNumber(pid: number, name: string): number {
    const known = this.taskNumbers.get(pid);
    if (known !== undefined && this.tasks[known]?.name === name) return known;
    const number = this.tasks.push({ pid, name }) - 1;
    this.taskNumbers.set(pid, number);
    return number;
  }

  private resize(size: number): void {
    const resized = <A extends Uint8Array | Uint16Array | Uint32Array | Int32Array>(from: A, to: A): A => {
      to.set(from.subarray(0, Math.min(size, from.length)));
      return to;
    };
    this.steps = resized(this.steps, new Uint32Array(size));
    this.times = resized(this.times, new Int32Array(size));
    this.cpus = resized(this.cpus, new Uint8Array(size));
    this.taskOf = resized(this.taskOf, new Uint16Array(size));
    this.kindOf = resized(this.kindOf, new Uint16Array(size));
    this.places = resized(this.places, new Uint32Array(size));
  }
}
