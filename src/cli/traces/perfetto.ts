/**
 * Perfetto's own format: a sequence of packets in protocol buffers. Switches and wake-ups are Linux's ftrace events, so
 * that Perfetto draws CPUs, states of tasks and wakers by itself; calls, waits and all else are track events.
 *
 * The numbers are those of the fields in https://github.com/google/perfetto/tree/main/protos/perfetto/trace.
 */
import { PbfWriter } from 'pbf';
import { visible } from '../../language/visible.js';
import type { QueueName } from './queues.js';
import type { Arg, Args, Arrows, Drawing, Switch, Track, Wakeup } from './story.js';

const TRACE = { packet: 1 };
const PACKET = { ftraceEvents: 1, timestamp: 8, sequence: 10, trackEvent: 11, interned: 12, flags: 13, descriptor: 60 };
const DESCRIPTOR = { uuid: 1, name: 2, process: 3, thread: 4, counter: 8 };
const PROCESS = { pid: 1, name: 6 };
const THREAD = { pid: 1, tid: 2, name: 5 };
const COUNTER = { unit: 3 };
const TRACK_EVENT = { category: 3, annotation: 4, type: 9, name: 10, track: 11, value: 30, flow: 47, lastFlow: 48 };
const ANNOTATION = { name: 1, bool: 2, int: 4, string: 6 };
const INTERNED = { categories: 1, names: 2, annotations: 3 };
const INTERNED_NAME = { number: 1, name: 2 };
const BUNDLE = { cpu: 1, event: 2 };
const FTRACE = { timestamp: 1, pid: 2, switch: 4, flags: 5, waking: 20 };
const SWITCH = { prevComm: 1, prevPid: 2, prevPrio: 3, prevState: 4, nextComm: 5, nextPid: 6, nextPrio: 7 };
const WAKING = { comm: 1, pid: 2, prio: 3, success: 4, target: 5 };

const TYPE = { begin: 1, end: 2, instant: 3, counter: 4 };
const UNIT_COUNT = 2;
/** Names are sent once, and numbers for them afterwards: the first packet says so, each that uses one, too. */
const STATE_CLEARED = 1;
const NEEDS_STATE = 2;
const IN_INTERRUPT = 8;

/** Packets of one sequence share their numbers for names. */
const OUR_SEQUENCE = 1;
const FTRACE_SEQUENCE = 2;

/** Bytes that are gathered. */
const GATHER = 1 << 16;

/** Numbers of tracks: 0 is Perfetto's own. */
const RUN_TRACK = 1;
const FIRST_CPU = 2;
const FIRST_QUEUE = 100;
const FIRST_TASK = 1000;

class Names {
  readonly numbers = new Map<string, number>();
  /** Those that have not been sent. */
  fresh: [number, string][] = [];

  numberOf(name: string): number {
    let number = this.numbers.get(name);
    if (number === undefined) {
      number = this.numbers.size + 1;
      this.numbers.set(name, number);
      this.fresh.push([number, name]);
    }
    return number;
  }
}

/** What a track event may have. */
interface Told {
  category?: string;
  name?: string;
  args?: Args;
  arrows?: Arrows;
}

export class PerfettoDrawing implements Drawing {
  private readonly out = new PbfWriter();
  /** By CPU: its ftrace events that have not been sent. */
  private readonly bundles: (PbfWriter | undefined)[] = [];
  private readonly categories = new Names();
  private readonly names = new Names();
  private readonly annotations = new Names();
  private readonly queues = new Names();
  private readonly described = new Set<number>();
  private isFirst = true;

  /** @param perTick nanoseconds */
  constructor(
    private readonly write: (bytes: Uint8Array) => void,
    private readonly perTick: number,
  ) {}

  task(tid: number, pid: number, name: string): void {
    const shown = visible(name);
    if (tid === pid) {
      this.describe(FIRST_TASK + 2 * pid, (to) => {
        this.message(to, DESCRIPTOR.process, () => {
          to.writeVarintField(PROCESS.pid, pid);
          to.writeStringField(PROCESS.name, shown);
        });
      });
    }
    this.describe(FIRST_TASK + 2 * tid + 1, (to) => {
      this.message(to, DESCRIPTOR.thread, () => {
        to.writeVarintField(THREAD.pid, pid);
        to.writeVarintField(THREAD.tid, tid);
        to.writeStringField(THREAD.name, shown);
      });
    });
  }

  begin(track: Track, time: number, category: string, name: string, args: Args): void {
    this.trackEvent(track, time, TYPE.begin, { category, name, args });
  }

  end(track: Track, time: number, args: Args): void {
    this.trackEvent(track, time, TYPE.end, { args });
  }

  instant(track: Track, time: number, category: string, name: string, args: Args, arrows: Arrows): void {
    this.trackEvent(track, time, TYPE.instant, { category, name, args, arrows });
  }

  count(queue: QueueName, time: number, value: number): void {
    const track = FIRST_QUEUE + this.queues.numberOf(queue);
    this.describeOnce(track, (to) => {
      to.writeStringField(DESCRIPTOR.name, queue);
      this.message(to, DESCRIPTOR.counter, () => to.writeVarintField(COUNTER.unit, UNIT_COUNT));
    });
    this.packet(OUR_SEQUENCE, (to) => {
      to.writeVarintField(PACKET.timestamp, time * this.perTick);
      this.message(to, PACKET.trackEvent, () => {
        to.writeVarintField(TRACK_EVENT.type, TYPE.counter);
        to.writeVarintField(TRACK_EVENT.track, track);
        to.writeVarintField(TRACK_EVENT.value, value);
      });
    });
  }

  switched({ time, cpu, prev, next }: Switch): void {
    this.ftrace(cpu, time, prev.tid, false, FTRACE.switch, (to) => {
      to.writeStringField(SWITCH.prevComm, visible(prev.name));
      to.writeVarintField(SWITCH.prevPid, prev.tid);
      to.writeVarintField(SWITCH.prevPrio, prev.priority);
      to.writeVarintField(SWITCH.prevState, prev.state);
      to.writeStringField(SWITCH.nextComm, visible(next.name));
      to.writeVarintField(SWITCH.nextPid, next.tid);
      to.writeVarintField(SWITCH.nextPrio, next.priority);
    });
  }

  woken({ time, cpu, by, byInterrupt, tid, name, priority, target }: Wakeup): void {
    this.ftrace(cpu, time, by, byInterrupt, FTRACE.waking, (to) => {
      to.writeStringField(WAKING.comm, visible(name));
      to.writeVarintField(WAKING.pid, tid);
      to.writeVarintField(WAKING.prio, priority);
      to.writeVarintField(WAKING.success, 1);
      to.writeVarintField(WAKING.target, target);
    });
  }

  close(): void {
    this.bundles.forEach((_bundle, cpu) => this.sendBundle(cpu));
    this.flush();
  }

  private trackEvent(track: Track, time: number, type: number, { category, name, args = [], arrows }: Told): void {
    const number = this.numberOf(track);
    this.packet(OUR_SEQUENCE, (to) => {
      to.writeVarintField(PACKET.timestamp, time * this.perTick);
      this.message(to, PACKET.trackEvent, () => {
        to.writeVarintField(TRACK_EVENT.type, type);
        to.writeVarintField(TRACK_EVENT.track, number);
        if (category !== undefined) to.writeVarintField(TRACK_EVENT.category, this.categories.numberOf(category));
        if (name !== undefined) to.writeVarintField(TRACK_EVENT.name, this.names.numberOf(visible(name)));
        for (const [key, value] of args) this.message(to, TRACK_EVENT.annotation, () => this.annotate(to, key, value));
        for (const arrow of arrows?.from ?? []) to.writeFixed64Field(TRACK_EVENT.flow, arrow);
        for (const arrow of arrows?.to ?? []) to.writeFixed64Field(TRACK_EVENT.lastFlow, arrow);
      });
    });
  }

  private annotate(to: PbfWriter, key: string, value: Arg): void {
    to.writeVarintField(ANNOTATION.name, this.annotations.numberOf(visible(key)));
    if (typeof value === 'boolean') to.writeBooleanField(ANNOTATION.bool, value);
    else if (typeof value === 'number') to.writeVarintField(ANNOTATION.int, value);
    else to.writeStringField(ANNOTATION.string, visible(String(value)));
  }

  private numberOf(track: Track): number {
    if (track.kind === 'task') return FIRST_TASK + 2 * track.tid + 1;
    const number = track.kind === 'cpu' ? FIRST_CPU + track.cpu : RUN_TRACK;
    const name = track.kind === 'cpu' ? `CPU ${track.cpu}: interrupts, and what is no task's` : 'the run';
    this.describeOnce(number, (to) => to.writeStringField(DESCRIPTOR.name, name));
    return number;
  }

  private describeOnce(number: number, more: (to: PbfWriter) => void): void {
    if (this.described.has(number)) return;
    this.described.add(number);
    this.describe(number, more);
  }

  private describe(number: number, more: (to: PbfWriter) => void): void {
    this.packet(OUR_SEQUENCE, (to) => {
      this.message(to, PACKET.descriptor, () => {
        to.writeVarintField(DESCRIPTOR.uuid, number);
        more(to);
      });
    });
  }

  private ftrace(
    cpu: number,
    time: number,
    pid: number,
    inInterrupt: boolean,
    kind: number,
    fields: (to: PbfWriter) => void,
  ): void {
    const bundle = (this.bundles[cpu] ??= new PbfWriter());
    if (bundle.pos === 0) bundle.writeVarintField(BUNDLE.cpu, cpu);
    this.message(bundle, BUNDLE.event, () => {
      bundle.writeVarintField(FTRACE.timestamp, time * this.perTick);
      bundle.writeVarintField(FTRACE.pid, pid);
      if (inInterrupt) bundle.writeVarintField(FTRACE.flags, IN_INTERRUPT);
      this.message(bundle, kind, () => fields(bundle));
    });
    if (bundle.pos > GATHER) this.sendBundle(cpu);
  }

  private sendBundle(cpu: number): void {
    const bundle = this.bundles[cpu];
    if (!bundle || bundle.pos === 0) return;
    const events = bundle.buf.subarray(0, bundle.pos);
    this.packet(FTRACE_SEQUENCE, (to) => to.writeBytesField(PACKET.ftraceEvents, events));
    bundle.pos = 0;
  }

  /** Names that the packet uses for the first time go with it. */
  private packet(sequence: number, fields: (to: PbfWriter) => void): void {
    this.message(this.out, TRACE.packet, () => {
      fields(this.out);
      this.out.writeVarintField(PACKET.sequence, sequence);
      if (sequence !== OUR_SEQUENCE) return;
      this.intern();
      this.out.writeVarintField(PACKET.flags, this.isFirst ? STATE_CLEARED | NEEDS_STATE : NEEDS_STATE);
      this.isFirst = false;
    });
    if (this.out.pos > GATHER) this.flush();
  }

  private intern(): void {
    const kinds = [
      [INTERNED.categories, this.categories],
      [INTERNED.names, this.names],
      [INTERNED.annotations, this.annotations],
    ] as const;
    if (kinds.every(([, { fresh }]) => fresh.length === 0)) return;
    this.message(this.out, PACKET.interned, () => {
      for (const [field, names] of kinds) {
        for (const [number, name] of names.fresh) {
          this.message(this.out, field, () => {
            this.out.writeVarintField(INTERNED_NAME.number, number);
            this.out.writeStringField(INTERNED_NAME.name, name);
          });
        }
        names.fresh = [];
      }
    });
  }

  private message(to: PbfWriter, field: number, fields: () => void): void {
    to.writeMessage(field, fields, null);
  }

  private flush(): void {
    this.write(this.out.buf.subarray(0, this.out.pos));
    this.out.pos = 0;
  }
}
