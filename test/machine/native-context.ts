import { HEADER } from '../../src/isa/isa.js';
import { History } from '../../src/machine/history.js';
import { LIBRARY } from '../../src/machine/library.js';
import { PhysicalMemory } from '../../src/machine/memory.js';
import { PageFault, type NativeContext } from '../../src/machine/native.js';
import { Choices, SeededChoices } from '../../src/machine/choices.js';
import { RETURN, Stack } from '../../src/machine/stack.js';
import { FunctionValue, RecordValue, Shape, type Value } from '../../src/machine/values.js';
import { toEnd, type Pieces } from '../../src/machine/work.js';

/** A machine for natives: user page v is frame v of 16 frames, unless it is absent or only readable. */
export class TestContext implements NativeContext {
  readonly history = new History();
  readonly memory = new PhysicalMemory(this.history, 16 * 4096);
  readonly choices = new Choices(new SeededChoices(1));
  readonly functions = [new FunctionValue(0, 'zero'), new FunctionValue(1, 'one')];
  readonly absent = new Set<number>();
  readonly readOnly = new Set<number>();
  logged: string[] = [];
  ticks = 0;

  charge(ticks: number): void {
    this.ticks += ticks;
  }

  worked(): void {}

  inPieces<Result>(begin: () => Pieces<Result>): Result {
    return toEnd(begin());
  }

  allocate(): void {}

  translate(address: number, write: boolean): number {
    const page = address >>> 12;
    if (page >= 16 || this.absent.has(page)) throw new PageFault(address, write, false);
    if (write && this.readOnly.has(page)) throw new PageFault(address, write, true);
    return address;
  }

  record(fields: Record<string, Value>): RecordValue {
    return record(null, fields);
  }

  mostArguments(index: number): number {
    return index === 0 ? 1 : 0;
  }

  functionValue(index: number): FunctionValue | undefined {
    return this.functions[index];
  }

  log(text: string): void {
    this.logged.push(text);
  }

  /** Calls a library function. Its arguments stand at slot 3, as in the middle of a stack. */
  call(name: string, ...args: Value[]): Value {
    return LIBRARY[name](this, [7, 7, 7, ...args], 3, args.length);
  }
}

let shapes = 0;

export function record(name: string | null, fields: Record<string, Value>): RecordValue {
  const names = Object.keys(fields);
  const ids = names.map((_, id) => id);
  return new RecordValue(0, new Shape(shapes++, name, names, ids, names.length), Object.values(fields), 0);
}

/** Function number n has n registers. */
export const FRAME_SIZES = Int32Array.from({ length: 32 }, (_, n) => n);

/** A stack with one frame, whose registers are these; they begin at slot HEADER. */
export function stackOf(...registers: Value[]): Stack {
  const stack = new Stack(0, FRAME_SIZES, 100, 4096);
  [RETURN.BOTTOM, 0, registers.length, ...registers].forEach((value, slot) => (stack.slots[slot] = value));
  stack.fp = HEADER;
  return stack;
}
