/**
 * The values of an event's fields in few bytes. Each begins with a byte that holds its kind (3 bits) and the lowest
 * four bits of a number; while the high bit is set, seven more follow. The number is an integer (a negative one counts
 * from -1 down), the place of a string in a table, one of the three constants, or the length of a list.
 */
import { ListValue, type Value } from '../../machine/values.js';
import { isText } from '../../machine/long-string.js';
import { describe } from '../inspect-format.js';

const KIND = { INTEGER: 0, NEGATIVE: 1, STRING: 2, CONSTANT: 3, LIST: 4 } as const;
const CONSTANTS: readonly (boolean | null)[] = [null, false, true];
/** A string longer than this, in bytes, is cut: no tracepoint of the kernel's has one. */
const LONGEST = 1000;
/** Lists inside of lists are kept so deep; what has another form is kept as its description. */
const DEPTH = 3;
const FIRST_SIZE = 512;

/** Strings by their number, each once. */
export class StringTable {
  readonly list: string[] = [];
  /** Characters of all. */
  size = 0;
  private readonly numbers = new Map<string, number>();

  numberOf(string: string): number {
    let number = this.numbers.get(string);
    if (number === undefined) {
      this.numbers.set(string, (number = this.list.length));
      this.list.push(string);
      this.size += string.length;
    }
    return number;
  }
}

export class FieldWriter {
  bytes = new Uint8Array(FIRST_SIZE);
  size = 0;

  constructor(private readonly strings: StringTable) {}

  write(value: Value, depth = 0): void {
    if (Number.isSafeInteger(value)) this.putInteger(value as number);
    else if (value === null || typeof value === 'boolean') this.put(KIND.CONSTANT, CONSTANTS.indexOf(value));
    else if (isText(value)) this.putText(value.toString());
    else if (value instanceof ListValue && depth < DEPTH) {
      this.put(KIND.LIST, value.length);
      for (let i = value.head; i < value.items.length; i++) this.write(value.items[i], depth + 1);
    } else this.putText(describe(value));
  }

  private putInteger(value: number): void {
    if (value < 0) this.put(KIND.NEGATIVE, -1 - value);
    else this.put(KIND.INTEGER, value);
  }

  private putText(text: string): void {
    this.put(KIND.STRING, this.strings.numberOf(text.length > LONGEST ? text.slice(0, LONGEST) : text));
  }

  private put(kind: number, number: number): void {
    if (this.size + 10 > this.bytes.length) {
      const larger = new Uint8Array(2 * this.bytes.length);
      larger.set(this.bytes);
      this.bytes = larger;
    }
    const { bytes } = this;
    let rest = Math.floor(number / 16);
    bytes[this.size++] = (kind << 4) | (number % 16) | (rest > 0 ? 128 : 0);
    while (rest > 0) {
      const digit = rest % 128;
      rest = Math.floor(rest / 128);
      bytes[this.size++] = digit | (rest > 0 ? 128 : 0);
    }
  }
}

/** Reads `count` values that were written one after the other, from `at` on. */
export function readFields(bytes: Uint8Array, strings: readonly string[], at: number, count: number): Value[] {
  const value = (): Value => {
    let byte = bytes[at++];
    const kind = (byte >> 4) & 7;
    let number = byte & 15;
    for (let unit = 16; byte >= 128; unit *= 128) {
      byte = bytes[at++];
      number += (byte & 127) * unit;
    }
    switch (kind) {
      case KIND.INTEGER:
        return number;
      case KIND.NEGATIVE:
        return -1 - number;
      case KIND.STRING:
        return strings[number];
      case KIND.CONSTANT:
        return CONSTANTS[number];
      default:
        return new ListValue(0, Array.from({ length: number }, value));
    }
  };
  return Array.from({ length: count }, value);
}
