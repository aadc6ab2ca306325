/**
 * printf's conversions, as format() has them: how a pattern is read, and how digits and text are laid out. The machine,
 * the compiler (for constants) and the checks of literals share it.
 */

/** One conversion of a pattern: `%-08.3d`. */
export interface Conversion {
  /** As it stands in the pattern. */
  readonly whole: string;
  readonly flags: string;
  /** `*`: an argument says it. */
  readonly width: number | '*' | undefined;
  readonly precision: number | '*' | undefined;
  /** hh, h, l, ll, z …: of these h and hh matter, as they cut off the upper bits. */
  readonly size: string;
  /** "" at the end of the pattern. */
  readonly letter: string;
}

/** Those that are left out here: there are no fractions, and nothing is stored by printing. */
export const CONVERSIONS = '%d %i %u %x %X %o %c %s %p %%';

const FORM = /%([-+ #0]*)(\*|\d*)(\.(?:\*|-?\d*))?(hh|h|ll|l|q|j|z|t|L)?(.?)/sy;

/** The conversion whose `%` stands at `at`. */
export function conversionAt(pattern: string, at: number): Conversion {
  FORM.lastIndex = at;
  const [whole, flags = '', width = '', precision, size = '', letter = ''] = FORM.exec(pattern) ?? ['%'];
  return {
    whole,
    flags,
    width: count(width),
    precision: precision ? precisionOf(precision.slice(1)) : undefined,
    size,
    letter,
  };
}

function count(text: string): number | '*' | undefined {
  return text === '*' ? '*' : text === '' ? undefined : Number(text);
}

/** `.` alone is `.0`; a negative one is none. */
function precisionOf(text: string): number | '*' | undefined {
  if (text === '*') return '*';
  return text.startsWith('-') ? undefined : Number(text);
}

/** All of a pattern. */
export function conversionsOf(pattern: string): Conversion[] {
  const found: Conversion[] = [];
  for (let at = pattern.indexOf('%'); at >= 0;) {
    const conversion = conversionAt(pattern, at);
    found.push(conversion);
    at = pattern.indexOf('%', at + conversion.whole.length);
  }
  return found;
}

/** How many arguments it takes. */
export function argumentsOf({ letter, width, precision }: Conversion): number {
  if (letter === '%') return 0;
  return 1 + (width === '*' ? 1 : 0) + (precision === '*' ? 1 : 0);
}

/** Why there is no such conversion; undefined if there is. */
export function whyNot({ whole, letter }: Conversion): string | undefined {
  if (letter !== '' && 'diuxXocsp%'.includes(letter)) return undefined;
  if (letter !== '' && 'eEfFgGaA'.includes(letter)) {
    return `there is no conversion ${whole}: numbers are integers here; there are ${CONVERSIONS}`;
  }
  return `there is no conversion ${whole}; there are ${CONVERSIONS}`;
}

/** Width and precision, when all arguments are known. A negative width from an argument is `-` and its size. */
export interface Layout {
  readonly flags: string;
  readonly width: number;
  readonly precision: number | undefined;
}

export function layoutOf(conversion: Conversion, star: () => number): Layout {
  const width = conversion.width === '*' ? star() : (conversion.width ?? 0);
  const asked = conversion.precision === '*' ? star() : conversion.precision;
  const precision = asked !== undefined && asked < 0 ? undefined : asked;
  return { flags: width < 0 ? `${conversion.flags}-` : conversion.flags, width: Math.abs(width), precision };
}

/** A text by %s or %c. */
export function layOutText(text: string, { flags, width, precision }: Layout, letter: string): string {
  const cut = letter === 's' && precision !== undefined ? text.slice(0, precision) : text;
  return flags.includes('-') ? cut.padEnd(width) : cut.padStart(width);
}

/** An integer by %d %i %u %x %X %o %p. Negative ones are C's 64-bit unsigned ones for all but %d and %i. */
export function layOutInteger(value: number, { letter, size }: Conversion, layout: Layout): string {
  if (letter === 'p') return layOutText(value === 0 ? '(nil)' : `0x${unsigned(value, '').toString(16)}`, layout, 'p');
  const isSigned = letter === 'd' || letter === 'i';
  const n = isSigned ? signed(value, size) : unsigned(value, size);
  const base = letter === 'o' ? 8 : letter === 'x' || letter === 'X' ? 16 : 10;
  let digits = (n < 0 ? -n : n).toString(base);
  if (layout.precision === 0 && Number(n) === 0) digits = '';
  digits = digits.padStart(layout.precision ?? 0, '0');
  const { flags } = layout;
  let sign = !isSigned ? '' : n < 0 ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
  if (flags.includes('#')) {
    if (base === 8 && !digits.startsWith('0')) digits = `0${digits}`;
    if (base === 16 && Number(n) !== 0) sign = '0x';
  }
  const zeros = flags.includes('0') && !flags.includes('-') && layout.precision === undefined;
  if (zeros) digits = digits.padStart(layout.width - sign.length, '0');
  const text = letter === 'X' ? (sign + digits).toUpperCase() : sign + digits;
  return flags.includes('-') ? text.padEnd(layout.width) : text.padStart(layout.width);
}

function signed(value: number, size: string): number {
  if (size === 'hh') return (value << 24) >> 24;
  return size === 'h' ? (value << 16) >> 16 : value;
}

function unsigned(value: number, size: string): number | bigint {
  if (size === 'hh') return value & 0xff;
  if (size === 'h') return value & 0xffff;
  return value < 0 ? BigInt.asUintN(64, BigInt(value)) : value;
}
