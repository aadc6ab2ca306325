/** A comparison as text, Markdown, CSV or JSON. Figures are lines and runs are columns, but for CSV and JSON. */
import type { FigureInfo } from '../../computer/figures.js';
import { visible, visibleJson } from '../../language/visible.js';
import type { Column, Comparison, Spread } from './comparison.js';
import { figureText } from './figure-text.js';

export type Format = (comparison: Comparison) => string;

/** Characters a line of the text has: more columns begin a table of their own below. */
const WIDTH = 120;

interface Row {
  group: string;
  title: string;
  cells: string[];
}

/** Every line of the table but its heading. */
function rowsOf({ columns, rows }: Comparison): Row[] {
  const first: Row[] = [
    { group: 'Run', title: 'outcome', cells: columns.map(({ outcome }) => outcome) },
    { group: 'Run', title: 'scheduler', cells: columns.map(({ sample }) => sample.scheduler) },
    { group: 'Run', title: 'CPUs', cells: columns.map(({ sample }) => String(sample.cpus)) },
    { group: 'Run', title: 'costs', cells: columns.map(({ sample }) => sample.costs) },
  ];
  const ofFigure = (info: FigureInfo): Row => ({
    group: info.group,
    title: info.title,
    cells: columns.map(({ figures, sample }) => cell(info, figures[info.key] ?? null, sample.costs)),
  });
  return [...first, ...rows.map(ofFigure)];
}

/** `12`, or of several seeds that differ `12 (10–15)`: the median, the least and the most. */
function cell({ unit }: FigureInfo, spread: Spread | null, costs: string): string {
  if (spread === null) return '–';
  const text = (value: number): string => figureText(value, unit, costs);
  const { median, min, max } = spread;
  return min === max ? text(median) : `${text(median)} (${text(min)}–${text(max)})`;
}

const text: Format = (comparison) => {
  const titles = comparison.columns.map(({ title }) => visible(title));
  const rows = rowsOf(comparison);
  const label = Math.max(...rows.map(({ title }) => title.length)) + 2;
  const widths = titles.map((title, i) => Math.max(title.length, ...rows.map(({ cells }) => (cells[i] ?? '').length)));
  const parts: string[] = [];
  for (let from = 0; from < titles.length;) {
    let to = from + 1;
    let used = label + 2 + (widths[from] ?? 0);
    while (to < titles.length && used + 2 + (widths[to] ?? 0) <= WIDTH) used += 2 + (widths[to++] ?? 0);
    parts.push(block(titles, rows, widths, label, from, to));
    from = to;
  }
  return `${parts.join('\n')}${note(comparison)}`;
};

/** The columns `from` … `to` - 1. */
function block(titles: string[], rows: Row[], widths: number[], label: number, from: number, to: number): string {
  const line = (head: string, cells: readonly string[]): string =>
    `${head.padEnd(label)}${cells
      .slice(from, to)
      .map((each, i) => `  ${each.padStart(widths[from + i] ?? 0)}`)
      .join('')}`.trimEnd();
  const lines = [line('', titles)];
  let group = '';
  for (const row of rows) {
    if (row.group !== group) lines.push((group = row.group));
    lines.push(line(`  ${row.title}`, row.cells));
  }
  return `${lines.join('\n')}\n`;
}

const markdown: Format = (comparison) => {
  const escaped = (word: string): string => visible(word).replace(/[|\\`*_<>[\]]/g, '\\$&');
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  const { columns } = comparison;
  let lines = line(['', ...columns.map(({ title }) => escaped(title))]) + line(['---', ...columns.map(() => '---:')]);
  let group = '';
  for (const row of rowsOf(comparison)) {
    if (row.group !== group) lines += line([`**${(group = row.group)}**`, ...columns.map(() => '')]);
    lines += line([row.title, ...row.cells.map(escaped)]);
  }
  return `${lines}${note(comparison)}`;
};

/** What the figures are, below the table. */
function note({ seeds, columns }: Comparison): string {
  const least = Math.min(...columns.map(({ runs }) => runs));
  const most = Math.max(...columns.map(({ runs }) => runs));
  if (seeds.length < 2) return '';
  const runs = least === most ? `${most} runs` : `${least} to ${most} runs`;
  return `\nEach figure is the median of ${runs}, one a seed; in brackets the least and the most.\n`;
}

const csv: Format = ({ columns, rows, seeds }) => {
  const params = [...new Set(columns.flatMap(({ variant }) => Object.keys(variant.set)))];
  const spread = seeds.length > 1;
  const head = ['file', ...params, 'scheduler', 'cpus', 'costs', 'runs', 'outcome'];
  const keys = rows.flatMap(({ key }) => (spread ? [key, `${key}_min`, `${key}_max`] : [key]));
  const cells = ({ variant, sample, runs, outcome, figures }: Column): (string | number)[] => [
    variant.file,
    ...params.map((name) => variant.set[name] ?? ''),
    sample.scheduler,
    sample.cpus,
    sample.costs,
    runs,
    outcome,
    ...rows.flatMap(({ key }): (string | number)[] => {
      const figure = figures[key];
      if (!figure) return spread ? ['', '', ''] : [''];
      return spread ? [figure.median, figure.min, figure.max] : [figure.median];
    }),
  ];
  const line = (row: readonly (string | number)[]): string => `${row.map(quoted).join(',')}\n`;
  return [line([...head, ...keys]), ...columns.map((column) => line(cells(column)))].join('');
};

/** As RFC 4180 has it. */
function quoted(cell: string | number): string {
  const word = String(cell);
  return /[",\r\n]/.test(word) ? `"${word.replaceAll('"', '""')}"` : word;
}

const json: Format = ({ columns, rows, seeds }) => {
  const runs = columns.map(({ title, variant, sample, outcome, figures, ...column }) => ({
    title,
    file: variant.file,
    set: variant.set,
    scheduler: sample.scheduler,
    cpus: sample.cpus,
    costs: sample.costs,
    runs: column.runs,
    outcome,
    figures: Object.fromEntries(rows.map(({ key }) => [key, figures[key]?.median ?? null])),
    ...(seeds.length > 1 && { spread: Object.fromEntries(rows.map(({ key }) => [key, range(figures[key])])) }),
  }));
  const infos = rows.map(({ key, group, title, unit }) => ({ key, group, title, unit }));
  return `${visibleJson({ figures: infos, seeds, runs }, 2)}\n`;
};

function range(spread: Spread | null | undefined): [number, number] | null {
  return spread ? [spread.min, spread.max] : null;
}

export const FORMATS = { text, md: markdown, csv, json } satisfies Record<string, Format>;
