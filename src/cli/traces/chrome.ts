/**
 * The JSON that Chrome's own tracing has made a habit: chrome://tracing, Perfetto, Speedscope and others read it. It
 * knows slices, instants, arrows and counters, but nothing of CPUs: they are threads of a process of their own.
 */
import { visibleJson } from '../../language/visible.js';
import type { QueueName } from './queues.js';
import type { Args, Arrows, Drawing, Switch, Track } from './story.js';

const NANOSECONDS = 1000;
/** Numbers of the processes that stand for the CPUs and for the run as a whole: no process of a program has them. */
const CPUS = 10_000_000;
const RUN = 10_000_001;
/** Above the lane of who runs on a CPU: its interrupts. */
const INTERRUPTS = 1000;

export class ChromeDrawing implements Drawing {
  private isFirst = true;
  private readonly pids = new Map<number, number>();
  private readonly running: ({ since: number; name: string; tid: number } | undefined)[] = [];
  private readonly described = new Set<string>();

  /** @param perTick nanoseconds */
  constructor(
    private readonly line: (text: string) => void,
    private readonly perTick: number,
  ) {
    line('{"displayTimeUnit":"ns","traceEvents":[');
  }

  task(tid: number, pid: number, name: string): void {
    this.pids.set(tid, pid);
    if (tid === pid) this.name('process_name', pid, tid, name);
    this.name('thread_name', pid, tid, name);
  }

  begin(track: Track, time: number, category: string, name: string, args: Args): void {
    this.put({ ph: 'B', ...this.at(track, time), cat: category, name, args: Object.fromEntries(args) });
  }

  end(track: Track, time: number, args: Args): void {
    this.put({ ph: 'E', ...this.at(track, time), args: Object.fromEntries(args) });
  }

  instant(track: Track, time: number, category: string, name: string, args: Args, { from, to }: Arrows): void {
    const at = this.at(track, time);
    const told = { ...at, cat: category, name, args: Object.fromEntries(args) };
    // An arrow needs a slice at both of its ends.
    this.put(from || to ? { ph: 'X', ...told, dur: 0 } : { ph: 'i', s: 't', ...told });
    for (const id of from ?? []) this.put({ ph: 's', ...at, cat: 'wakeup', name: 'wakes', id });
    for (const id of to ?? []) this.put({ ph: 'f', bp: 'e', ...at, cat: 'wakeup', name: 'wakes', id });
  }

  count(queue: QueueName, time: number, value: number): void {
    const at = this.at({ kind: 'run' }, time);
    this.put({ ph: 'C', ...at, name: queue, args: { [queue]: value } });
  }

  switched({ time, cpu, next }: Switch): void {
    this.leave(cpu, time);
    this.running[cpu] = next.tid === 0 ? undefined : { since: time, name: next.name, tid: next.tid };
  }

  /** The arrow says it all. */
  woken(): void {}

  close(time: number): void {
    this.running.forEach((_task, cpu) => this.leave(cpu, time));
    this.line(']}');
  }

  private leave(cpu: number, time: number): void {
    const task = this.running[cpu];
    if (!task) return;
    const { ts } = this.at({ kind: 'run' }, task.since);
    const dur = ((time - task.since) * this.perTick) / NANOSECONDS;
    this.cpuLane(cpu, cpu, `CPU ${cpu}`);
    this.put({ ph: 'X', pid: CPUS, tid: cpu, ts, dur, cat: 'sched', name: `${task.name} ${task.tid}`, args: {} });
  }

  private at(track: Track, time: number): { pid: number; tid: number; ts: number } {
    const ts = (time * this.perTick) / NANOSECONDS;
    if (track.kind === 'task') return { pid: this.pids.get(track.tid) ?? track.tid, tid: track.tid, ts };
    if (track.kind === 'cpu') {
      const tid = INTERRUPTS + track.cpu;
      this.cpuLane(tid, track.cpu, `CPU ${track.cpu}: interrupts, and what is no task's`);
      return { pid: CPUS, tid, ts };
    }
    this.once('run', () => this.name('process_name', RUN, RUN, 'the run'));
    return { pid: RUN, tid: RUN, ts };
  }

  private cpuLane(tid: number, cpu: number, name: string): void {
    this.once('cpus', () => this.name('process_name', CPUS, cpu, 'CPUs'));
    this.once(String(tid), () => this.name('thread_name', CPUS, tid, name));
  }

  private once(what: string, act: () => void): void {
    if (this.described.has(what)) return;
    this.described.add(what);
    act();
  }

  private name(kind: 'process_name' | 'thread_name', pid: number, tid: number, name: string): void {
    this.put({ ph: 'M', pid, tid, name: kind, args: { name } });
  }

  private put(event: object): void {
    this.line(`${this.isFirst ? '' : ','}${visibleJson(event)}`);
    this.isFirst = false;
  }
}
