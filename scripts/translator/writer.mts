/** The text of a translated function as it is written: registers, what is known of them, and the names of values. */
import type { Linked } from '../../src/machine/link.js';

/** Strings up to this length are written out. */
const LONGEST_LITERAL = 60;

/** What is known on one way through the code. */
export class Known {
  constructor(
    /** What a register holds, as an expression that does not change. */
    readonly registers = new Map<number, string>(),
    readonly numbers = new Set<string>(),
    /** Records by expression: the shape. */
    readonly shapes = new Map<string, number>(),
  ) {}
  copy(): Known {
    return new Known(new Map(this.registers), new Set(this.numbers), new Map(this.shapes));
  }
}

export class Writer {
  protected readonly lines: string[] = [];
  private values = 0;

  constructor(protected readonly program: Linked) {}

  /** A name that the function does not have yet. */
  protected newName(): string {
    return `v${++this.values}`;
  }

  protected emit(...lines: string[]): void {
    this.lines.push(...lines);
  }

  protected slot(register: number): string {
    return register === 0 ? 's[fp]' : `s[fp + ${register}]`;
  }

  protected use(register: number, known: Known): string {
    const there = known.registers.get(register);
    if (there !== undefined) return there;
    const name = this.value(this.slot(register));
    known.registers.set(register, name);
    return name;
  }

  /** A constant of the code that holds the expression's value. */
  protected value(expression: string): string {
    const name = this.newName();
    this.emit(`const ${name} = ${expression};`);
    return name;
  }

  protected set(register: number, expression: string, known: Known): void {
    this.emit(`${this.slot(register)} = ${expression};`);
    known.registers.set(register, expression);
  }

  /** Sets a register to what the expression gives. */
  protected define(register: number, expression: string, known: Known, isNumber = false): string {
    const name = this.value(expression);
    this.set(register, name, known);
    if (isNumber) known.numbers.add(name);
    return name;
  }

  protected isNumber(expression: string, known: Known): boolean {
    return known.numbers.has(expression) || /^\(?-?\d/.test(expression);
  }

  /** Leaves unless these are numbers. */
  protected wantNumbers(known: Known, leave: string, ...expressions: string[]): void {
    const unknown = [...new Set(expressions)].filter((each) => !this.isNumber(each, known));
    if (unknown.length === 0) return;
    this.emit(`if (${unknown.map((each) => `typeof ${each} !== 'number'`).join(' || ')}) ${leave}`);
    for (const each of unknown) known.numbers.add(each);
  }

  protected literal(constant: number): string {
    const value = this.program.constants[constant];
    if (typeof value === 'number') return numeral(value);
    if (typeof value === 'string' && value.length <= LONGEST_LITERAL) return JSON.stringify(value);
    if (value === null || typeof value === 'boolean') return String(value);
    return this.value(`R.constants[${constant}]`);
  }

  protected leave(pc: number, uncounted: number): string {
    return `return L(fp, ${pc}, ${uncounted});`;
  }
}

export function numeral(value: number): string {
  return value < 0 || Object.is(value, -0) ? `(${Object.is(value, -0) ? '-0' : value})` : String(value);
}
