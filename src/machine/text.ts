/**
 * The text of a value, as print() shows it: `[1, "two"]`, `Conn { fd: 3 }`, `{ 1 => 2 }`, `buffer(0x08050000, 16)`.
 *
 * Strings are bytes, and so is the text. It is bounded in length and in depth, and a value that contains itself is
 * shown as `[...]` or `{...}` where it comes again.
 */
import { isText } from './long-string.js';
import { BufferValue, FunctionValue, ListValue, MapValue, RecordValue, WordsValue, type Value } from './values.js';

/** Bytes after which a text ends in "...", and how many values inside each other are shown. */
export interface TextBounds {
  readonly length: number;
  readonly depth: number;
}

export const PRINT_BOUNDS: TextBounds = { length: 1 << 20, depth: 24 };

/** The text of a value. A string is itself, whole; inside of another value it is quoted as in C. */
export function showValue(value: Value, bounds: TextBounds = PRINT_BOUNDS): string {
  if (isText(value)) return value.toString();
  if (typeof value === 'number') return String(value);
  return new Writer(bounds).show(value);
}

/** A string as a literal of the language. */
export function quoted(text: string): string {
  return `"${text.replace(/[\x00-\x1f"\\\x7f]/g, escaped)}"`; // eslint-disable-line no-control-regex -- escaping them is the point
}

const ESCAPES: Record<string, string> = {
  '\n': '\\n',
  '\t': '\\t',
  '\r': '\\r',
  '\0': '\\0',
  '"': '\\"',
  '\\': '\\\\',
};

function escaped(char: string): string {
  return ESCAPES[char] ?? `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`;
}

/** An address as it is shown everywhere: eight hexadecimal digits. */
export function showAddress(address: number): string {
  return `0x${address.toString(16).padStart(8, '0')}`;
}

class Writer {
  private text = '';
  /** The values that the one being shown is inside of. */
  private readonly inside: Value[] = [];

  constructor(private readonly bounds: TextBounds) {}

  show(value: Value): string {
    this.value(value);
    return this.full() ? `${this.text.slice(0, this.bounds.length)}...` : this.text;
  }

  private full(): boolean {
    return this.text.length > this.bounds.length;
  }

  private value(value: Value): void {
    if (isText(value)) {
      // More than what is left would be cut off: do not even escape it.
      this.text += quoted(value.slice(0, Math.min(value.length, this.bounds.length - this.text.length + 1)).toString());
    } else if (value === null || typeof value !== 'object') {
      this.text += String(value);
    } else if (value instanceof ListValue) {
      this.list(value);
    } else if (value instanceof RecordValue) {
      this.record(value);
    } else if (value instanceof MapValue) {
      this.map(value);
    } else if (value instanceof BufferValue) {
      this.text += `buffer(${showAddress(value.address)}, ${value.length})`;
    } else if (value instanceof WordsValue) {
      this.text += `array(${showAddress(value.address)}, ${value.length})`;
    } else {
      this.text += value instanceof FunctionValue ? `fn ${value.name}` : value.kind;
    }
  }

  private list(list: ListValue): void {
    if (!this.enter(list, '[', ']')) return;
    let separator = '';
    for (let i = list.head; i < list.items.length && !this.full(); i++) {
      this.text += separator;
      this.value(list.items[i]);
      separator = ', ';
    }
    this.leave(']');
  }

  private record(record: RecordValue): void {
    const { name, fields } = record.shape;
    if (!this.enter(record, name === null ? '{' : `${name} {`, '}')) return;
    let separator = ' ';
    for (let slot = 0; slot < fields.length && !this.full(); slot++) {
      this.text += `${separator}${fields[slot]}: `;
      this.value(record.fields[slot]);
      separator = ', ';
    }
    this.leave(separator === ', ' ? ' }' : '}');
  }

  private map(map: MapValue): void {
    if (!this.enter(map, '{', '}')) return;
    let separator = ' ';
    for (const [key, value] of map.entries) {
      if (this.full()) break;
      this.text += `${separator}${typeof key === 'string' ? quoted(key.slice(0, 4096)) : String(key)} => `;
      this.value(value);
      separator = ', ';
    }
    this.leave(separator === ', ' ? ' }' : '}');
  }

  /** Begins a value with parts. False when its parts are not to be shown: it ends at once. */
  private enter(whole: Value, open: string, close: string): boolean {
    this.text += open;
    if (!this.inside.includes(whole) && this.inside.length < this.bounds.depth) {
      this.inside.push(whole);
      return true;
    }
    this.text += `...${close}`;
    return false;
  }

  private leave(close: string): void {
    this.inside.pop();
    this.text += close;
  }
}

const decoder = new TextDecoder();

/**
 * The text of a string of bytes; what is no UTF-8 becomes U+FFFD. A text that has other characters already is itself.
 */
export function textOf(bytes: string): string {
  // eslint-disable-next-line no-control-regex -- ASCII is by far the usual case
  if (!/[^\x00-\x7f]/.test(bytes) || /[^\x00-\xff]/.test(bytes)) return bytes;
  return decoder.decode(Uint8Array.from(bytes, (char) => char.charCodeAt(0)));
}
