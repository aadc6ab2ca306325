/** A count as people read it: 1,234,567. */
export function number(value: number): string {
  return value.toLocaleString('en');
}

/** `contextSwitches` as words: context switches. */
export function words(name: string): string {
  return name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
}

/** `1 page`, `2 pages`. */
export function plural(count: number, noun: string): string {
  return `${number(count)} ${noun}${count === 1 ? '' : 's'}`;
}
