/**
 * The choices of an earlier run, made again. Each must be asked for as it was then: of the same kind, among as many
 * alternatives. If it is not, the record is of another run, or was edited; then the run ends there and says so. But a
 * run that was changed from outside leaves the record: from there on, others answer.
 */
import { CHOICE_KINDS, type ChoiceKind, type ChoiceMaker } from './choices.js';
import type { History, Saveable } from './history.js';

/** A line of a record: so many choices as written, or one that was made otherwise. */
export type RecordedLine =
  | { readonly kind: null; readonly count: number; readonly next: number }
  | { readonly kind: ChoiceKind; readonly alternatives: number; readonly chosen: number; readonly next: number };

/** A record of choices, which can be read from any of its lines. `next` leads from one to the next. */
export interface ChoiceRecord {
  /** The file, for messages. */
  readonly uri: string;
  /** The first line's offset and number. */
  readonly offset: number;
  readonly line: number;
  /** The line at an offset; null when there are no more. */
  read(offset: number): RecordedLine | null;
}

/** What undoing needs to know: where in the record the run is. */
interface Place {
  offset: number;
  line: number;
  /** Of the choices that this line stands for, how many have been made. */
  used: number;
  fault: string | null;
  left: boolean;
}

export class ReplayedChoices implements ChoiceMaker, Saveable {
  epoch: number;
  private place: Place;
  /** The line that was read last: most are asked for again and again. */
  private last: { offset: number; line: RecordedLine | null } | null = null;

  /**
   * @param otherwise answers when the run has left the record
   * @param diverged the run can not go on as recorded: it ends with this message, or leaves the record (true)
   */
  constructor(
    private readonly record: ChoiceRecord,
    private readonly otherwise: ChoiceMaker,
    private readonly history: History,
    private readonly diverged: (message: string) => boolean,
  ) {
    this.epoch = history.epoch;
    this.place = { offset: record.offset, line: record.line, used: 0, fault: null, left: false };
  }

  choose(kind: ChoiceKind, alternatives: number, usual: number): number {
    if (this.place.left) return this.otherwise.choose(kind, alternatives, usual);
    if (alternatives < 2) return 0;
    const recorded = this.lineAt(this.place.offset);
    if (this.place.fault !== null) return usual;
    this.history.touch(this);
    if (recorded === null) {
      return this.leave(`the recording ends here, and the run goes on. ${SAME_LIMITS}`, kind, alternatives, usual);
    }
    if (recorded.kind === null) {
      this.place.used++;
      if (this.place.used === recorded.count) this.advance(recorded.next);
      return usual;
    }
    if (recorded.kind !== kind || recorded.alternatives !== alternatives) {
      const asked = `${kind} among ${alternatives} (${CHOICE_KINDS[kind].what})`;
      const why = `the run asks for ${asked} here, and this line is another choice. ${EDITED}`;
      return this.leave(why, kind, alternatives, usual);
    }
    this.advance(recorded.next);
    return recorded.chosen;
  }

  /**
   * Why the run, which is over, is not the recorded one; or null. One that ended too early has choices left.
   * @param cut whether a limit ended it: then it may
   */
  fault(cut: boolean): string | null {
    const { offset, line, fault, left } = this.place;
    if (fault !== null || cut || left || this.record.read(offset) === null) return fault;
    return `${this.record.uri}:${line}: the run has ended, and choices are left from here on. ${EDITED}`;
  }

  hashParts(): unknown[] {
    const { offset, line, used, fault, left } = this.place;
    return [offset, line, used, fault, left, ...this.otherwise.hashParts()];
  }

  copyContent(): Place {
    return { ...this.place };
  }

  swapContent(content: unknown): Place {
    const old = this.place;
    this.place = content as Place;
    return old;
  }

  private lineAt(offset: number): RecordedLine | null {
    if (this.last?.offset !== offset) this.last = { offset, line: this.record.read(offset) };
    return this.last.line;
  }

  private advance(next: number): void {
    this.place.offset = next;
    this.place.line++;
    this.place.used = 0;
  }

  private leave(why: string, kind: ChoiceKind, alternatives: number, usual: number): number {
    const fault = `${this.record.uri}:${this.place.line}: ${why}`;
    this.place.left = this.diverged(fault);
    if (this.place.left) return this.otherwise.choose(kind, alternatives, usual);
    this.place.fault = fault;
    return usual;
  }
}

const SAME_LIMITS = 'Give it the limits with which it was recorded (--max-ticks, --max-steps), or record it again.';
const EDITED = 'Was the file edited? Record the run again: osim run --record FILE.';
