/** The rows of the list, asked for by windows: one question is under way at most, and only the last wish counts. */
import type { EventChoice } from '../../computer/views/events/found.js';
import type { EventListAnswer, EventRow } from '../../computer/views/events/window.js';
import { EVENT_LIST_REQUEST } from '../../debugger/messages.js';
import { Refused, type Page } from '../page.js';

/** Rows that are fetched beyond those in sight, on each side. */
const BESIDE = 60;

export class RowFeed {
  answer: EventListAnswer | null = null;
  choices: NonNullable<EventListAnswer['choices']> = { names: [], tasks: [] };
  underWay = false;
  /** What the answer is about. */
  about = '';
  /** What was refused: asked again only when it would be another question. */
  private refused = '';
  private choicesOf = -1;

  constructor(
    private readonly page: Page,
    private readonly arrived: () => void,
  ) {}

  /** The row at a place, if it is there. */
  row(place: number): EventRow | undefined {
    const { answer } = this;
    return answer?.rows[place - answer.from];
  }

  /** Sees to it that these rows are there, soon. */
  want(choice: EventChoice, from: number, to: number): void {
    const about = this.question(choice);
    const isThere = about === this.about && this.answer !== null && this.has(from, to);
    if (isThere || this.underWay || about === this.refused || this.page.model.state?.running) return;
    this.underWay = true;
    void this.fetch(choice, Math.max(0, from - BESIDE), to + BESIDE, about).finally(() => {
      this.underWay = false;
      this.arrived();
    });
  }

  /** The same as `about` when the answer is about this. */
  question(choice: EventChoice): string {
    const { run, stop } = this.page.model;
    return JSON.stringify([run, stop, choice]);
  }

  private has(from: number, to: number): boolean {
    const { from: first, rows, count } = this.answer as EventListAnswer;
    return from >= first && Math.min(to, count) <= first + rows.length;
  }

  private async fetch(choice: EventChoice, from: number, to: number, about: string): Promise<void> {
    const { stop } = this.page.model;
    const choices = stop !== this.choicesOf;
    try {
      const answer = await this.page.ask(EVENT_LIST_REQUEST, { ...choice, from, count: to - from, choices });
      [this.answer, this.about] = [answer, about];
      if (answer.choices) [this.choices, this.choicesOf] = [answer.choices, stop];
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.refused = about;
    }
  }
}
