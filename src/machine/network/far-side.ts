/**
 * The computers on the far side of the network card: which frame is whose, which event wakes whom, and what remotes
 * print. An address where nobody is answers with a reset.
 *
 * Everything happens inside of an event of the queue (bus.ts): it takes no time and no steps of ours, and costs
 * what concerns the one remote, however many there are.
 */
import { DEVICE } from '../devices.js';
import { MachineError, MachineLimit } from '../errors.js';
import type { Saveable } from '../history.js';
import type { RemoteEntry } from '../link.js';
import { Terminal } from '../terminal.js';
import type { Endpoint } from './endpoint.js';
import { decode, encode, FIRST_REMOTE, resetFor } from './frame.js';
import { Remote } from './remote.js';
import { Traffic } from './traffic.js';
import { Wire, type WireParts } from './wire.js';

export interface FarSideParts {
  link: WireParts;
  rto: number;
  remotes: readonly RemoteEntry[];
  /** Bytes of output that are kept. */
  outputLimit?: number | undefined;
  /** The machine's position. */
  steps: () => number;
  /** Shows a line to whoever watches the run. */
  show: (line: string) => void;
}

/** What executes the code of remotes: see remote-cpu.ts. */
export interface RemoteRunner {
  /** Lets a remote run until it waits or ends, at a time in ticks. */
  run(remote: Remote, now: number): void;
}

type Content = [faults: string[], lines: number, alone: { steps: number; events: number }];

/** How often remotes may act in a row, without an instruction of ours, before the run is taken for endless. */
const MOST_ALONE = 1_000_000;

/** How many remotes waiting() names. */
const MOST_LINES = 20;

export class FarSide implements Saveable {
  epoch: number;
  /** Without one, remotes do nothing. */
  runner: RemoteRunner | null = null;
  /** The remote that runs, and when. */
  running: { remote: Remote; now: number } | null = null;
  readonly remotes: readonly Remote[];
  /** What remotes have printed; the number of each stands for a pid. */
  readonly terminal: Terminal;
  /** Connections, requests and replies of all remotes. */
  readonly traffic: Traffic;
  /** What remotes did wrong, in order. */
  private faults: string[] = [];
  /** How many lines there have been. */
  private lines = 0;
  /** The most there ever were: what is executed again says nothing. */
  private shown = 0;
  /** The wire on which resets come from addresses where nobody is. */
  private readonly nobody: Wire;
  /** Those who owe an acknowledgement at the end of the event. */
  private owing: Endpoint[] = [];
  private alone = { steps: -1, events: 0 };

  constructor(private readonly parts: FarSideParts) {
    const { link, rto, remotes } = parts;
    const { history, events } = link;
    this.epoch = history.epoch;
    const traffic = (this.traffic = new Traffic(history));
    const owes = (endpoint: Endpoint): void => void this.owing.push(endpoint);
    this.terminal = new Terminal(history, events, DEVICE.KEYBOARD, [], parts.outputLimit);
    this.remotes = remotes.map(({ label }, number) => new Remote({ link, rto, traffic, owes }, number, label));
    this.nobody = new Wire(link, DEVICE.CARD_FRAME, remotes.length);
    remotes.forEach(({ at }, number) => events.schedule(at, DEVICE.REMOTE, number));
  }

  /** A frame from us has arrived, at a time in ticks. */
  receive(frame: Uint8Array, now: number): void {
    const segment = decode(frame);
    if (segment === null) return;
    const remote = this.remotes[segment.destination - FIRST_REMOTE];
    const endpoint = remote?.connectionFor(segment);
    if (remote && endpoint) {
      endpoint.receive(segment, now);
      return this.goOn(remote, now);
    }
    const answer = resetFor(segment);
    if (answer) (remote?.wire ?? this.nobody).send(encode(answer), now);
  }

  /** A remote starts, or has slept long enough. */
  wake(number: number, now: number): void {
    const remote = this.remotes[number];
    if (remote === undefined) throw new MachineError(`there is no remote ${number}`);
    this.run(remote, now);
    this.settle(now);
  }

  /** The timer of a connection is over. */
  timeout(payload: number, now: number): void {
    const remote = this.remotes[Math.floor(payload / 65_536)];
    remote?.connectionAt(payload % 65_536)?.timeout(now);
    if (remote) this.goOn(remote, now);
  }

  /** The frame that arrives at our card now, on wire number `wire`. */
  frameFrom(wire: number): Uint8Array | undefined {
    return (this.remotes[wire]?.wire ?? this.nobody).arrive();
  }

  /** Frames on their way to our card. For inspection. */
  underWay(): readonly Uint8Array[] {
    return [...this.remotes.map(({ wire }) => wire), this.nobody].flatMap((wire) => wire.underWay);
  }

  /** A remote prints: on a terminal of its own, and in the log of the run. */
  print(remote: Remote, text: string, now: number): void {
    this.terminal.write({ time: now, step: this.parts.steps(), pid: remote.number, bytes: `${text}\n` });
    this.say(`${remote.label}: ${text}`);
  }

  /** An error has ended a remote. */
  fail(line: string): void {
    this.parts.link.history.touch(this);
    this.faults.push(line);
    this.say(line);
  }

  /** Shows a line, the first time that the run comes by. */
  say(line: string): void {
    this.parts.link.history.touch(this);
    this.lines++;
    if (this.lines <= this.shown) return;
    this.shown = this.lines;
    this.parts.show(line);
  }

  /** What comes now is new: an input has changed the run. */
  forgetFuture(): void {
    this.shown = this.lines;
  }

  /** The remotes that wait for us, in lines for people. */
  waiting(): string[] {
    const all = this.remotes.filter((remote) => remote.waitsForUs);
    const lines = all.slice(0, MOST_LINES).map(({ label, doing }) => `${label} ${doing}`);
    return all.length > MOST_LINES ? [...lines, `and ${all.length - MOST_LINES} more remotes`] : lines;
  }

  get errors(): readonly string[] {
    return this.faults;
  }

  /** Something has come for a remote: it runs, if that is what it waits for; then acknowledgements are sent. */
  private goOn(remote: Remote, now: number): void {
    if (remote.isDue) this.run(remote, now);
    this.settle(now);
  }

  private settle(now: number): void {
    const { owing } = this;
    this.owing = [];
    for (const endpoint of owing) endpoint.acknowledge(now);
  }

  /** Remotes that act for ever, while nothing happens on our side, would never let the run end. */
  private run(remote: Remote, now: number): void {
    const steps = this.parts.steps();
    this.parts.link.history.touch(this);
    if (this.alone.steps !== steps) this.alone = { steps, events: 0 };
    if (++this.alone.events > MOST_ALONE) {
      throw new MachineLimit(
        `remotes have acted ${MOST_ALONE} times in a row while this computer had nothing to do: is there an endless loop in ${remote.label}?`,
      );
    }
    this.running = { remote, now };
    try {
      this.runner?.run(remote, now);
    } finally {
      this.running = null;
    }
  }

  hashParts(): unknown[] {
    return [...this.remotes, this.terminal, this.traffic, this.faults, this.lines, this.nobody];
  }

  copyContent(): Content {
    return [this.faults.slice(), this.lines, { ...this.alone }];
  }

  swapContent(content: unknown): Content {
    const old: Content = [this.faults, this.lines, this.alone];
    [this.faults, this.lines, this.alone] = content as Content;
    return old;
  }
}
