/** Threads and their frames. A thread is a task; what it does at the moment stands in its name. */
import type { DebugProtocol as P } from '@vscode/debugprotocol';
import { KERNEL, USER } from '../machine/cpu.js';
import type { Frame } from '../machine/frames.js';
import type { Board } from '../machine/board.js';
import { isIdle, pidOf, processOf, stateOf, taskOn, tasksOf, tidOf, type Task } from '../computer/inspect.js';
import { coroutineOf, nameOfCoroutine } from '../computer/inspect-coroutines.js';
import { integer, record, text } from '../computer/kernel-records.js';
import { waitName } from '../computer/lock-waits.js';
import { nameOfConstant, SIGNAL_NAME } from '../computer/inspect-format.js';
import { localsOf } from '../computer/inspect-frames.js';
import { Code } from './code-map.js';
import { SUMMARY_THREAD, type Debuggee } from './debuggee.js';
import type { FrameHandle } from './handles.js';
import { RequestError, type HandlerTable } from './protocol.js';
import type { SessionState } from './session-state.js';
import { listedOf } from './thread-events.js';

const MOST_FRAMES_AT_ONCE = 1000;

export function stackHandlers(session: SessionState): HandlerTable {
  return {
    threads: () => (session.debuggee ? { threads: threadsOf(session, session.debuggee) } : { threads: [] }),

    stackTrace: ({ threadId, startFrame, levels }) => {
      const debuggee = session.stopped();
      if (threadId === SUMMARY_THREAD) return { stackFrames: [], totalFrames: 0 };
      const thread = debuggee.thread(threadId);
      if (!thread) throw new RequestError(`There is no thread ${threadId} (any more).`);
      const frames = debuggee.framesOf(thread).filter((frame) => !frame.function.synthetic);
      const count = Math.min(levels || MOST_FRAMES_AT_ONCE, MOST_FRAMES_AT_ONCE);
      const from = startFrame ?? 0;
      const isStopped = threadId === stoppedThread(session, debuggee);
      if (isStopped && debuggee.machine.outcome?.kind === 'finished' && frames[0]) {
        const handle = { frame: frames[0], height: frames.length - 1, threadId, task: thread.task };
        return { stackFrames: from === 0 ? [endOfRun(session.handles.addFrame(handle))] : [], totalFrames: 1 };
      }
      const stackFrames = frames.slice(from, from + count).map((frame, i) =>
        clientFrame(session, debuggee, frame, {
          id: session.handles.addFrame({ frame, height: frames.length - from - i - 1, threadId, task: thread.task }),
          isStopped,
        }),
      );
      return { stackFrames, totalFrames: frames.length };
    },

    exceptionInfo: ({ threadId }) => {
      session.stopped();
      const exception = session.execution.stop?.exception;
      if (!exception) throw new RequestError(`Thread ${threadId} has not stopped at an exception.`);
      return {
        exceptionId: exception.name,
        description: exception.sentence,
        breakMode: 'always',
        details: {
          message: [exception.sentence, ...exception.details].join('\n'),
          typeName: exception.name,
          // What VS Code's widget shows below the sentence: of a deadlock, who waits for whom.
          ...(exception.details.length > 0 && { stackTrace: exception.details.join('\n') }),
        },
      };
    },
  };
}

/**
 * Where a run that has finished stands: in no program. The kernel's last frame would lead an editor to a file that
 * nobody asked for; what can be seen in it is to be had all the same.
 */
function endOfRun(id: number): P.StackFrame {
  return { id, name: 'The run has ended', line: 0, column: 0, presentationHint: 'label' };
}

/** The thread that the client is shown at this stop. */
function stoppedThread(session: SessionState, debuggee: Debuggee): number {
  const { stop } = session.execution;
  if (stop?.task) return debuggee.threadOfTask(stop.task);
  return debuggee.threadOfCpu(stop?.cpu ?? debuggee.machine.cpu);
}

/** The frame that is meant when none is named: the innermost one that is shown of the thread stopped in. */
export function defaultFrame(session: SessionState, debuggee: Debuggee): FrameHandle | null {
  const threadId = stoppedThread(session, debuggee);
  const thread = debuggee.thread(threadId);
  const frames = thread ? debuggee.framesOf(thread).filter((frame) => !frame.function.synthetic) : [];
  const at = Math.max(
    0,
    frames.findIndex((frame) => debuggee.view.shows(frame.pc)),
  );
  const frame = frames[at];
  return frame ? { frame, height: frames.length - 1 - at, threadId, task: thread?.task ?? null } : null;
}

function threadsOf(session: SessionState, debuggee: Debuggee): P.Thread[] {
  const { machine } = debuggee;
  const tasks = tasksOf(machine);
  const shown = listedOf(tasks, machine, stoppedThread(session, debuggee));
  const threads: P.Thread[] = shown.map((task) => ({ id: tidOf(task), name: threadName(debuggee, task) }));
  const listed = new Set(threads.map(({ id }) => id));
  for (const cpu of machine.cpus) {
    const id = debuggee.threadOfCpu(cpu);
    // An idle CPU is no thread of anybody's; it is listed where there is nothing else to look at, or one has stopped in
    // it.
    if (listed.has(id) || (threads.length > 0 && id !== stoppedThread(session, debuggee))) continue;
    const task = taskOn(cpu);
    const name = task && !isIdle(task) ? threadName(debuggee, task) : cpuName(task === null, cpu.id);
    threads.push({ id, name });
  }
  if (shown.length < tasks.length) threads.push({ id: SUMMARY_THREAD, name: summaryOf(debuggee, tasks, shown) });
  return threads;
}

function cpuName(booting: boolean, cpu: number): string {
  return booting ? `CPU ${cpu} · BOOT` : `idle · cpu${cpu}`;
}

function summaryOf({ machine }: Debuggee, tasks: readonly Task[], shown: readonly Task[]): string {
  const listed = new Set(shown);
  const counts = new Map<string, number>();
  for (const task of tasks) {
    if (listed.has(task)) continue;
    const state = stateOf(machine, task);
    counts.set(state, (counts.get(state) ?? 0) + 1);
  }
  const parts = [...counts].map(([state, count]) => `${count} ${state}`);
  return `… and ${tasks.length - shown.length} more: ${parts.join(', ')}`;
}

/** `P3 server · RUNNING cpu0`; of a further thread, by what it runs: `P3.5 server:worker · BLOCKED pipe read`. */
export function threadName({ machine }: Debuggee, task: Task): string {
  const pid = pidOf(task);
  const tid = tidOf(task);
  const id = tid === pid ? `P${pid}` : `P${pid}.${tid}`;
  const state = stateOf(machine, task);
  const channel = state === 'blocked' ? waitName(machine, task) : null;
  const caller = channel === null ? null : coroutineOf(machine, task);
  const where = caller ? `, in coroutine ${nameOfCoroutine(machine, caller)}` : '';
  const more = state === 'running' ? ` cpu${integer(task, 'cpu')}` : channel ? ` ${channel}${where}` : '';
  const process = tid === pid ? '' : `${text(record(processOf(task), 'leader'), 'name')}:`;
  return `${id} ${process}${text(task, 'name')} · ${state.toUpperCase()}${more}`;
}

interface FrameContext {
  id: number;
  isStopped: boolean;
}

function clientFrame(
  session: SessionState,
  debuggee: Debuggee,
  frame: Frame,
  { id, isStopped }: FrameContext,
): P.StackFrame {
  const { code, machine, launch } = debuggee;
  const position = code.positionAt(frame.pc);
  const isKernel = frame.mode === KERNEL;
  const isLibrary = code.ownerOf(frame.pc) === Code.LIBRARY;
  const stop = session.execution.stop;
  // The program is to be looked at, not the kernel that reports on it.
  const behind = isKernel && stop?.exception?.inProgram === true;
  const subtle = (isLibrary && launch.libc !== true) || (isKernel && (!isStopped || behind));
  const kind = frame.handler
    ? ` (signal handler${handledSignal(machine, frame)})`
    : frame.mode === USER && frame.stack.coroutine
      ? ` (coroutine #${frame.stack.coroutine.number})`
      : '';
  const source = position ? session.sourceOf(position.uri) : undefined;
  if (source && subtle) source.presentationHint = 'deemphasize';
  return {
    id,
    name: `${frame.function.name}${kind}`,
    ...(position ? session.startToClient(position) : { line: 0, column: 0 }),
    ...(source ? { source } : {}),
    instructionPointerReference: reference(machine.program.addressOf(frame.pc)),
    ...(subtle ? { presentationHint: 'subtle' as const } : {}),
    canRestart: position !== undefined,
  };
}

/** `: SIGIO`, of the frame that the kernel has built for a handler: libc's, with the signal among its arguments. */
function handledSignal(machine: Board, frame: Frame): string {
  const slot = localsOf(frame).find(({ name, parameter }) => parameter && name === 'sig')?.slot;
  const sig = slot === undefined ? null : frame.stack.slots[slot];
  return typeof sig === 'number' ? `: ${nameOfConstant(machine, SIGNAL_NAME, sig)}` : '';
}

export function reference(address: number): string {
  return `0x${address.toString(16).padStart(8, '0')}`;
}
