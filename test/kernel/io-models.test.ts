/**
 * The two phases of I/O, model by model, as the trace of each lesson shows them: who waits until there is data (phase
 * 1), and who copies it (phase 2). What is asserted of one model is also held against the others, and has to fail
 * there.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { osimIn } from '../cli/in-process.js';
import { root, scratch } from '../std/program-run.js';

interface TraceEvent {
  time: number;
  pid: number;
  event: string;
  fields: Record<string, number | string>;
}

interface Call {
  name: string;
  /** What it returned; null: it has not come to that. */
  result: number | null;
  /** Whether its caller slept in it. */
  slept: boolean;
  /** Bytes that its caller, in it, has copied to user memory, each copy for itself. */
  copies: number[];
}

/** A question that has come in, at the moment when the card's interrupt passes it to its socket. */
interface Question {
  /** The call in which the server sleeps; null: it does not sleep. */
  asleepIn: string | null;
  /** Whether the server's sleep ends with it. */
  wakes: boolean;
  /** Calls of the server that were answered with EAGAIN, in the last part of the time before. */
  inVain: number;
  /** Signals that it raises. */
  signals: number;
}

interface Trace {
  questions: Question[];
  /** The server's calls from its first accept(), or other wait for a client, up to its exit. */
  calls: Call[];
  /** Copies of a whole question to user memory: by which task's call; "" when outside of any. */
  copiedIn: { byServer: boolean; call: string }[];
}

const SERVER = 2;
const SIZE = 48;
const EAGAIN = -11;
const SIGIO = 29;
const SETTING_UP = new Set(['socket', 'bind', 'listen', 'brk', 'rt_sigaction', 'fcntl', 'epoll_create1', 'epoll_ctl']);
/** Ticks: the peers pause for 1500. */
const JUST_BEFORE = 500;

async function traceOf(lesson: string): Promise<Trace> {
  const out = scratch(`${lesson}.jsonl`);
  const file = path.join(root, 'examples', `${lesson}.osim`);
  const { status, stderr } = await osimIn(root, 'trace', '--format', 'jsonl', file, '-o', out);
  assert.equal(status, 0, stderr);
  const lines = readFileSync(out, 'utf8').trimEnd().split('\n');
  return phases(lines.map((line) => JSON.parse(line) as TraceEvent));
}

function phases(events: TraceEvent[]): Trace {
  const trace: Trace = { questions: [], calls: [], copiedIn: [] };
  const vain: number[] = [];
  let call: Call | null = null;
  let asleep = false;
  let arriving: Question | null = null;
  for (const { time, pid, event, fields } of events) {
    switch (event) {
      case 'sys_enter':
        if (pid !== SERVER) break;
        call = { name: String(fields['name']), result: null, slept: false, copies: [] };
        trace.calls.push(call);
        break;
      case 'sys_exit':
        if (pid !== SERVER || call === null) break;
        call.result = Number(fields['ret']);
        if (call.result === EAGAIN) vain.push(time);
        call = null;
        break;
      case 'sched_switch':
        if (fields['prev_pid'] === SERVER && fields['prev_state'] !== 0) {
          asleep = true;
          if (call !== null) call.slept = true;
        }
        if (fields['next_pid'] === SERVER) asleep = false;
        break;
      case 'netif_receive_skb':
        arriving = null;
        if (!String(fields['tcp']).endsWith(` len ${SIZE}`)) break;
        arriving = {
          asleepIn: asleep ? (call?.name ?? 'user mode') : null,
          wakes: false,
          inVain: vain.filter((when) => when >= time - JUST_BEFORE).length,
          signals: 0,
        };
        trace.questions.push(arriving);
        break;
      case 'sched_wakeup':
        if (arriving !== null && fields['pid'] === SERVER) arriving.wakes = true;
        break;
      case 'signal_generate':
        if (arriving !== null && fields['sig'] === SIGIO) arriving.signals++;
        break;
      case 'irq_handler_exit':
        arriving = null;
        break;
      case 'copy_to_user':
        if (pid === SERVER && call !== null) call.copies.push(Number(fields['bytes']));
        if (fields['bytes'] !== SIZE) break;
        trace.copiedIn.push({ byServer: pid === SERVER, call: pid === SERVER ? (call?.name ?? '') : '' });
        break;
    }
  }
  trace.calls = trace.calls.slice(
    trace.calls.findIndex(({ name }) => !SETTING_UP.has(name)),
    -1,
  );
  return trace;
}

/** Phase 2 of the models 1 to 4: each question is copied by the server, inside the read() that returns it. */
function copiedByTheCaller({ calls, copiedIn, questions }: Trace): void {
  const reads = calls.filter(({ name, result }) => name === 'read' && result === SIZE);
  assert.equal(reads.length, questions.length);
  for (const { copies } of reads) assert.deepEqual(copies, [SIZE]);
  assert.equal(copiedIn.length, questions.length, 'and nowhere else');
}

/** Phase 2 of model 5. */
function copiedByTheKernel({ copiedIn, questions }: Trace): void {
  assert.equal(copiedIn.length, questions.length);
  assert.ok(!copiedIn.some(({ byServer }) => byServer), 'none by the server');
}

function neverSleepsIn({ calls }: Trace, ...names: string[]): void {
  const sleeping = calls.filter(({ name, slept }) => slept && names.includes(name));
  assert.equal(sleeping.length, 0, sleeping[0]?.name);
}

function multiplexed(by: string): (trace: Trace) => void {
  return (trace) => {
    const { calls, questions } = trace;
    neverSleepsIn(trace, 'read', 'accept', 'accept4', 'write');
    assert.ok(!calls.some(({ result }) => result === EAGAIN), 'what it reports can be read');
    for (const { asleepIn, wakes } of questions) assert.equal(wakes ? asleepIn : null, by);
    copiedByTheCaller(trace);
  };
}

interface Model {
  lesson: string;
  phase1: string;
  phase2: string;
  check: (trace: Trace) => void;
}

const CALLER = 'the caller, inside read()';
const KERNEL = 'the kernel, by a thread of its own';

const MODELS: Model[] = [
  {
    lesson: 'io-1-blocking',
    phase1: CALLER,
    phase2: CALLER,
    check: (trace) => {
      const { questions, calls } = trace;
      for (const { asleepIn } of questions) assert.ok(asleepIn === 'read' || asleepIn === 'accept', String(asleepIn));
      assert.ok(
        questions.some(({ wakes }) => wakes) && questions.some(({ wakes }) => !wakes),
        'also for the wrong peer',
      );
      assert.ok(
        calls.some(({ name, slept, copies }) => name === 'read' && slept && copies[0] === SIZE),
        'both in one call',
      );
      assert.ok(!calls.some(({ result }) => result === EAGAIN), 'no call is in vain');
      copiedByTheCaller(trace);
    },
  },
  {
    lesson: 'io-2-nonblocking',
    phase1: 'the caller, by asking again and again',
    phase2: CALLER,
    check: (trace) => {
      assert.ok(!trace.calls.some(({ slept }) => slept), 'it never sleeps');
      for (const { asleepIn, inVain } of trace.questions) {
        assert.equal(asleepIn, null);
        assert.ok(inVain >= 3, `${inVain} calls in vain`);
      }
      copiedByTheCaller(trace);
    },
  },
  ...['select', 'poll', 'epoll'].map((name): Model => {
    const by = name === 'epoll' ? 'epoll_wait' : name;
    return {
      lesson: `io-3-${name}`,
      phase1: `the caller, inside ${by}() and on behalf of all`,
      phase2: CALLER,
      check: multiplexed(by),
    };
  }),
  {
    lesson: 'io-4-signal',
    phase1: 'nobody: the process computes until SIGIO',
    phase2: CALLER,
    check: (trace) => {
      assert.ok(!trace.calls.some(({ slept }) => slept), 'it never sleeps');
      for (const { inVain, signals } of trace.questions) {
        assert.equal(inVain, 0, 'nor does it ask');
        assert.equal(signals, 1);
      }
      copiedByTheCaller(trace);
    },
  },
  {
    lesson: 'io-5-aio',
    phase1: 'nobody: the process computes, a kernel thread has the read',
    phase2: KERNEL,
    check: (trace) => {
      neverSleepsIn(trace, 'aio_submit', 'write', 'close');
      for (const { asleepIn, wakes } of trace.questions) assert.ok(asleepIn === null && !wakes, 'it does not wait');
      assert.equal(trace.calls.filter(({ name }) => name === 'aio_submit').length, 9, 'each question, and each end');
      copiedByTheKernel(trace);
    },
  },
  {
    lesson: 'io-5-uring',
    phase1: 'nobody: the request waits on the wait queue; the process only for something to be complete',
    phase2: KERNEL,
    check: (trace) => {
      const names = trace.calls
        .map(({ name }) => name)
        .filter((name) => !['mmap', 'brk', 'io_uring_setup'].includes(name));
      assert.deepEqual([...new Set(names)].sort(), ['io_uring_enter', 'write'], 'the report, and nothing else');
      for (const { asleepIn, wakes } of trace.questions) {
        assert.ok(asleepIn === null || asleepIn === 'io_uring_enter', String(asleepIn));
        assert.ok(!wakes, 'a question that came is not yet a question received');
      }
      copiedByTheKernel(trace);
    },
  },
];

describe('the two phases of I/O', () => {
  const traces = new Map<string, Promise<Trace>>();
  const trace = (lesson: string): Promise<Trace> => {
    const known = traces.get(lesson) ?? traceOf(lesson);
    traces.set(lesson, known);
    return known;
  };

  for (const { lesson, phase1, phase2, check } of MODELS) {
    it(`${lesson}: 1 ${phase1}; 2 ${phase2}`, async () => {
      const found = await trace(lesson);
      assert.equal(found.questions.length, 6);
      check(found);
    });

    it(`${lesson} is no other model`, async () => {
      const found = await trace(lesson);
      for (const other of MODELS) {
        if (other.lesson !== lesson) assert.throws(() => other.check(found), assert.AssertionError, other.lesson);
      }
    });
  }
});
