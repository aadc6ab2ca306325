/**
 * The disk: sectors of 4096 bytes, and a controller that serves requests one by one, in the order of arrival.
 *
 * A request takes `latency + count * sectorTime` ticks from the moment it is started. At its end the controller moves
 * the bytes between memory and the sectors (DMA) and its interrupt is raised. That time is a choice
 * (choices.ts): with jitter it is 75 … 125 hundredths of it, rounded down, at least 1.
 *
 * The files of the program's image lie from sector 0 on, each in whole sectors of its own.
 */
import type { Choices } from './choices.js';
import type { History, Saveable } from './history.js';
import type { Counters } from './counters.js';
import { MachineError } from './errors.js';
import type { EventQueue } from './events.js';
import { PAGE_SIZE, type PhysicalMemory } from './memory.js';

export const SECTOR_SIZE = PAGE_SIZE;
/** Sectors beyond the image's files, unless the machine says otherwise: 256 MiB. */
export const FREE_SECTORS = 65_536;

export interface DiskFile {
  readonly path: string;
  /** Bytes. */
  readonly content: string;
}

/** Where an image's file lies: `size` bytes in whole sectors from `sector` on. */
export interface DirectoryEntry {
  readonly path: string;
  readonly sector: number;
  readonly size: number;
}

export interface DiskRequest {
  /** The kernel's number for it. */
  readonly id: number;
  readonly write: boolean;
  readonly sector: number;
  /** Physical address. */
  readonly pa: number;
  /** Sectors. */
  readonly count: number;
}

export interface DiskParts {
  history: History;
  memory: PhysicalMemory;
  events: EventQueue;
  counters: Counters;
  /** The event kind of a finished request. */
  kind: number;
  /** The time of whoever submits, ticks. */
  now: () => number;
  choices: Choices;
}

export interface DiskShape {
  files?: readonly DiskFile[];
  /** Ticks from a request's start to its first sector. */
  latency: number;
  /** Ticks for each sector. */
  sectorTime: number;
  /** Sectors besides those of the files. */
  free?: number;
}

class Sector implements Saveable {
  constructor(
    public epoch: number,
    public bytes: Uint8Array,
  ) {}
  copyContent(): Uint8Array {
    return this.bytes.slice();
  }
  swapContent(content: unknown): Uint8Array {
    const old = this.bytes;
    this.bytes = content as Uint8Array;
    return old;
  }
  weigh(): number {
    return SECTOR_SIZE + 400;
  }
}

interface Content {
  queue: DiskRequest[];
  done: number[];
}

export class Disk implements Saveable {
  epoch: number;
  /** The image's files. */
  readonly directory: readonly DirectoryEntry[];
  /** How many sectors there are. */
  readonly sectors: number;
  /** Requests not yet served; the first one is under way. */
  private queue: DiskRequest[] = [];
  /** Ids of served requests that nobody has asked for. */
  private done: number[] = [];
  /** Sectors that were ever read or written; the others are as the image has them. */
  private readonly written = new Map<number, Sector>();
  private readonly contents: readonly string[];

  constructor(
    private readonly parts: DiskParts,
    private readonly shape: DiskShape,
  ) {
    this.epoch = parts.history.epoch;
    const files = shape.files ?? [];
    this.contents = files.map((file) => file.content);
    let sector = 0;
    this.directory = files.map(({ path, content }) => {
      const entry = { path, sector, size: content.length };
      sector += Math.ceil(content.length / SECTOR_SIZE);
      return entry;
    });
    this.sectors = sector + (shape.free ?? FREE_SECTORS);
  }

  /**
   * Queues a request.
   * @throws MachineError when it reaches beyond the disk or the memory
   */
  submit(id: number, write: boolean, sector: number, pa: number, count: number): void {
    if (!(count >= 1 && sector >= 0 && sector + count <= this.sectors) || !Number.isInteger(sector + count)) {
      throw new MachineError(`disk request ${id}: ${count} sectors from ${sector}; the disk has ${this.sectors}`);
    }
    this.parts.memory.check(pa, count * SECTOR_SIZE);
    this.parts.history.touch(this);
    this.queue.push({ id, write, sector, pa, count });
    if (this.queue.length === 1) this.start();
  }

  /**
   * The request under way is finished: moves its bytes, and starts the next one. Called when the disk's event is due.
   */
  complete(): void {
    const { history, memory, counters } = this.parts;
    history.touch(this);
    const request = this.queue.shift();
    if (request === undefined) throw new MachineError('the disk has finished a request that nobody made');
    for (let i = 0; i < request.count; i++) {
      const [number, pa] = [request.sector + i, request.pa + i * SECTOR_SIZE];
      if (request.write) memory.readBytes(pa, this.writable(number).bytes);
      else memory.writeBytes(pa, this.content(number));
    }
    counters.add(request.write ? 'diskWrites' : 'diskReads');
    counters.add('dmaCopies');
    counters.add('dmaBytes', request.count * SECTOR_SIZE);
    this.done.push(request.id);
    if (this.queue.length > 0) this.start();
  }

  /**
   * The id of a finished request that was not yet asked for, in the order in which they finished; -1: there is none.
   */
  finished(): number {
    if (this.done.length === 0) return -1;
    this.parts.history.touch(this);
    return this.done.shift() as number;
  }

  /** Requests that wait or are under way. */
  get pending(): readonly DiskRequest[] {
    return this.queue;
  }

  /** Ids that finished() will give. */
  get finishedIds(): readonly number[] {
    return this.done;
  }

  /** The bytes of a sector. Not to be changed. */
  content(number: number): Uint8Array {
    return this.written.get(number)?.bytes ?? this.initial(number);
  }

  /** Numbers of the sectors that differ from the image's, ascending. */
  changedSectors(): number[] {
    const changed = [...this.written].filter(([number, { bytes }]) => !sameBytes(bytes, this.initial(number)));
    return changed.map(([number]) => number).sort((a, b) => a - b);
  }

  copyContent(): Content {
    return { queue: this.queue.slice(), done: this.done.slice() };
  }

  swapContent(content: unknown): Content {
    const { queue, done } = this;
    ({ queue: this.queue, done: this.done } = content as Content);
    return { queue, done };
  }

  weigh(content: unknown): number {
    const { queue, done } = content as Content;
    return 300 + 8 * (queue.length + done.length);
  }

  /** The first request of the queue begins: its end is put into the event queue. */
  private start(): void {
    const { choices, events, kind, now } = this.parts;
    const { id, count } = this.queue[0];
    const exact = this.shape.latency + count * this.shape.sectorTime;
    const duration = Math.max(Math.min(exact, 1), choices.jitter('disk', exact));
    events.schedule(now() + duration, kind, id);
  }

  private writable(number: number): Sector {
    let sector = this.written.get(number);
    const { history } = this.parts;
    if (sector === undefined) {
      // Epoch 0 when history is on: the first write saves what the image has, so that going back restores it.
      sector = new Sector(history.enabled ? 0 : history.epoch, this.initial(number));
      this.written.set(number, sector);
    }
    history.touch(sector);
    return sector;
  }

  /** What the image has in a sector. */
  private initial(number: number): Uint8Array {
    const bytes = new Uint8Array(SECTOR_SIZE);
    const index = this.fileAt(number);
    const entry = this.directory[index];
    if (entry === undefined) return bytes;
    const content = this.contents[index];
    const from = (number - entry.sector) * SECTOR_SIZE;
    const size = Math.min(SECTOR_SIZE, content.length - from);
    for (let i = 0; i < size; i++) bytes[i] = content.charCodeAt(from + i);
    return bytes;
  }

  /** Index of the file that has a sector; -1: none. By halving: files lie in ascending order. */
  private fileAt(number: number): number {
    let [low, high] = [0, this.directory.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const { sector, size } = this.directory[middle];
      if (number < sector) high = middle;
      else if (number >= sector + Math.ceil(size / SECTOR_SIZE)) low = middle + 1;
      else return middle;
    }
    return -1;
  }
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.every((byte, i) => byte === b[i]);
}
