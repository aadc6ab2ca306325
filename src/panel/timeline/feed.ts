/**
 * What the chart draws, asked for by windows: the lanes in sight, for the time in sight and as much on both sides, as
 * fine as pixels are. One question is under way at most; what is drawn meanwhile is what is there.
 */
import type { TimelineAnswer } from '../../computer/views/timeline/activity.js';
import { TIMELINE_REQUEST } from '../../debugger/messages.js';
import { Refused, type Page } from '../page.js';
import type { Viewport } from './viewport.js';

export interface InSight {
  viewport: Viewport;
  /** Of the drawing, pixels. */
  width: number;
  /** Ids; null: whichever there are. */
  lanes: string[] | null;
}

/** A window is widened so much on each side, of its length. */
const BESIDE = 0.75;
/** What is in sight may be drawn so much coarser than pixels before finer data is asked for. */
const COARSER = 1.5;

export class WindowFeed {
  answer: TimelineAnswer | null = null;
  private asked: { stop: number; pixels: number } | null = null;
  private underWay = false;

  constructor(
    private readonly page: Page,
    private readonly arrived: (answer: TimelineAnswer) => void,
  ) {}

  /** Another run: what is there is of the old one. */
  clear(): void {
    this.answer = null;
    this.asked = null;
  }

  /** Sees to it that what is in sight is there, soon. */
  want(inSight: () => InSight): void {
    if (this.underWay || this.page.model.state?.running || !this.isWanting(inSight())) return;
    this.underWay = true;
    void this.fetch(inSight()).then((found) => {
      this.underWay = false;
      if (found) {
        this.arrived(found);
        this.want(inSight);
      }
    });
  }

  private async fetch({ viewport, width, lanes }: InSight): Promise<TimelineAnswer | null> {
    const { run, stop } = this.page.model;
    const { from, to, length, isWhole } = viewport;
    const pixels = Math.max(1, Math.round(width * (isWhole ? 1 : 1 + 2 * BESIDE)));
    const stretch = isWhole ? {} : { from: Math.max(0, from - BESIDE * length), to: to + BESIDE * length };
    this.asked = { stop, pixels };
    try {
      const answer = await this.page.ask(TIMELINE_REQUEST, { ...stretch, pixels, lanes });
      if (run !== this.page.model.run) return null;
      return (this.answer = answer);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.asked = null;
      return null;
    }
  }

  private isWanting({ viewport, width, lanes }: InSight): boolean {
    const { answer, asked } = this;
    if (!answer || !asked || asked.stop !== this.page.model.stop) return true;
    const { from, to, length } = viewport;
    if (from < answer.from || Math.min(to, answer.end) > answer.to) return true;
    const there = new Set(answer.rows.map(({ id }) => id));
    if (lanes?.some((lane) => !there.has(lane))) return true;
    const tick = (answer.to - answer.from) / asked.pixels;
    const isExact = answer.hidden === 0 && answer.rows.every(({ mixed }) => Object.keys(mixed).length === 0);
    return !isExact && tick > (COARSER * length) / width;
  }
}
