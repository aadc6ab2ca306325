/**
 * One function of the linked image as JavaScript. Its code keeps the frame in the stack's slots at every instruction,
 * as the interpreter does, and has the values that it knows in constants besides. Each instruction has its common case
 * here; whatever is another one leaves the code before the instruction (`L`), and the interpreter goes on.
 */
import { OPCODE } from '../../src/machine/internal-opcodes.js';
import { HEADER, WORDS } from '../../src/isa/isa.js';
import type { Linked, LinkedFunction } from '../../src/machine/link.js';
import { Blocks, isNative } from './blocks.mjs';
import { BITS, COMPARISONS, beyond, falsity, truth } from './expressions.mjs';
import { FieldWriter } from './fields.mjs';
import type { FieldPlace } from './shapes.mjs';
import { Known, numeral } from './writer.mjs';

const NAMES = Object.fromEntries(Object.entries(OPCODE).map(([name, opcode]) => [opcode, name]));

export class FunctionTranslator extends FieldWriter {
  private readonly blocks: Blocks;
  private readonly code: Int32Array;
  private readonly isKernel: boolean;

  constructor(
    program: Linked,
    places: readonly (FieldPlace | undefined)[],
    /** Whether the function of this number is translated. */
    private readonly isTranslated: (f: number) => boolean,
    readonly f: LinkedFunction,
  ) {
    super(program, places);
    this.code = program.plain;
    this.blocks = new Blocks(program, f);
    this.isKernel = f.image === 'kernel';
  }

  get starts(): readonly number[] {
    return this.blocks.starts;
  }

  text(name: string): string {
    this.blocks.starts.forEach((pc, number) => {
      this.lines.push(`case ${number}: {`);
      const end = this.path(pc, new Known());
      if (end !== null && end !== number + 1) this.lines.push(`at = ${end}; continue;`);
      this.lines.push('}');
    });
    return [`function ${name}(fp, at) {`, 'const s = R.slots;', 'for (;;) switch (at) {', ...this.lines, '}', '}'].join(
      '\n',
    );
  }

  /** The instructions from `pc` on to where the way ends; and the number of the block to which it leads, or null. */
  private path(pc: number, known: Known): number | null {
    const way = this.way(pc);
    const counted = way.filter((at) => !this.blocks.isInterpreted(at)).length;
    if (counted > 0) this.emit(`if (R.left < ${counted}) return L(fp, ${pc}, 0);`, `R.left -= ${counted};`);
    way.forEach((at, i) => this.instruction(at, counted - i - 1, known));
    const last = way[way.length - 1];
    const op = this.code[last];
    if (op === OPCODE.RET || op === OPCODE.RET0 || this.blocks.isInterpreted(last)) return null;
    const next = op === OPCODE.JMP ? this.code[last + 1] : last + WORDS;
    return this.blocks.at(next) as number;
  }

  /** The instructions that are always executed one after the other from `pc` on, but for jumps that leave them. */
  private way(pc: number): number[] {
    const way = [pc];
    for (let at = pc; ;) {
      const op = this.code[at];
      if (op === OPCODE.RET || op === OPCODE.RET0 || this.blocks.isInterpreted(at)) return way;
      at = op === OPCODE.JMP ? this.code[at + 1] : at + WORDS;
      if (this.blocks.at(at) !== undefined) return way;
      way.push(at);
    }
  }

  // ---- instructions -------------------------------------------------------------------------------------------------

  /** @param rest how many counted instructions of this way come after it */
  private instruction(pc: number, rest: number, known: Known): void {
    const [a, b, c] = this.code.subarray(pc + 1, pc + WORDS);
    const op = NAMES[this.code[pc]];
    const out = this.leave(pc, rest + 1);
    if (this.blocks.isInterpreted(pc)) return this.emit(this.leave(pc, 0));
    if (isNative(this.program, pc)) return this.native(pc);
    switch (op) {
      case 'MOV':
        return this.set(a, this.use(b, known), known);
      case 'LDI':
        return this.set(a, numeral(b), known);
      case 'LDK':
        return this.set(a, this.literal(b), known);
      case 'ADD':
        return this.add(a, this.use(b, known), this.use(c, known), known, out);
      case 'ADDI':
        return this.sum(a, `${this.use(b, known)} + ${numeral(c)}`, [this.use(b, known)], known, out);
      case 'SUB':
        return this.sum(
          a,
          `${this.use(b, known)} - ${this.use(c, known)}`,
          [this.use(b, known), this.use(c, known)],
          known,
          out,
        );
      case 'MUL': {
        const [x, y] = [this.use(b, known), this.use(c, known)];
        this.wantNumbers(known, out, x, y);
        // A zero with a sign loses it.
        const product = this.value(`${x} * ${y} + 0`);
        this.emit(`if (${beyond(product)}) ${out}`);
        this.set(a, product, known);
        known.numbers.add(product);
        return;
      }
      case 'DIV':
      case 'MOD':
      case 'SHL':
      case 'SHR': {
        const [x, y] = [this.use(b, known), this.use(c, known)];
        this.wantNumbers(known, out, x, y);
        if (op === 'DIV' || op === 'MOD') this.emit(`if (${x} < 0 || ${y} <= 0) ${out}`);
        else this.emit(`if (${x} !== (${x} | 0) || ${x} < 0 || ${y} < 0 || ${y} >= ${op === 'SHL' ? 21 : 32}) ${out}`);
        const rest = `${x} % ${y}`;
        const result = { DIV: `(${x} - ${rest}) / ${y}`, MOD: rest, SHL: `${x} * (1 << ${y})`, SHR: `${x} >> ${y}` }[
          op
        ];
        this.define(a, result, known, true);
        return;
      }
      case 'AND':
      case 'OR':
      case 'XOR': {
        const [x, y] = [this.use(b, known), this.use(c, known)];
        const [symbol, general] = BITS[op];
        const isSmall = `${x} === (${x} | 0) && ${y} === (${y} | 0)`;
        const result = this.value(`${isSmall} ? ${x} ${symbol} ${y} : ${general}(${x}, ${y})`);
        this.emit(`if (${result} === undefined) ${out}`);
        this.set(a, result, known);
        known.numbers.add(result);
        return;
      }
      case 'NEG': {
        const x = this.use(b, known);
        this.emit(`if (typeof ${x} !== 'number' || ${x} === 0) ${out}`);
        this.define(a, `-${x}`, known, true);
        return;
      }
      case 'NOT':
        this.define(a, falsity(this.use(b, known)), known);
        return;
      case 'BNOT': {
        const x = this.use(b, known);
        this.emit(`if (${x} !== (${x} | 0)) ${out}`);
        this.define(a, `~${x}`, known, true);
        return;
      }
      case 'EQ':
      case 'NE': {
        const result = this.equality(this.use(b, known), this.use(c, known), known, out);
        this.define(a, op === 'EQ' ? result : `!(${result})`, known);
        return;
      }
      case 'LT':
      case 'LE': {
        const [x, y] = [this.use(b, known), this.use(c, known)];
        this.wantNumbers(known, out, x, y);
        this.define(a, `${x} ${op === 'LT' ? '<' : '<='} ${y}`, known);
        return;
      }
      case 'JMP':
        return;
      case 'JT':
        return this.branch(truth(this.use(a, known)), b, rest, known);
      case 'JF':
        return this.branch(falsity(this.use(a, known)), b, rest, known);
      case 'JEQ':
        return this.branch(this.equality(this.use(a, known), this.use(b, known), known, out), c, rest, known);
      case 'JNE':
        return this.branch(`!(${this.equality(this.use(a, known), this.use(b, known), known, out)})`, c, rest, known);
      case 'JLT':
      case 'JLE':
      case 'JGT':
      case 'JGE': {
        const [x, y] = [this.use(a, known), this.use(b, known)];
        this.wantNumbers(known, out, x, y);
        return this.branch(`${x} ${COMPARISONS[op]} ${y}`, c, rest, known);
      }
      case 'JEQI':
        return this.branch(this.equalsNumber(this.use(a, known), b, known), c, rest, known);
      case 'JNEI':
        return this.branch(`!(${this.equalsNumber(this.use(a, known), b, known)})`, c, rest, known);
      case 'JLTI':
      case 'JLEI':
      case 'JGTI':
      case 'JGEI': {
        const x = this.use(a, known);
        this.wantNumbers(known, out, x);
        return this.branch(`${x} ${COMPARISONS[op.slice(0, -1)]} ${numeral(b)}`, c, rest, known);
      }
      case 'CALL':
        return this.call(pc, a, b, c);
      case 'CALLR':
        return this.emit(`if (beginCall(fp, fp + ${a}, ${b}, ${c}, ${pc}) < 0) ${out}`, this.calling(b, a));
      case 'CALLV': {
        const f = this.value(`numberOf(${this.use(b, known)})`);
        this.emit(`if (${f} < 0 || beginCall(fp, fp + ${a}, ${f}, ${c}, ${pc}) < 0) ${out}`);
        // A function of a program's own is not translated.
        const there = this.value(`FUNCTIONS[${f}]`);
        this.emit(`if (${there} === undefined) return L(fp + ${a}, R.program.entry[${f}], 0);`);
        return this.emit(`if (${there}(fp + ${a}, 0) === UNWIND) return UNWIND;`);
      }
      case 'RET':
        return this.emit(`if (s[fp - 3] < 0) ${out}`, `return s[fp] = ${this.use(a, known)};`);
      case 'RET0':
        return this.emit(`if (s[fp - 3] < 0) ${out}`, 'return s[fp] = null;');
      case 'LIB':
        return this.inlined(pc, a, this.program.nativeNames[b], c, rest, known, out);
      case 'CURRENT':
        this.define(a, 'R.cpu.task', known);
        return;
      case 'NOW':
        this.define(a, 'R.cpu.clock', known, true);
        return;
      case 'SPEND':
        return this.emit(`${this.slot(a)} = pass(fp, ${pc}, ${this.use(a, known)});`);
      case 'SAVE_CONTEXT':
        this.emit(`if (!saveContext(${this.use(a, known)}, fp, fp + ${a}, ${pc + WORDS})) ${out}`);
        return this.set(a, 'false', known);
      case 'NEW': {
        const count = this.program.shapes[b].fields.length;
        this.define(a, `record(${b}, ${this.window(c, count)})`, known);
        known.shapes.set(known.registers.get(a) as string, b);
        if (!this.isKernel) this.allocate(`${count + 3}`, pc, rest);
        return;
      }
      case 'LIST':
        this.define(a, `list(${this.window(b, c)})`, known);
        if (!this.isKernel) this.allocate(`${c + 3}`, pc, rest);
        return;
      case 'GETF':
        return this.getField(a, this.use(b, known), c, known, out);
      case 'SETF':
        return this.setField(this.use(a, known), b, this.use(c, known), known, out);
      case 'GETI': {
        const value = this.value(`element(${this.use(b, known)}, ${this.use(c, known)})`);
        this.emit(`if (${value} === undefined) ${out}`);
        return this.set(a, value, known);
      }
      case 'SETI': {
        this.emit(`if (!setElement(${this.use(a, known)}, ${this.use(b, known)}, ${this.use(c, known)})) ${out}`);
        if (!this.isKernel) this.allocate('4', pc, rest);
        return;
      }
      case 'SLICE': {
        const found = this.value(`part(${this.use(b, known)}, ${this.use(c, known)}, ${this.use(c + 1, known)})`);
        this.emit(`if (${found} === undefined) ${out}`);
        this.set(a, found, known);
        return this.attend(pc, rest);
      }
      case 'ITER': {
        const from = this.use(b, known);
        const list = this.value(`walked(${from})`);
        this.emit(`if (${list} === undefined) ${out}`);
        this.set(a, list, known);
        this.set(a + 1, '0', known);
        return this.attend(pc, rest);
      }
      case 'NEXT':
        return this.next(a, b, c, rest, known, out);
      case 'GLD':
      case 'TLD': {
        const value = this.value(`userGlobal(fp, ${pc}, ${rest}, ${op === 'GLD' ? b : `ofThread(${b})`})`);
        this.emit(`if (${value} === undefined) ${this.leave(pc, rest)}`);
        this.set(a, value, known);
        return this.attend(pc, rest);
      }
      case 'GST':
      case 'TST':
        this.emit(`setUserGlobal(fp, ${pc}, ${rest}, ${op === 'GST' ? a : `ofThread(${a})`}, ${this.use(b, known)});`);
        return this.attend(pc, rest);
      case 'KLD':
        this.define(a, `R.globals[${b}]`, known);
        return;
      case 'KST':
        return this.emit(
          `if (R.kernelData.epoch !== R.epoch) saveGlobals();`,
          `R.globals[${a}] = ${this.use(b, known)};`,
        );
      default:
        throw new Error(`${this.f.name}: no translation for ${op}`);
    }
  }

  private native(pc: number): void {
    const [a, b, c] = this.code.subarray(pc + 1, pc + WORDS);
    this.emit(`if (native(${b}, fp, fp + ${a}, ${c}, ${pc})) ${this.leave(pc + WORDS, 0)}`);
  }

  /** A new array of the values in so many registers. */
  private window(from: number, count: number): string {
    return count === 0 ? 's.slice(fp, fp)' : `s.slice(fp + ${from}, fp + ${from + count})`;
  }

  private allocate(slots: string, pc: number, rest: number): void {
    this.emit(`R.board.allocate(${slots});`);
    this.attend(pc, rest);
  }

  /** Leaves after the instruction when it has asked for attention. */
  private attend(pc: number, rest: number): void {
    this.emit(`if (R.board.attention !== 0) ${this.leave(pc + WORDS, rest)}`);
  }

  private add(a: number, x: string, y: string, known: Known, out: string): void {
    if (this.isNumber(x, known) || this.isNumber(y, known)) return this.sum(a, `${x} + ${y}`, [x, y], known, out);
    const name = this.newName();
    this.emit(
      `let ${name};`,
      `if (typeof ${x} === 'number' && typeof ${y} === 'number') { ${name} = ${x} + ${y}; if (${beyond(name)}) ${out} }`,
      `else { ${name} = joined(${x}, ${y}); if (${name} === undefined) ${out} ${this.isKernel ? '' : `R.board.allocate(4 + (${name}.length >> 6));`} }`,
    );
    this.set(a, name, known);
  }

  private sum(a: number, expression: string, operands: string[], known: Known, out: string): void {
    this.wantNumbers(known, out, ...operands);
    const sum = this.value(expression);
    this.emit(`if (${beyond(sum)}) ${out}`);
    this.set(a, sum, known);
    known.numbers.add(sum);
  }

  /** Whether two values are equal, as an expression. */
  private equality(x: string, y: string, known: Known, out: string): string {
    if (x === 'null' || y === 'null') return `${x} === ${y}`;
    if (this.isNumber(x, known) && this.isNumber(y, known)) return `${x} === ${y}`;
    const result = this.value(`${x} === ${y} || equal(${x}, ${y})`);
    this.emit(`if (${result} === undefined) ${out}`);
    return result;
  }

  private equalsNumber(x: string, number: number, known: Known): string {
    if (this.isNumber(x, known) || (number !== 0 && number !== 1)) return `${x} === ${numeral(number)}`;
    return `(${x} === ${number} || ${x} === ${number === 1})`;
  }

  /** A jump on a condition. */
  private branch(condition: string, target: number, rest: number, known: Known): void {
    const number = this.blocks.at(target);
    this.emit(`if (${condition}) {`);
    if (rest > 0) this.emit(`R.left += ${rest};`);
    const end = number ?? this.path(target, known.copy());
    if (end !== null) this.emit(`at = ${end}; continue;`);
    this.emit('}');
  }

  private call(pc: number, a: number, f: number, count: number): void {
    const registers = this.program.registers[f];
    this.emit(
      `if (fp + ${a + registers} > s.length && !grow(fp + ${a + registers})) ${this.leave(pc, 1)}`,
      `s[fp + ${a - HEADER}] = ${pc + WORDS}; s[fp + ${a - 2}] = fp; s[fp + ${a - 1}] = ${f};`,
    );
    if (registers - count > 6)
      this.emit(`for (let i = fp + ${a + count}; i < fp + ${a + registers}; i++) s[i] = null;`);
    else for (let i = count; i < registers; i++) this.emit(`s[fp + ${a + i}] = null;`);
    this.emit(this.calling(f, a));
  }

  /** Hands over to a function whose frame has been begun. */
  private calling(f: number, a: number): string {
    if (this.isTranslated(f)) return `if (f${f}(fp + ${a}, 0) === UNWIND) return UNWIND;`;
    return `return L(fp + ${a}, ${this.program.functions[f].entry}, 0);`;
  }

  /** A library function's common case. */
  private inlined(pc: number, a: number, name: string, count: number, rest: number, known: Known, out: string): void {
    const x = this.use(a, known);
    if (name === 'len' && count === 1) {
      const length = this.newName();
      this.emit(
        `let ${length} = lengthOf(${x});`,
        `if (${length} !== undefined) { ${this.slot(a)} = ${length}; ${this.isKernel ? '' : 'R.board.allocate(1);'} }`,
        `else { if (nativeBefore(${this.code[pc + 2]}, fp, fp + ${a}, ${count}, ${pc}, ${rest})) ${this.leave(pc + WORDS, 0)} ${length} = ${this.slot(a)}; }`,
      );
      known.registers.set(a, length);
      if (!this.isKernel) this.attend(pc, rest);
      return;
    } else if ((name === 'min' || name === 'max') && count === 2) {
      const y = this.use(a + 1, known);
      this.wantNumbers(known, out, x, y);
      this.define(a, `${y} ${name === 'min' ? '<' : '>'} ${x} ? ${y} : ${x}`, known, true);
    } else if (name === 'assert') {
      this.emit(`if (${x} !== true) ${out}`);
      this.set(a, 'null', known);
    } else return this.emit(out);
    if (!this.isKernel) this.allocate('1', pc, rest);
  }

  private next(a: number, b: number, target: number, rest: number, known: Known, out: string): void {
    const [list, i] = [this.use(a, known), this.use(a + 1, known)];
    this.emit(`if (!(${list} instanceof ListValue)) ${out}`);
    this.branch(`${i} >= ${list}.length`, target, rest, known);
    this.define(b, `${list}.items[${list}.head + ${i}]`, known);
    this.define(a + 1, `${i} + 1`, known, true);
  }
}
