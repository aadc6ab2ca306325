/**
 * trace.dat, the file that `trace-cmd record` writes and trace-cmd and KernelShark read: trace-cmd.dat.v6(5). A head
 * with the formats of the events and the names of the tasks, then for each CPU the pages of Linux's ring buffer.
 *
 * The head says where each CPU's pages are, and knows all names, so it comes last of all: the pages go to a file beside
 * it first (spool.ts). What is in memory is a page a CPU.
 */
import type { Computer } from '../../computer/computer.js';
import type { TraceEvent } from '../../computer/events/event.js';
import type { TraceWriter } from '../trace-formats.js';
import { nanosecondsPerTick } from './clock.js';
import { EventFormats } from './event-formats.js';
import { LinuxEvents } from './linux-events.js';
import { PAGE, RingPages } from './ring-pages.js';
import { Spool } from './spool.js';

const MAGIC = Buffer.from([0x17, 0x08, 0x44, ...Buffer.from('tracing6\0')]);
const LITTLE_ENDIAN = 0;
const LONG_BYTES = 8;

const HEADER_PAGE = `\tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;
\tfield: local_t commit;\toffset:8;\tsize:8;\tsigned:1;
\tfield: int overwrite;\toffset:8;\tsize:1;\tsigned:1;
\tfield: char data;\toffset:16;\tsize:${PAGE - 16};\tsigned:1;
`;
const HEADER_EVENT = `# compressed entry header
\ttype_len    :    5 bits
\ttime_delta  :   27 bits
\tarray       :   32 bits

\tpadding     : type == 29
\ttime_extend : type == 30
\ttime_stamp : type == 31
\tdata max type_len  == 28
`;

export class TraceDat implements TraceWriter {
  private readonly events: LinuxEvents;
  private readonly formats = new EventFormats();
  private readonly cpus: { pages: RingPages; spool: Spool }[];
  private readonly names = new Map<number, string>();
  private readonly perTick: number;

  constructor(
    computer: Computer,
    private readonly write: (bytes: Uint8Array) => void,
  ) {
    this.events = new LinuxEvents(computer);
    this.perTick = nanosecondsPerTick(computer);
    this.cpus = computer.machine.cpus.map(() => {
      const spool = new Spool();
      return { spool, pages: new RingPages((page) => spool.add(page)) };
    });
  }

  event(traced: TraceEvent): void {
    for (const event of this.events.of(traced)) {
      if (event.pid !== 0) this.names.set(event.pid, event.comm);
      const payload = this.formats.encode(event);
      this.cpus[event.cpu].pages.add(event.time * this.perTick, payload);
    }
  }

  end(): void {
    for (const { pages } of this.cpus) pages.close();
    const parts = [...this.head(), ...this.places()];
    parts.forEach((part) => this.write(part));
    const length = parts.reduce((sum, part) => sum + part.length, 0);
    this.write(Buffer.alloc(roundUp(length) - length));
    for (const { spool } of this.cpus) spool.drain(this.write);
  }

  /** Takes away what it keeps beside its output. */
  discard(): void {
    for (const { spool } of this.cpus) spool.remove();
  }

  private head(): Buffer[] {
    const names = [...this.names].map(([pid, name]) => `${pid} ${name}\n`).join('');
    const formats = this.formats.texts();
    return [
      MAGIC,
      Buffer.from([LITTLE_ENDIAN, LONG_BYTES]),
      int32(PAGE),
      word('header_page'),
      sized(HEADER_PAGE),
      word('header_event'),
      sized(HEADER_EVENT),
      int32(0), // no formats of ftrace's own events
      int32(formats.length),
      ...formats.flatMap(([system, texts]) => [word(system), int32(texts.length), ...texts.map(sized)]),
      int32(0), // no addresses of kernel functions
      int32(0), // no formats of trace_printk()
      sized(names),
      int32(this.cpus.length),
      word('options  '),
      int16(0),
    ];
  }

  /** Where the pages of each CPU are, and how many bytes. */
  private places(): Buffer[] {
    const mark = word('flyrecord');
    const before = this.head().reduce((sum, part) => sum + part.length, mark.length + 16 * this.cpus.length);
    let offset = roundUp(before);
    const places = this.cpus.map(({ spool }) => {
      const place = Buffer.alloc(16);
      place.writeBigUInt64LE(BigInt(offset), 0);
      place.writeBigUInt64LE(BigInt(spool.size), 8);
      offset += spool.size;
      return place;
    });
    return [mark, ...places];
  }
}

function roundUp(bytes: number): number {
  return Math.ceil(bytes / PAGE) * PAGE;
}

function word(text: string): Buffer {
  return Buffer.from(`${text}\0`);
}

function sized(text: string): Buffer {
  const bytes = Buffer.from(text);
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(bytes.length));
  return Buffer.concat([size, bytes]);
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16LE(value);
  return bytes;
}
