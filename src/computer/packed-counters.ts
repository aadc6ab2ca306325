/**
 * The counters of a process that has ended, in few bytes: a run may have had a million of them. A string: the number of
 * the list of names, then the values in its order, each in digits of seven bits, the last one without its high bit.
 * Negative ones are folded in between, as in Protocol Buffers ("zigzag").
 */

/** All lists of names that were ever given, by their number. There are very few. */
const lists: (readonly string[])[] = [];
const numbers = new Map<readonly string[], number>();

/** @param names the same array each time: a list of its own for each process would be kept for ever */
export function packCounters(names: readonly string[], integers: readonly number[]): string {
  let number = numbers.get(names);
  if (number === undefined) {
    numbers.set(names, (number = lists.length));
    lists.push(names);
  }
  const codes: number[] = [];
  addDigits(codes, number);
  for (const integer of integers) addDigits(codes, folded(integer));
  return String.fromCharCode(...codes);
}

/** What packCounters() was given. */
export function unpackCounters(packed: string): Record<string, number> {
  let at = 0;
  const next = (): number => {
    let value = 0;
    for (let unit = 1; ; unit *= 128) {
      const digit = packed.charCodeAt(at++);
      value += (digit & 127) * unit;
      if (digit < 128) return value;
    }
  };
  const names = lists[next()];
  return Object.fromEntries(names.map((name) => [name, unfolded(next())]));
}

function folded(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}

function unfolded(value: number): number {
  return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
}

function addDigits(codes: number[], value: number): void {
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) codes.push(128 | (rest % 128));
  codes.push(rest);
}
