/**
 * Changing a value from outside. It is an input of the run: logged with its step, applied again whenever that step is
 * executed again. So it is kept as text and evaluated anew each time, in a machine whose objects may be others by then.
 */
import type { Target } from '../compiler/evaluate.js';
import { EvaluationFault } from '../compiler/evaluate.js';
import { KERNEL } from '../machine/cpu.js';
import type { Machine } from '../machine/machine.js';
import type { Stack } from '../machine/stack.js';
import { BufferValue, ListValue, MapValue, RecordValue, WordsValue, type Value } from '../machine/values.js';
import type { Task } from '../computer/inspect.js';
import { localsOf } from '../computer/inspect-frames.js';
import { addressOfGlobal, mayWrite, physicalForWriting, writePhysical, writeSlot } from '../computer/inspect-memory.js';
import type { Debuggee } from './debuggee.js';
import { KernelNames, type Context } from './evaluate.js';
import type { FrameHandle } from './handles.js';
import type { SessionState } from './session-state.js';

/** The frame of a handle in the machine as it is now. */
function locate(debuggee: Debuggee, handle: FrameHandle | null): Context {
  if (!handle) return { frame: null, task: null };
  const thread = debuggee.thread(handle.threadId);
  const frames = thread ? debuggee.framesOf(thread).filter((frame) => !frame.function.synthetic) : [];
  return { frame: frames[frames.length - 1 - handle.height] ?? null, task: thread?.task ?? null };
}

/** Evaluates an expression that may assign. Returns its value; throws EvaluationError, and then nothing has changed. */
export function evaluateWithAssignment(
  session: SessionState,
  handle: FrameHandle | null,
  text: string,
): Value | KernelNames {
  const debuggee = session.stopped();
  const { evaluator, machine } = debuggee;
  let assigns = false;
  // First without doing it: a mistake must not become part of the run.
  const value = evaluator.evaluate(text, locate(debuggee, handle), (target, assigned) => {
    place(machine, locate(debuggee, handle), target, assigned);
    assigns = true;
  });
  if (!assigns) return value;
  session.execution.input(() => {
    const context = locate(debuggee, handle);
    try {
      evaluator.evaluate(text, context, (target, assigned) => place(machine, context, target, assigned)());
    } catch {
      // In a future that has become another, there may be nothing to assign to.
    }
  });
  session.event('invalidated', { areas: ['variables'] });
  return value;
}

/** Checks an assignment; the result does it. */
function place(machine: Machine, context: Context, target: Target, assigned: unknown): () => void {
  const value = assigned as Value | KernelNames;
  if (value instanceof KernelNames) throw new EvaluationFault('`kernel` is no value that can be stored.');
  switch (target.kind) {
    case 'name':
      return placeByName(machine, context, target.name.name, value);
    case 'member':
      return placeInRecord(machine, target.object as Value | KernelNames, target.name, value);
    case 'index':
      return placeInElement(machine, context, target.object as Value, target.key as Value, value);
  }
}

function placeByName(machine: Machine, { frame, task }: Context, name: string, value: Value): () => void {
  const local = frame ? localsOf(frame).find((variable) => variable.name === name) : undefined;
  if (frame && local) return () => writeStackSlot(machine, frame.stack, local.slot, value);
  if (frame && frame.mode !== KERNEL && task) {
    const { userGlobals } = machine.program;
    const global =
      userGlobals.find((g) => g.name === name && g.image === 'program') ?? userGlobals.find((g) => g.name === name);
    if (!global) throw new EvaluationFault(`\`${name}\` is no variable.`);
    if (global.length !== undefined) throw new EvaluationFault(`\`${name}\` is an array: assign to its elements.`);
    return () => void writeSlot(machine, task, addressOfGlobal(task, global), value);
  }
  return placeKernelGlobal(machine, name, value);
}

function placeKernelGlobal(machine: Machine, name: string, value: Value): () => void {
  const index = machine.program.kernelGlobals.findIndex((g) => g.name === name);
  if (index < 0) throw new EvaluationFault(`\`${name}\` is no variable.`);
  return () => {
    machine.history.touch(machine.kernelData);
    machine.kernelData.values[index] = value;
  };
}

function placeInRecord(machine: Machine, object: Value | KernelNames, name: string, value: Value): () => void {
  if (object instanceof KernelNames) return placeKernelGlobal(machine, name, value);
  if (!(object instanceof RecordValue)) throw new EvaluationFault(`There is no field \`${name}\` to assign to.`);
  const slot = object.shape.fields.indexOf(name);
  if (slot < 0)
    throw new EvaluationFault(`There is no field \`${name}\`; there are ${object.shape.fields.join(', ')}.`);
  return () => {
    machine.history.touch(object);
    object.fields[slot] = value;
  };
}

function placeInElement(machine: Machine, { task }: Context, object: Value, key: Value, value: Value): () => void {
  if (object instanceof MapValue) {
    if (key === null || typeof key === 'object')
      throw new EvaluationFault('A key is an integer, a string, true or false.');
    return () => {
      machine.history.touch(object);
      object.entries.set(key, value);
    };
  }
  if (typeof key !== 'number') throw new EvaluationFault('An index is an integer.');
  if (object instanceof ListValue) {
    if (key < 0 || key >= object.length)
      throw new EvaluationFault(`Index ${key} is outside: there are ${object.length} elements.`);
    return () => {
      machine.history.touch(object);
      object.items[object.head + key] = value;
    };
  }
  if (object instanceof WordsValue) return placeInArray(machine, task, object, key, value);
  if (!(object instanceof BufferValue)) throw new EvaluationFault('This has no elements that can be assigned to.');
  if (key < 0 || key >= object.length)
    throw new EvaluationFault(`Index ${key} is outside: there are ${object.length} bytes.`);
  if (typeof value !== 'number') throw new EvaluationFault('A buffer holds bytes: 0 to 255.');
  const address = object.address + key;
  if (!task || !mayWrite(task, address)) throw new EvaluationFault('The program itself may not write here.');
  return () => {
    const pa = physicalForWriting(machine, task, address);
    if (pa >= 0) writePhysical(machine, pa, Uint8Array.of(value & 255));
  };
}

function placeInArray(machine: Machine, task: Task | null, array: WordsValue, i: number, value: Value): () => void {
  if (i < 0 || i >= array.length)
    throw new EvaluationFault(`Index ${i} is outside: there are ${array.length} elements.`);
  if (typeof value !== 'number') throw new EvaluationFault('A shared variable holds an integer.');
  if (!task) throw new EvaluationFault('No process is chosen whose memory this is.');
  return () => void writeSlot(machine, task, array.address + 8 * i, value);
}

/** Sets a slot of a stack, so that the history can put back what was there. */
function writeStackSlot(machine: Machine, stack: Stack, slot: number, value: Value): void {
  machine.syncStacks();
  stack.enter(machine.history, stack.fp);
  if (slot < stack.saved) stack.extend(slot);
  stack.slots[slot] = value;
}
