/**
 * The requests that let the machine run: each checks that it can be done and chooses the goal; execution.ts does it.
 */
import { KERNEL, type Cpu } from '../machine/cpu.js';
import { framesOfCpu, type Frame } from '../machine/frames.js';
import { processOf, stateOf, taskByTid } from '../computer/inspect.js';
import type { KernelFunction } from '../computer/kernel-layout.js';
import { callKernel, constant, kernelRecord } from '../computer/kernel-records.js';
import type { Debuggee, Thread } from './debuggee.js';
import {
  StepInstruction,
  StepInto,
  StepOut,
  StepOver,
  StepOverInstruction,
  SYSCALL_ENTRY,
  type Goal,
  type Stepper,
} from './goals.js';
import { RequestError, type HandlerTable } from './protocol.js';
import type { SessionState } from './session-state.js';
import { StepIntoTarget, stepInTargets } from './step-targets.js';
import { switchesStacks } from './switch-code.js';

/** The function at the bottom of a CPU's kernel stack: by which way the kernel was entered. */
function entryOf(debuggee: Debuggee): (cpu: Cpu) => string {
  return (cpu) => {
    const kernel = framesOfCpu(debuggee.machine, cpu).filter((frame) => frame.mode === KERNEL);
    return kernel[kernel.length - 1]?.function.name ?? '';
  };
}

export function executionHandlers(session: SessionState): HandlerTable {
  const { execution } = session;
  const threadFor = (id: number): Thread => {
    const thread = session.stopped().thread(id);
    if (!thread) throw new RequestError(`There is no thread ${id} (any more).`);
    return thread;
  };
  /** The CPU that a step follows: the thread's own, or, for one that does not run, whichever runs next. */
  const cpuFor = (thread: Thread) => thread.cpu ?? session.stopped().machine.cpu;
  const stepping = (
    id: number,
    granularity: string | undefined,
    goal: (debuggee: Debuggee, thread: Thread) => Goal,
  ): void => {
    const debuggee = session.stopped();
    execution.step(goal(debuggee, threadFor(id)), granularity === 'instruction');
  };

  return {
    continue: () => {
      session.stopped();
      execution.proceed();
      return { allThreadsContinued: true };
    },
    pause: () => {
      session.loaded();
      if (!execution.running) throw new RequestError('The machine stands still already.');
      execution.pause();
    },
    next: ({ threadId, granularity }) =>
      stepping(threadId, granularity, (debuggee, thread) => {
        const frames = debuggee.framesOf(thread);
        const stepper = stepperOf(debuggee, thread, frames);
        if (granularity === 'instruction') return new StepOverInstruction(debuggee.view, stepper, frames);
        return thread.cpu && frames[0] && switchesStacks(debuggee.code, frames[0])
          ? new StepInto(debuggee.view, thread.cpu, thread.cpu.task, entryOf(debuggee))
          : new StepOver(debuggee.view, stepper, frames);
      }),
    stepIn: ({ threadId, granularity, targetId }) =>
      stepping(threadId, granularity, (debuggee, thread) => {
        if (targetId != null) {
          const frames = debuggee.framesOf(thread);
          return new StepIntoTarget(debuggee, stepperOf(debuggee, thread, frames), frames, targetId);
        }
        const cpu = cpuFor(thread);
        return granularity === 'instruction'
          ? new StepInstruction(cpu)
          : new StepInto(debuggee.view, cpu, cpu.task, entryOf(debuggee));
      }),
    stepOut: ({ threadId }) =>
      stepping(threadId, undefined, (debuggee, thread) => {
        const frames = debuggee.framesOf(thread);
        const outer = framesToReturnTo(debuggee, frames);
        if (outer.length === 0)
          throw new RequestError('This is the outermost function: there is no caller to return to.');
        return new StepOut(debuggee.view, stepperOf(debuggee, thread, frames), frames, outer);
      }),
    stepInTargets: ({ frameId }) => {
      const debuggee = session.stopped();
      const handle = session.handles.frame(frameId);
      if (!handle) throw new RequestError('This stack frame does not exist any more.');
      return { targets: stepInTargets(session, debuggee, handle.frame) };
    },
    restartFrame: ({ frameId }) => {
      session.stopped();
      const handle = session.handles.frame(frameId);
      if (!handle) throw new RequestError('This stack frame does not exist any more.');
      execution.travel.restartFrame(handle);
    },
    stepBack: ({ threadId, granularity }) =>
      execution.travel.stepBack(threadFor(threadId), granularity === 'instruction'),
    reverseContinue: ({ threadId }) => {
      threadFor(threadId);
      execution.travel.reverseContinue();
    },
    terminateThreads: ({ threadIds }) => {
      const debuggee = session.stopped();
      const pids = (threadIds ?? []).filter((id) => taskByTid(debuggee.machine, id) !== null);
      if (pids.length === 0) throw new RequestError('Only processes can be killed, and only while they exist.');
      for (const pid of pids) {
        execution.input((machine) => {
          const task = taskByTid(machine, pid);
          const [kill, byKernel] = [constant(machine, 'SIGKILL'), constant(machine, 'SI_KERNEL')];
          const info = callKernel(machine, 'kernel_signal', [kill, byKernel]);
          const process = processOf(task);
          if (process) callKernel(machine, 'signal_process', [process, kill, info]);
        });
      }
      session.event('invalidated', { areas: ['threads', 'variables'] });
    },
    'osim/seek': ({ step, time }) => {
      const { furthest } = session.recorded().timeline;
      if ((step == null) === (time == null)) throw new RequestError('Give a step to go to, or a time.');
      if (time != null) return execution.travel.toKnownTime(session.recorded(), time);
      if (step == null) return;
      if (step < 0) throw new RequestError('Steps count from 0.');
      if (step > furthest)
        throw new RequestError(
          `The run has come to step ${furthest} so far: there is nothing to go to at ${step}. Continue runs on.`,
        );
      execution.travel.forget();
      execution.resume();
      session.connection.afterResponse(() => execution.goTo(Math.floor(step), { reason: 'goto' }));
    },
  };
}

function stepperOf(debuggee: Debuggee, thread: Thread, frames: readonly Frame[]): Stepper {
  const task = kernelRecord<'Task'>(debuggee.ownerOf(thread, frames));
  return { task, ended: task !== null && stateOf(debuggee.machine, task) === 'zombie' };
}

/** What all system calls go through. */
const COMMON_ENTRY: ReadonlySet<string> = new Set<KernelFunction>([SYSCALL_ENTRY, 'dispatch']);

/**
 * The frames that a step out may come back to, the nearest first: callers that are shown. From a system call's own
 * function that is the user's program; the common entry of all calls is passed over.
 */
function framesToReturnTo({ view }: Debuggee, frames: readonly Frame[]): Frame[] {
  const fromCall = frames[0]?.mode === KERNEL && frames[0].function.name.startsWith('sys_');
  const isCommon = ({ mode, function: f }: Frame): boolean => mode === KERNEL && COMMON_ENTRY.has(f.name);
  return frames.slice(1).filter((frame) => view.shows(frame.pc) && !(fromCall && isCommon(frame)));
}
