/**
 * Data breakpoints: stop after a global or a field of a kernel record has been written. Only few instructions can write
 * such a thing, and they name it: each of them gets a breakpoint, and the value is compared behind it.
 */
import { WORDS, OP } from '../isa/isa.js';
import type { Board } from '../machine/board.js';
import type { LinkedGlobal } from '../machine/link.js';
import { RecordValue, WordsValue, type Value } from '../machine/values.js';
import { describe } from '../computer/inspect-format.js';
import { readElements, readGlobal } from '../computer/inspect-memory.js';
import { pidOf, taskByTid, type Task } from '../computer/inspect.js';
import { INTERNAL } from '../machine/internal-opcodes.js';
import { EvaluationError } from '../compiler/evaluate.js';
import type { Debuggee } from './debuggee.js';
import { recordAt } from './kernel-memory.js';
import { RequestError, type HandlerTable } from './protocol.js';
import type { SessionState } from './session-state.js';

/** What is watched, as text that outlives the session: `global:PID:NAME`, `kernel:NAME`, `field:ADDRESS:NAME`. */
interface Watched {
  /** For the list of breakpoints. */
  label: string;
  /** The instructions that can write it. */
  writers(): number[];
  read(): Value | undefined;
}

export function dataBreakpointHandlers(session: SessionState): HandlerTable {
  return {
    dataBreakpointInfo: ({ name, variablesReference, frameId }) => {
      const debuggee = session.stopped();
      const found = variablesReference == null ? null : session.handles.container(variablesReference);
      const part = found?.container.namedParts({}).find((candidate) => candidate.name === name);
      const expression = found ? (part?.expression ?? null) : name;
      const frame = found?.frame ?? (frameId == null ? null : (session.handles.frame(frameId) ?? null));
      const dataId = expression === null ? null : identify(debuggee, expression, frame);
      if (dataId === null)
        return {
          dataId: null,
          description: `${name} cannot be watched: only variables of the program and the kernel, and fields of the kernel's records`,
        };
      return {
        dataId,
        description: watchedBy(debuggee, dataId)?.label ?? name,
        accessTypes: ['write'],
        canPersist: !dataId.startsWith('field:'),
      };
    },

    setDataBreakpoints: ({ breakpoints }) => {
      const { debuggee } = session;
      if (!debuggee && breakpoints.length > 0) throw new RequestError('No program is loaded: launch one first.');
      const set = session.breakpoints.setData(
        breakpoints.map(({ dataId, condition, hitCondition }) => {
          const watched = debuggee ? watchedBy(debuggee, dataId) : null;
          const more = { condition: condition ?? null, hitCondition: hitCondition ?? null };
          if (!debuggee || !watched)
            return { pcs: [], message: 'This is not there to be watched.', changed: () => null, ...more };
          return { ...aroundWriters(debuggee, watched), ...more };
        }),
      );
      return {
        breakpoints: set.map(({ id, verified, message }) => ({ id, verified, ...(message ? { message } : {}) })),
      };
    },
  };
}

type FrameOfExpression = { task: Task | null; frame: { mode: number } } | null;

/** The data id of what an expression names; null if that cannot be watched. */
function identify(debuggee: Debuggee, expression: string, handle: FrameOfExpression): string | null {
  const { machine, evaluator } = debuggee;
  const field = /^(.*)\.([A-Za-z_]\w*)$/s.exec(expression);
  if (field) {
    const [, object, name] = field as unknown as [string, string, string];
    if (object === 'kernel')
      return machine.program.kernelGlobals.some((g) => g.name === name) ? `kernel:${name}` : null;
    try {
      const context = {
        frame: null,
        task: handle?.task ?? null,
        ...(handle && 'frame' in handle ? { frame: handle.frame as never } : {}),
      };
      const value = evaluator.evaluate(object, context);
      return value instanceof RecordValue && value.address !== 0 && value.fieldNamed(name) !== undefined
        ? `field:${value.address}:${name}`
        : null;
    } catch (error) {
      if (error instanceof EvaluationError) return null;
      throw error;
    }
  }
  const isUser = handle !== null && handle.frame.mode === 0;
  if (isUser && machine.program.userGlobals.some(({ name }) => name === expression)) {
    return `global:${pidOf(handle.task)}:${expression}`;
  }
  return machine.program.kernelGlobals.some(({ name }) => name === expression) ? `kernel:${expression}` : null;
}

function watchedBy({ machine }: Debuggee, dataId: string): Watched | null {
  const { program } = machine;
  const [kind, where, name] = dataId.split(':') as [string, string, string | undefined];
  if (kind === 'kernel') {
    const index = program.kernelGlobals.findIndex((g) => g.name === where);
    if (index < 0) return null;
    return {
      label: `kernel variable ${where}`,
      writers: () => instructions(debuggeeCode(program), (op, a) => op === OP.KST && a === index),
      read: () => machine.kernelData.values[index],
    };
  }
  if (kind === 'global') {
    const global = program.userGlobals.find((g) => g.name === name);
    const pid = Number(where);
    if (!global || !Number.isSafeInteger(pid)) return null;
    return {
      label: `${global.name} of process ${pid}`,
      writers: () => instructions(debuggeeCode(program), writesTo(program, global), program.userCode),
      read: () => {
        const task = taskByTid(machine, pid);
        return task ? readWatched(machine, task, global) : undefined;
      },
    };
  }
  const record = kind === 'field' ? recordAt(machine, Number(where)) : null;
  const id = name === undefined ? -1 : program.names.indexOf(name);
  if (!record || name === undefined || id < 0) return null;
  return {
    label: `${name} of ${describe(record)}`,
    writers: () => instructions(debuggeeCode(program), (op, _a, b) => op === OP.SETF && b === id),
    read: () => recordNow(machine, record, Number(where))?.fieldNamed(name),
  };
}

/** Of an array the text of its elements: what can be compared. */
function readWatched(machine: Board, task: Task, global: LinkedGlobal): Value {
  const value = readGlobal(machine, task, global) ?? global.initial;
  if (!(value instanceof WordsValue)) return value;
  const elements = readElements(machine, task, value, MOST_ELEMENTS);
  return elements === null ? null : elements.map((element) => describe(element)).join(', ');
}

/** Elements of an array that a data breakpoint compares. */
const MOST_ELEMENTS = 1000;

/** The record may have been made anew since the machine was put back: its address finds it. */
function recordNow(machine: Debuggee['machine'], record: RecordValue, address: number): RecordValue | null {
  return record.address === address ? record : recordAt(machine, address);
}

/** An assignment, to an array's elements any that is to an element; and whatever works on a word by its address. */
function writesTo(program: Debuggee['machine']['program'], { address, length }: LinkedGlobal): Wanted {
  return (op, a, b) =>
    ((op === OP.GST || op === INTERNAL.TST) && a === address) ||
    (op === OP.SETI && length !== undefined) ||
    (op === OP.LIB && ATOMIC_WRITES.has(program.nativeNames[b]));
}

const ATOMIC_WRITES: ReadonlySet<string> = new Set(['atomic_add', 'atomic_xchg', 'atomic_cas', 'atomic_store']);

type Wanted = (op: number, a: number, b: number) => boolean;

function debuggeeCode(program: Debuggee['machine']['program']): Int32Array {
  return program.plain;
}

function instructions(code: Int32Array, wanted: Wanted, from = 0): number[] {
  const found: number[] = [];
  for (let pc = from; pc < code.length; pc += WORDS) {
    if (wanted(code[pc], code[pc + 1], code[pc + 2])) found.push(pc);
  }
  return found;
}

/**
 * Asked before each writer and behind it (none of them jumps): before, it notes the value; behind, it tells the change,
 * or null. So it does not matter from where the machine came here, or in which direction.
 */
function aroundWriters(
  { machine }: Debuggee,
  watched: Watched,
): { pcs: number[]; changed: (pc: number) => string | null } {
  const writers = new Set(watched.writers());
  const behind = [...writers].map((pc) => pc + WORDS).filter((pc) => pc < machine.program.plain.length);
  let before = watched.read();
  return {
    pcs: [...new Set([...writers, ...behind])],
    changed(pc) {
      const now = watched.read();
      const change = now === before ? null : `${watched.label}: ${describeMaybe(before)} → ${describeMaybe(now)}`;
      before = now;
      // Before a writer nothing has been written yet, unless the instruction is also behind another one.
      return writers.has(pc) && !writers.has(pc - WORDS) ? null : change;
    },
  };
}

function describeMaybe(value: Value | undefined): string {
  return value === undefined ? 'gone' : describe(value);
}
