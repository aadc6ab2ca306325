import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Folder } from '../command.js';
import { osimIn } from '../in-process.js';
import { root } from '../../std/program-run.js';
import { packetsOf, sizeAgain, type FtraceEvent, type Packet, type Switch } from './perfetto-schema.js';

const [BEGIN, END, COUNTER] = [1, 2, 4];

const SOME = [
  ['examples/producer-consumer.osim', '--cpus', '2'],
  ['examples/shell.osim'],
  ['examples/pipe.osim', '--costs', 'linux'],
];
const MORE = [
  ['examples/pipe.osim'],
  ['examples/server-uring.osim'],
  ['examples/server-prefork.osim', '--cpus', '4'],
  ['examples/job-control.osim'],
];

interface Slice {
  track: number;
  name: string;
  depth: number;
  from: number;
  to: number;
}

/** A trace as a reader of it has it: names put in, slices closed. */
class Read {
  readonly slices: Slice[] = [];
  readonly arrows = new Map<number, { from: number[]; to: number[] }>();
  readonly counters = new Map<string, number[]>();
  readonly threads = new Map<number, string>();
  readonly names: string[] = [];
  readonly switches: (Switch & { cpu: number; time: number })[] = [];
  readonly wakings: (FtraceEvent & { cpu: number })[] = [];
  end = 0;
  private readonly open = new Map<number, Slice[]>();

  constructor(readonly bytes: Uint8Array) {
    const names = new Map<number, string>();
    const tracks = new Map<number, string>();
    for (const packet of packetsOf(bytes)) {
      assert.ok(packet.trustedPacketSequenceId > 0);
      for (const { iid, name } of packet.internedData?.eventNames ?? []) names.set(iid, name);
      const { trackDescriptor: track, trackEvent: event, timestamp = 0 } = packet;
      if (track) tracks.set(track.uuid, track.name ?? track.thread?.threadName ?? track.process?.processName ?? '');
      if (track?.thread) this.threads.set(track.thread.tid, track.thread.threadName);
      if (event) {
        this.end = Math.max(this.end, timestamp);
        assert.ok(tracks.has(event.trackUuid), `track ${event.trackUuid} is described before it is used`);
        const name = event.nameIid === undefined ? '' : names.get(event.nameIid);
        assert.notEqual(name, undefined, 'a name is sent before its number is used');
        this.trackEvent(event, timestamp, name ?? '', tracks.get(event.trackUuid) ?? '');
      }
      for (const each of packet.ftraceEvents?.event ?? []) {
        const at = { cpu: packet.ftraceEvents?.cpu ?? -1, time: each.timestamp };
        if (each.schedSwitch) this.switches.push({ ...each.schedSwitch, ...at });
        if (each.schedWaking) this.wakings.push({ ...each, ...at });
      }
    }
    for (const [track, slices] of this.open) assert.deepEqual(slices, [], `slices of ${tracks.get(track)} stay open`);
  }

  private trackEvent(event: NonNullable<Packet['trackEvent']>, time: number, name: string, track: string): void {
    this.names.push(name);
    if (event.type === COUNTER) {
      const values = this.counters.get(track) ?? [];
      this.counters.set(track, values);
      values.push(event.counterValue ?? NaN);
      return;
    }
    const open = this.open.get(event.trackUuid) ?? [];
    this.open.set(event.trackUuid, open);
    if (event.type === BEGIN) open.push({ track: event.trackUuid, name, depth: open.length, from: time, to: NaN });
    if (event.type === END) {
      const slice = open.pop();
      assert.ok(slice, `a slice ends on ${track} at ${time} that has not begun`);
      assert.ok(time >= slice.from, `${slice.name} ends before it begins`);
      this.slices.push({ ...slice, to: time });
    }
    for (const id of event.flowIds ?? []) this.arrow(id).from.push(time);
    for (const id of event.terminatingFlowIds ?? []) this.arrow(id).to.push(time);
  }

  private arrow(id: number): { from: number[]; to: number[] } {
    const arrow = this.arrows.get(id) ?? { from: [], to: [] };
    this.arrows.set(id, arrow);
    return arrow;
  }

  /** Nanoseconds that each task was in each state, and that each CPU was at each task: of switches and wake-ups. */
  states(cpus: number): { tasks: Map<number, Record<string, number>>; cpus: Map<number, number>[] } {
    const tasks = new Map<number, { since: number; born: number; state: string; sums: Record<string, number> }>();
    const become = (tid: number, time: number, state: string): void => {
      const task = tasks.get(tid) ?? { since: time, born: time, state, sums: {} };
      task.sums[task.state] = (task.sums[task.state] ?? 0) + time - task.since;
      assert.ok(time >= task.since, `the time of task ${tid} goes back`);
      tasks.set(tid, { ...task, since: time, state });
    };
    const use = Array.from({ length: cpus }, () => new Map<number, number>());
    const at = Array.from({ length: cpus }, () => ({ tid: 0, since: 0 }));
    const wakings = this.wakings.map((each) => ({
      time: each.timestamp,
      cpu: each.cpu,
      tid: each.schedWaking?.pid ?? 0,
    }));
    const all = [...this.switches, ...wakings].sort(
      (a, b) => a.time - b.time || Number('tid' in b) - Number('tid' in a),
    );
    for (const event of all) {
      if ('tid' in event) {
        become(event.tid, event.time, 'ready');
        continue;
      }
      const { cpu, time, prevPid, prevState, nextPid } = event;
      assert.equal(prevPid, at[cpu].tid, `CPU ${cpu} leaves whom it was at, at ${time}`);
      use[cpu].set(prevPid, (use[cpu].get(prevPid) ?? 0) + time - at[cpu].since);
      at[cpu] = { tid: nextPid, since: time };
      if (prevPid !== 0) become(prevPid, time, prevState === 0 ? 'ready' : prevState >= 16 ? 'dead' : 'blocked');
      if (nextPid !== 0) become(nextPid, time, 'running');
    }
    at.forEach(({ tid, since }, cpu) => use[cpu].set(tid, (use[cpu].get(tid) ?? 0) + this.end - since));
    for (const [tid, { born }] of tasks) {
      become(tid, this.end, 'end');
      const sums = tasks.get(tid)?.sums ?? {};
      const total = Object.values(sums).reduce((sum, each) => sum + each, 0);
      assert.equal(total, this.end - born, `the states of task ${tid} add up to its life`);
    }
    return { tasks: new Map([...tasks].map(([tid, { sums }]) => [tid, sums])), cpus: use };
  }
}

interface Event {
  event: string;
  time: number;
  fields: Record<string, unknown>;
}

describe('osim trace --format perfetto', function () {
  this.timeout(process.env['OSIM_LONG'] ? 600_000 : 60_000);
  const folder = new Folder({
    'hostile.osim': 'process main { write(1, "\\e[31m\\u202e", 8); }\n',
  });
  after(() => folder.remove());

  async function traced(file: string, ...options: string[]): Promise<{ read: Read; events: Event[]; run: Run }> {
    const words = [path.resolve(root, file), ...options];
    const wrote = await osimIn(folder.path, 'trace', '--format', 'perfetto', '-o', 'out.pftrace', ...words);
    assert.equal(wrote.status, 0, wrote.stderr);
    const { stdout } = await osimIn(folder.path, 'trace', '--format', 'jsonl', ...words);
    const events = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Event);
    const run = JSON.parse((await osimIn(folder.path, 'run', '--json', ...words)).stdout) as Run;
    return { read: new Read(readFileSync(path.join(folder.path, 'out.pftrace'))), events, run };
  }

  interface Run {
    time: number;
    cpus: unknown[];
    stats: { contextSwitches: number; syscalls: number };
  }

  /** What holds of every trace. */
  function check({ read, events, run }: { read: Read; events: Event[]; run: Run }, perTick = 1000): void {
    const named = (name: string): Event[] => events.filter(({ event }) => event === name);
    assert.equal(read.end, run.time * perTick, 'the trace is as long as the run');
    assert.equal(read.switches.length, named('sched_switch').length);
    assert.equal(read.arrows.size, named('sched_wakeup').length, 'an arrow for each wake-up');
    for (const [id, { from, to }] of read.arrows) {
      assert.deepEqual([from.length, to.length], [1, 1], `arrow ${id} has two ends`);
      assert.ok(to[0] >= from[0], `arrow ${id} goes forward in time`);
    }
    const { tasks, cpus } = read.states(run.cpus.length);
    for (const use of cpus) {
      assert.equal(
        [...use.values()].reduce((sum, each) => sum + each, 0),
        read.end,
        'a CPU is always somewhere',
      );
    }
    const running = [...tasks.values()].reduce((sum, { running: each = 0 }) => sum + each, 0);
    const used = cpus.flatMap((use) => [...use]).reduce((sum, [tid, each]) => sum + (tid === 0 ? 0 : each), 0);
    assert.equal(running, used, 'tasks run as long as CPUs are at them');
    const names = new Set(named('sys_enter').map(({ fields }) => fields['name']));
    const calls = read.slices.filter(({ name }) => names.has(name));
    assert.equal(calls.length, named('sys_enter').length, 'a slice for each call');
  }

  for (const [file, ...options] of process.env['OSIM_LONG'] ? [...SOME, ...MORE] : SOME) {
    it(`${path.basename(file)} ${options.join(' ')}`.trim(), async () => {
      check(await traced(file, ...options), options.includes('linux') ? 1 : 1000);
    });
  }

  it('has nothing but what its readers know', async () => {
    const { read } = await traced('examples/pipe.osim');
    assert.equal(sizeAgain(read.bytes), read.bytes.length);
  });

  it('tells what a task waits for, inside of the call that does', async () => {
    const { read } = await traced('examples/blocking-read.osim');
    const wait = read.slices.find(({ name }) => name.startsWith('waits: '));
    assert.ok(wait);
    const call = read.slices.find(({ name, track }) => name === 'read' && track === wait.track);
    assert.ok(call && call.from <= wait.from && wait.to <= call.to && wait.depth === call.depth + 1);
    assert.ok(
      read.names.includes('irq_handler_entry') === false && read.names.includes('disk'),
      'interrupts are slices',
    );
    assert.deepEqual(read.counters.get('requests at the disk'), [1, 0]);
  });

  it('shows what names hide', async () => {
    await osimIn(folder.path, 'trace', '--format', 'perfetto', '-o', 'out.pftrace', 'hostile.osim');
    const text = readFileSync(path.join(folder.path, 'out.pftrace'), 'utf8');
    assert.doesNotMatch(text, /\x1b\[|\u202e/); // eslint-disable-line no-control-regex
  });

  if (process.env['OSIM_LONG']) {
    it('c10k, ten thousand connections, whose costs are those of Linux', async () =>
      check(await traced('examples/c10k.osim'), 1));
  }
});
