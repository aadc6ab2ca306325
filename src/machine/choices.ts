/**
 * Choices: everything that could have gone otherwise asks here, and nowhere else. How long a device takes, who of
 * several comes first, what a program draws: each is a choice of a kind, among a number of alternatives, one of which
 * is what happens as written. Who answers is a ChoiceMaker: the seed (0: as written), or the record of an earlier run.
 */
import type { History } from './history.js';
import { Random } from './random.js';

/** When the seed decides: always, with every seed but 0, or never. Where it does not, the rule holds. */
export type SeedPart = 'always' | 'unless 0' | 'never';

interface KindDescription {
  /** What is chosen, and the rule that holds as written. For a person. */
  readonly what: string;
  readonly rule: string;
  readonly seed: SeedPart;
}

const HUNDREDTHS = '100 hundredths of it, of 75 to 125';

export const CHOICE_KINDS = {
  quantum: { what: 'how long a turn lasts', rule: HUNDREDTHS, seed: 'unless 0' },
  disk: { what: 'how long the disk takes for a request', rule: HUNDREDTHS, seed: 'unless 0' },
  network: { what: 'how long a frame is under way', rule: HUNDREDTHS, seed: 'unless 0' },
  random: { what: 'what random(n) returns to a program', rule: 'a number drawn from the seed', seed: 'always' },
  hw_random: { what: 'what hw_random(n) returns to the kernel', rule: 'a number drawn from the seed', seed: 'always' },
  event: {
    what: "which of the devices' events at the same time comes first",
    rule: 'the one that was scheduled first',
    seed: 'never',
  },
  waiter: { what: 'which of those who wait in turn is woken', rule: 'the one that came first', seed: 'never' },
  placement: {
    what: 'on which of the least loaded CPUs a task becomes runnable',
    rule: 'the lowest number',
    seed: 'never',
  },
  balance: {
    what: 'from which of the busiest CPUs an idle one takes a task',
    rule: 'the lowest number',
    seed: 'never',
  },
  cpu: { what: 'which of the CPUs at the same time goes on first', rule: 'the lowest number', seed: 'never' },
} as const satisfies Record<string, KindDescription>;

export type ChoiceKind = keyof typeof CHOICE_KINDS;

export function isChoiceKind(name: string): name is ChoiceKind {
  return Object.hasOwn(CHOICE_KINDS, name);
}

/** Answers choices: from a seed, from a file, by exploration. Its state is part of the machine's. */
export interface ChoiceMaker {
  /**
   * One of 0 … alternatives - 1.
   * @param usual what it is as written
   */
  choose(kind: ChoiceKind, alternatives: number, usual: number): number;
  hashParts(): Iterable<unknown>;
}

/** Is told each choice that had more than one alternative. */
export type ChoiceListener = (kind: ChoiceKind, alternatives: number, usual: number, chosen: number) => void;

/** Jitter makes a time 75 … 125 hundredths of what it is. */
const LEAST_HUNDREDTHS = 75;
const HUNDREDTHS_COUNT = 51;
const USUAL_HUNDREDTHS = 100 - LEAST_HUNDREDTHS;

export class Choices {
  /**
   * Whether choices that a rule decides are asked for, too. Otherwise nobody need count what there is to choose from:
   * the rule holds.
   */
  readonly isOpen: boolean;

  constructor(
    private readonly maker: ChoiceMaker,
    private readonly listener: ChoiceListener | null = null,
  ) {
    this.isOpen = listener !== null || !(maker instanceof SeededChoices);
  }

  /**
   * One of 0 … alternatives - 1.
   * @param usual what it is as written
   */
  choose(kind: ChoiceKind, alternatives: number, usual = 0): number {
    const chosen = this.maker.choose(kind, alternatives, usual);
    if (alternatives > 1) this.listener?.(kind, alternatives, usual, chosen);
    return chosen;
  }

  /** A device's time in ticks with jitter: up to a quarter more or less, rounded down; as written exact. */
  jitter(kind: ChoiceKind, ticks: number): number {
    const hundredths = LEAST_HUNDREDTHS + this.choose(kind, HUNDREDTHS_COUNT, USUAL_HUNDREDTHS);
    return hundredths === 100 ? ticks : Math.floor((ticks * hundredths) / 100);
  }

  hashParts(): Iterable<unknown> {
    return this.maker.hashParts();
  }
}

/** The seed decides. Seed 0 is as written: nothing varies but what is drawn. */
export class SeededChoices implements ChoiceMaker {
  private readonly random: Random;

  constructor(
    private readonly seed: number,
    history?: History,
  ) {
    this.random = new Random(seed, history);
  }

  choose(kind: ChoiceKind, alternatives: number, usual: number): number {
    const part: SeedPart = CHOICE_KINDS[kind].seed;
    return part === 'never' || (part === 'unless 0' && this.seed === 0) ? usual : this.random.below(alternatives);
  }

  hashParts(): unknown[] {
    return [this.random];
  }
}
