/** Traces for Linux's own tools and for chrome://tracing. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Folder } from '../command.js';
import { osimIn } from '../in-process.js';
import { root } from '../../std/program-run.js';

interface Event {
  event: string;
  time: number;
  cpu: number;
  fields: Record<string, unknown>;
}

const SOME = [
  ['examples/producer-consumer.osim', '--cpus', '2'],
  ['examples/pipe.osim', '--costs', 'linux'],
];
const MORE = [['examples/job-control.osim'], ['examples/server-uring.osim']];

describe('osim trace for other tools', function () {
  this.timeout(60_000);
  const folder = new Folder({
    'hostile.osim': 'process main { write(open("/a b\\n\\e[31m", O_RDONLY), "x", 1); }\n',
  });
  after(() => folder.remove());

  async function trace(format: string, ...words: string[]): Promise<string> {
    const { status, stdout, stderr } = await osimIn(folder.path, 'trace', '--format', format, ...words);
    assert.equal(status, 0, stderr);
    return stdout;
  }
  const eventsOf = async (...words: string[]): Promise<Event[]> =>
    (await trace('jsonl', ...words))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Event);
  /** A wake-up is two events of Linux's. */
  const linuxNames = (events: readonly Event[]): string[] =>
    events.flatMap(({ event }) => (event === 'sched_wakeup' ? ['sched_waking', event] : [event]));

  for (const [file, ...options] of process.env['OSIM_LONG'] ? [...SOME, ...MORE] : SOME) {
    const words = [path.resolve(root, file), ...options];
    const title = [path.basename(file), ...options].join(' ');

    it(`ftrace: ${title}`, async () => {
      const [head, ...lines] = (await trace('ftrace', ...words)).trim().split('\n');
      assert.equal(head, '# tracer: nop');
      const shape = /^ *(\S+)-(\d+) +\[(\d{3})\] d\.[.h]\.\. +(\d+)\.(\d{6}|\d{9}): (\w+): (.+)$/;
      const found = lines.filter((line) => !line.startsWith('#')).map((line) => shape.exec(line) ?? assert.fail(line));
      const events = await eventsOf(...words);
      assert.deepEqual(
        found.map(([, , , , , , name]) => name),
        linuxNames(events),
      );
      const ticks = found.map(([, , , , whole, part]) => Number(whole) * 10 ** part.length + Number(part));
      const times = events.flatMap(({ event, time }) => (event === 'sched_wakeup' ? [time, time] : [time]));
      assert.deepEqual(ticks, times);
      const change =
        /^prev_comm=\S+ prev_pid=\d+ prev_prio=\d+ prev_state=[RSDTZX] ==> next_comm=\S+ next_pid=\d+ next_prio=\d+$/;
      for (const [, , , , , , name, body] of found) if (name === 'sched_switch') assert.match(body, change);
    });

    it(`chrome: ${title}`, async () => {
      const { traceEvents } = JSON.parse(await trace('chrome', ...words)) as { traceEvents: ChromeEvent[] };
      const events = await eventsOf(...words);
      const open = new Map<string, ChromeEvent[]>();
      const arrows = new Map<number, string[]>();
      for (const event of traceEvents) {
        const track = `${event.pid}/${event.tid}`;
        const stack = open.get(track) ?? [];
        open.set(track, stack);
        if (event.ph === 'B') stack.push(event);
        if (event.ph === 'E')
          assert.ok((stack.pop()?.ts ?? NaN) <= event.ts, `a slice of ${track} ends at ${event.ts}`);
        if (event.ph === 's' || event.ph === 'f') {
          assert.ok(event.id !== undefined);
          arrows.set(event.id, [...(arrows.get(event.id) ?? []), event.ph]);
        }
      }
      for (const [track, stack] of open) assert.deepEqual(stack, [], track);
      assert.equal(arrows.size, events.filter(({ event }) => event === 'sched_wakeup').length);
      for (const [id, ends] of arrows) assert.deepEqual(ends, ['s', 'f'], `arrow ${id}`);
      const calls = traceEvents.filter(({ ph, cat }) => ph === 'B' && cat === 'syscall');
      assert.equal(calls.length, events.filter(({ event }) => event === 'sys_enter').length);
    });

    it(`trace-dat, as trace-cmd reads it: ${title}`, async function () {
      if (spawnSync('trace-cmd', ['--version']).error) return this.skip();
      await trace('trace-dat', '-o', 'trace.dat', ...words);
      const report = (...more: string[]): string[] => {
        const { status, stdout, stderr } = spawnSync('trace-cmd', ['report', '-t', ...more, 'trace.dat'], {
          cwd: folder.path,
          encoding: 'utf8',
          maxBuffer: 1 << 28,
        });
        assert.equal(status, 0, stderr);
        return stdout.split('\n').filter((line) => line !== '');
      };
      const shape = /^ *(\S+)-(\d+) +\[(\d{3})\] .*? (\d+)\.(\d{9}): (\w+): +(.*)$/;
      const found = report()
        .filter((line) => !/^(cpus=|CPU \d+ is empty)/.test(line))
        .map((line) => shape.exec(line) ?? assert.fail(line));
      const events = await eventsOf(...words);
      const perTick = options.includes('linux') ? 1 : 1000;
      const cpus = new Set(events.map(({ cpu }) => cpu));
      for (const cpu of cpus) {
        const ours = events.filter((event) => event.cpu === cpu);
        const theirs = found.filter(([, , , number]) => Number(number) === cpu);
        assert.deepEqual(
          theirs.map(([, , , , , , name]) => name),
          linuxNames(ours),
        );
        const times = ours.flatMap(({ event, time }) => (event === 'sched_wakeup' ? [time, time] : [time]));
        assert.deepEqual(
          theirs.map(([, , , , whole, part]) => Number(whole) * 1e9 + Number(part)),
          times.map((time) => time * perTick),
        );
      }
      const enter = events.find(({ event }) => event === 'sys_enter')?.fields;
      assert.ok(
        found.some(([, , , , , , name, body]) => name === 'sys_enter' && body.includes(`name=${enter?.['name']}`)),
      );
      assert.doesNotMatch(found.map(([line]) => line).join('\n'), /\[FAILED TO PARSE\]|UNKNOWN EVENT/);
    });
  }

  interface ChromeEvent {
    ph: string;
    pid: number;
    tid: number;
    ts: number;
    cat?: string;
    name: string;
    id?: number;
  }

  it('what a program names does no harm', async () => {
    const hidden = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]/; // eslint-disable-line no-control-regex
    for (const format of ['ftrace', 'chrome']) assert.doesNotMatch(await trace(format, 'hostile.osim'), hidden, format);
    JSON.parse(await trace('chrome', 'hostile.osim'));
  });

  it('leaves no part of a trace behind when the run can not be made', async () => {
    const { status } = await osimIn(folder.path, 'trace', '--format', 'trace-dat', '-o', 'none.dat', 'nowhere.osim');
    assert.equal(status, 2);
    assert.throws(() => readFileSync(path.join(folder.path, 'none.dat')), /ENOENT/);
  });
});
