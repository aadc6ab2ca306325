/**
 * Expressions in the debugger: watch, hover, conditions, log points, the console. They look at the stopped machine and
 * bring nothing in; only where it is asked for may they assign, and that is an input of the run (edit.ts).
 */
import type { Expression, Item, NameRef } from '../language/generated/ast.js';
import {
  EvaluationFault,
  evaluate,
  isTrue,
  parseExpression,
  EvaluationError,
  type Environment,
  type Target,
  type Value as EvaluatedValue,
} from '../compiler/evaluate.js';
import { pureCall } from '../compiler/pure-calls.js';
import { ContextValue } from '../machine/context.js';
import { KERNEL } from '../machine/cpu.js';
import type { Frame } from '../machine/frames.js';
import { LongString } from '../machine/long-string.js';
import type { Board } from '../machine/board.js';
import { hardwareField } from '../machine/hardware-fields.js';
import { aKindOf, equal } from '../machine/operators.js';
import { BufferValue, ListValue, MapValue, RecordValue, WordsValue, type Value } from '../machine/values.js';
import type { Computer } from '../computer/computer.js';
import { ERROR_NAME, describe, nameOfConstant } from '../computer/inspect-format.js';
import { localsOf } from '../computer/inspect-frames.js';
import { readBytes, readGlobal, readSlot } from '../computer/inspect-memory.js';
import { pidOf, type Task } from '../computer/inspect.js';

/** Where an expression is evaluated. */
export interface Context {
  /** Null: outside of any frame; the kernel's globals are seen. */
  frame: Frame | null;
  task: Task | null;
  /** Names that count before all others: a tracepoint's fields. */
  extra?: RecordValue;
}

/** What `kernel` stands for: the kernel's globals as fields, from anywhere. */
export class KernelNames {
  constructor(readonly machine: Board) {}
}

const MOST_BYTES = 1 << 20;

export class Evaluator {
  private readonly constants = new Map<string, Value | undefined>();
  private readonly parsed = new Map<string, Expression | EvaluationError>();

  constructor(readonly computer: Computer) {}

  /** What is wrong with an expression's form; null if nothing is. */
  check(text: string): string | null {
    const expression = this.parse(text);
    return expression instanceof EvaluationError ? expression.message : null;
  }

  /**
   * The value of an expression. Throws EvaluationError with a message for the user.
   * @param assign what an assignment does; without it the expression may only look
   */
  evaluate(text: string, context: Context, assign?: (target: Target, value: Value) => void): Value | KernelNames {
    const expression = this.parse(text);
    if (expression instanceof EvaluationError) throw expression;
    return evaluate(expression, new StoppedMachine(this, context, assign)) as Value | KernelNames;
  }

  holds(text: string, context: Context): boolean {
    return isTrue(this.evaluate(text, context));
  }

  private parse(text: string): Expression | EvaluationError {
    let parsed = this.parsed.get(text);
    if (parsed === undefined) {
      parsed = parseExpression(text);
      if (this.parsed.size > 200) this.parsed.clear();
      this.parsed.set(text, parsed);
    }
    return parsed;
  }

  /** A constant of the program, the library or the kernel. */
  constant(name: string): Value | undefined {
    if (!this.constants.has(name)) {
      this.constants.set(name, undefined);
      this.constants.set(name, this.findConstant(name));
    }
    return this.constants.get(name);
  }

  private findConstant(name: string): Value | undefined {
    const { params } = this.computer.compiled.image;
    if (Object.hasOwn(params, name)) return params[name];
    for (const { ast } of this.computer.loaded.files) {
      for (const item of ast.items) {
        const value = this.constantIn(item, name);
        if (value !== undefined) return value;
      }
    }
    for (const image of this.computer.machine.images) {
      if (Object.hasOwn(image.exports, name)) return image.exports[name];
    }
    return undefined;
  }

  private constantIn(item: Item, name: string): Value | undefined {
    if (item.$type === 'Const' && item.name === name) return this.constantValue(item.value);
    if (item.$type !== 'Enum') return undefined;
    let next = 0;
    for (const member of item.members) {
      const value = member.value ? this.constantValue(member.value) : next;
      if (member.name === name) return value;
      next = (typeof value === 'number' ? value : next) + 1;
    }
    return undefined;
  }

  private constantValue(expression: Expression): Value | undefined {
    try {
      return evaluate(expression, new StoppedMachine(this, { frame: null, task: null })) as Value;
    } catch {
      return undefined;
    }
  }
}

class StoppedMachine implements Environment {
  private readonly machine: Board;
  readonly assign?: (target: Target, value: EvaluatedValue) => void;

  constructor(
    private readonly evaluator: Evaluator,
    private readonly context: Context,
    assign?: (target: Target, value: Value) => void,
  ) {
    this.machine = evaluator.computer.machine;
    if (assign) this.assign = assign as (target: Target, value: EvaluatedValue) => void;
  }

  lookup({ name }: NameRef): EvaluatedValue | undefined {
    return hostText(this.find(name));
  }

  private find(name: string): EvaluatedValue | undefined {
    const { frame, task, extra } = this.context;
    const field = extra?.fieldNamed(name);
    if (field !== undefined) return field;
    if (frame) {
      const local = localsOf(frame).find((variable) => variable.name === name);
      if (local) return frame.stack.slots[local.slot];
    }
    const global = this.global(name);
    if (global !== undefined) return global;
    const constant = this.evaluator.constant(name);
    if (constant !== undefined) return constant;
    return this.functionNamed(name) ?? special(name, this.machine, task);
  }

  private global(name: string): Value | undefined {
    const { program } = this.machine;
    const { frame, task } = this.context;
    if (frame && frame.mode !== KERNEL) {
      const global =
        program.userGlobals.find((g) => g.name === name && g.image === 'program') ??
        program.userGlobals.find((g) => g.name === name);
      if (!global || !task) return undefined;
      const value = readGlobal(this.machine, task, global);
      if (value === undefined)
        throw new EvaluationFault(`\`${name}\` is not in memory yet: its page has not been touched.`);
      return value;
    }
    const index = program.kernelGlobals.findIndex((g) => g.name === name);
    return index < 0 ? undefined : this.machine.kernelData.values[index];
  }

  private functionNamed(name: string): Value | undefined {
    const f = this.machine.program.functionNamed(name);
    return f && !f.synthetic ? this.machine.program.functionValues[f.index] : undefined;
  }

  call(name: string, args: EvaluatedValue[]): EvaluatedValue {
    const values = args as Value[];
    const own = Object.hasOwn(CALLS, name) ? CALLS[name] : undefined;
    const result = own?.(this.machine, values, this.context);
    if (result !== undefined) return result;
    const scalar = pureCall(
      name,
      values.map((value) => (isScalar(value) ? value : describe(value))),
    );
    if (scalar !== undefined) return scalar;
    const f = this.machine.program.functionNamed(name);
    if (!f) throw new EvaluationFault(`There is no function \`${name}\`.`);
    throw new EvaluationFault(
      f.image === 'library'
        ? `${name}() would act on the running system; an expression may only look at it.`
        : `${name}() is not called from here: it would have to run on the machine. Set a breakpoint in it, or step.`,
    );
  }

  member(value: EvaluatedValue, name: string): EvaluatedValue {
    if (value instanceof KernelNames) {
      const index = this.machine.program.kernelGlobals.findIndex((g) => g.name === name);
      if (index < 0) throw new EvaluationFault(`The kernel has no variable \`${name}\`.`);
      return this.machine.kernelData.values[index];
    }
    if (value instanceof RecordValue) {
      const field = value.fieldNamed(name);
      if (field !== undefined) return hostText(field);
      throw new EvaluationFault(
        `${value.shape.name ?? 'This record'} has no field \`${name}\`; it has ${value.shape.fields.join(', ')}.`,
      );
    }
    if (value instanceof ContextValue) {
      const id = this.machine.program.names.indexOf(name);
      if (id >= 0) return hardwareField(this.machine.program, value, id);
    }
    if (value === null) throw new EvaluationFault(`null has no field \`${name}\`.`);
    throw new EvaluationFault(`${aKindOf(value as Value)} has no fields.`);
  }

  index(value: EvaluatedValue, key: EvaluatedValue): EvaluatedValue {
    if (value instanceof MapValue) return hostText(value.entries.get(key as number) ?? null);
    const length = lengthOf(value);
    if (length === null) throw new EvaluationFault(`${aKindOf(value as Value)} has no elements.`);
    if (typeof key !== 'number') throw new EvaluationFault('An index is an integer.');
    if (key < 0 || key >= length) throw new EvaluationFault(`Index ${key} is outside: there are ${length} elements.`);
    if (value instanceof ListValue) return hostText(value.items[value.head + key]);
    if (typeof value === 'string') return value.charCodeAt(key);
    if (value instanceof WordsValue) return this.element(value, key);
    return bytes(this.machine, this.context, (value as BufferValue).address + key, 1)[0];
  }

  private element(array: WordsValue, i: number): Value {
    const { task } = this.context;
    const element = task ? readSlot(this.machine, task, array.address + 8 * i) : undefined;
    if (element === undefined) throw new EvaluationFault(`Element ${i} is not in memory yet.`);
    return element;
  }

  slice(value: EvaluatedValue, from: EvaluatedValue, to: EvaluatedValue): EvaluatedValue {
    const length = lengthOf(value);
    if (length === null) throw new EvaluationFault(`${aKindOf(value as Value)} has no elements.`);
    if (typeof from !== 'number' || typeof to !== 'number' || from < 0 || to < from || to > length) {
      throw new EvaluationFault(`The slice is outside: there are ${length} elements.`);
    }
    if (typeof value === 'string') return value.slice(from, to);
    if (value instanceof ListValue) return new ListValue(this.machine.history.epoch, value.toArray().slice(from, to));
    if (value instanceof WordsValue) return new WordsValue(value.address + 8 * from, to - from);
    return new BufferValue((value as BufferValue).address + from, to - from);
  }

  list(items: EvaluatedValue[]): EvaluatedValue {
    return new ListValue(this.machine.history.epoch, items as Value[]);
  }

  record(struct: string | null, fields: [name: string, value: EvaluatedValue][]): EvaluatedValue {
    if (struct !== null) throw new EvaluationFault(`A ${struct} can not be made here.`);
    const shape = this.machine.program.shapeOf(fields.map(([name]) => name));
    return new RecordValue(
      this.machine.history.epoch,
      shape,
      fields.map(([, value]) => value as Value),
      0,
    );
  }
}

/** Names that mean something unless the program gives them another meaning. */
function special(name: string, machine: Board, task: Task | null): Value | KernelNames | undefined {
  if (name === 'kernel') return new KernelNames(machine);
  if (name === 'pid' && task) return pidOf(task);
  return undefined;
}

/** A long string becomes one of the host's, as all that looks at values here expects. */
function hostText<V>(value: V): V | string {
  return value instanceof LongString ? value.toString() : value;
}

function isScalar(value: Value): value is number | string | boolean | null {
  return value === null || typeof value !== 'object';
}

function lengthOf(value: EvaluatedValue): number | null {
  if (typeof value === 'string') return value.length;
  if (value instanceof ListValue || value instanceof BufferValue || value instanceof WordsValue) return value.length;
  return value instanceof MapValue ? value.entries.size : null;
}

function bytes(machine: Board, { task }: Context, address: number, count: number): Uint8Array {
  if (count > MOST_BYTES) throw new EvaluationFault(`${count} bytes are too many to look at here.`);
  const found = task ? readBytes(machine, task, address, count) : new Uint8Array();
  if (found.length < count) throw new EvaluationFault(`0x${(address + found.length).toString(16)} is not in memory.`);
  return found;
}

type Call = (machine: Board, args: Value[], context: Context) => Value | undefined;

/** Library functions that only look, on values that are more than scalars. */
const CALLS: Record<string, Call> = {
  len: (_machine, [x]) => lengthOf(x) ?? undefined,
  keys: (machine, [m]) =>
    m instanceof MapValue ? new ListValue(machine.history.epoch, [...m.entries.keys()]) : undefined,
  has: (_machine, [c, key]) => {
    if (c instanceof MapValue) return c.entries.has(key as number);
    if (c instanceof ListValue) return c.toArray().some((item) => equal(item, key));
    return typeof c === 'string' && typeof key === 'string' ? c.includes(key) : undefined;
  },
  text: (machine, [buffer, n], context) => {
    if (!(buffer instanceof BufferValue)) return undefined;
    const count = typeof n === 'number' ? Math.min(n, buffer.length) : buffer.length;
    return String.fromCharCode(...bytes(machine, context, buffer.address, Math.min(count, 65_536)));
  },
  bytes: (machine, [s]) =>
    typeof s === 'string'
      ? new ListValue(
          machine.history.epoch,
          Array.from(s, (c) => c.charCodeAt(0)),
        )
      : undefined,
  addr: (_machine, [buffer]) => (buffer instanceof BufferValue ? buffer.address : undefined),
  peek: (machine, [address], context) =>
    typeof address === 'number' ? bytes(machine, context, address, 1)[0] : undefined,
  errname: (machine, [e]) => (typeof e === 'number' ? nameOfConstant(machine, ERROR_NAME, e) : undefined),
};
