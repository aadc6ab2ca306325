/** Figures as people read them. Under the `linux` costs a tick is a nanosecond, and times are written as such. */
import type { Unit } from '../../computer/figures.js';

export function figureText(value: number, unit: Unit, costs: string): string {
  switch (unit) {
    case 'ticks':
      return costs === 'linux' ? timeText(value) : grouped(value);
    case 'bytes':
      return bytesText(value);
    case 'share':
      return `${(value * 100).toFixed(1)} %`;
    case 'rate':
      return costs === 'linux' ? `${grouped(value * 1e9)}/s` : `${grouped(value * 1000)}/1000 ticks`;
    case 'count':
      return grouped(value);
  }
}

/** `12,345`; of a number that is not whole, three digits at least: `3.25`. */
function grouped(value: number): string {
  const digits = Number.isInteger(value) || value >= 100 ? 0 : value >= 10 ? 1 : 2;
  const [whole = '', fraction] = value.toFixed(digits).split('.');
  const text = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? text : `${text}.${fraction}`;
}

function timeText(ns: number): string {
  const units = [
    ['s', 1e9],
    ['ms', 1e6],
    ['µs', 1e3],
  ] as const;
  for (const [name, size] of units) if (ns >= size) return `${threeDigits(ns / size)} ${name}`;
  return `${grouped(ns)} ns`;
}

function bytesText(bytes: number): string {
  const units = [
    ['GiB', 2 ** 30],
    ['MiB', 2 ** 20],
    ['KiB', 2 ** 10],
  ] as const;
  for (const [name, size] of units) if (bytes >= size) return `${threeDigits(bytes / size)} ${name}`;
  return `${grouped(bytes)} B`;
}

function threeDigits(value: number): string {
  return value >= 100 ? grouped(Math.round(value)) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
