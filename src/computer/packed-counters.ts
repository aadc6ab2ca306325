/**
 * The counters of a process that has ended, in few bytes: a run may have had a million of them. A string: the number of the list of
 * names, then the values in its order, each in digits of seven bits, the last one without its high bit. Negative ones are folded in
 * between, as in Protocol Buffers ("zigzag").
 */

/** All lists of names that were ever seen, by their number. There are very few. */
const lists: (readonly string[])[] = [];
const numbers = new Map<string, number>();

/** @param counters integers */
export function packCounters(counters: Record<string, number>): string {
  const names = Object.keys(counters);
  const key = names.join(' ');
  let number = numbers.get(key);
  if (number === undefined) {
    numbers.set(key, (number = lists.length));
    lists.push(names);
  }
  return digits(number) + names.map((name) => digits(folded(counters[name]))).join('');
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

function digits(value: number): string {
  let text = '';
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) text += String.fromCharCode(128 | (rest % 128));
  return text + String.fromCharCode(rest);
}
