/**
 * npm run bench             measures everything, and writes docs/benchmarks.md
 * npm run bench -- NAME     measures one bench, or a group of them, and only prints
 *
 * Each figure is the median of at least five rounds in which we and our peers take turns, so that both have the same
 * weather. Each bench has a process of its own: what one teaches the JIT compiler does not weigh on the next. Nothing
 * here fails a build: a shared machine is no judge. `npm run build` must have been run before.
 */
import { fork } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { fileURLToPath } from 'node:url';
import { ROUNDS, type Bench, type Row, type Target } from './measure.js';

/** Names that stand for several benches. */
const GROUPS: Readonly<Record<string, readonly string[]>> = { vm: ['user-code', 'system-calls', 'events'] };
const REPORT = 'docs/benchmarks.md';
const folder = new URL('./', import.meta.url);

const wanted = process.argv.slice(2).flatMap((name) => GROUPS[name] ?? [name]);
const benches = await load();
const unknown = wanted.filter((name) => !benches.some((bench) => bench.name === name));
if (unknown.length > 0) {
  console.error(
    `there is no bench ${unknown.join(', ')}; there are: ${[...benches.map(({ name }) => name), ...Object.keys(GROUPS)].join(', ')}`,
  );
  process.exit(2);
}

const chosen = benches.filter((bench) => wanted.length === 0 || wanted.includes(bench.name));
const sections: string[] = [];
for (const bench of chosen) {
  sections.push(section(bench, await (chosen.length > 1 ? runApart(bench) : run(bench))));
}
if (wanted.length === 0) {
  writeFileSync(REPORT, [heading(), ...sections, writtenByHand()].join('\n'));
  console.log(`written: ${REPORT}`);
}

/** Measures and prints. */
async function run(bench: Bench): Promise<Row[]> {
  console.log(`${bench.name}:`);
  const rows = await bench.run();
  for (const row of rows) console.log(`  ${line(row)}`);
  process.send?.(rows);
  return rows;
}

/** The same in a process of its own. */
function runApart({ name }: Bench): Promise<Row[]> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url), [name]);
    child.once('message', (rows) => resolve(rows as Row[]));
    child.once('exit', (status) => reject(new Error(`the bench ${name} ended with status ${status} and no figures`)));
  });
}

async function load(): Promise<Bench[]> {
  const files = readdirSync(folder).filter((file) => file.endsWith('.bench.ts'));
  const modules = files.sort().map((file) => import(new URL(file, folder).href) as Promise<{ bench: Bench }>);
  return (await Promise.all(modules)).map(({ bench }) => bench);
}

function line(row: Row): string {
  const figure = `${row.what}: ${amount(row.ours)} ${row.unit}`;
  if (row.peer === null) return figure;
  if (row.theirs === null) return `${figure}; ${row.peer} is not installed`;
  const bound = row.target === null ? '' : `, wanted ${wish(row.target)}: ${verdict(row)}`;
  return `${figure} = ${ratio(row).toPrecision(3)}× ${row.peer} (${amount(row.theirs)}${bound})`;
}

function ratio(row: Row): number {
  return row.ours / (row.theirs ?? NaN);
}

function wish(target: Target): string {
  if ('least' in target) return `≥ ${target.least}×`;
  return 'most' in target ? `≤ ${target.most}×` : `1 ± ${target.within}`;
}

function verdict({ ours, theirs, target }: Row): string {
  if (target === null || theirs === null) return '';
  return isReached(ours / theirs, target) ? 'reached' : 'missed';
}

function isReached(found: number, target: Target): boolean {
  if ('least' in target) return found >= target.least;
  return 'most' in target ? found <= target.most : Math.abs(found - 1) <= target.within;
}

/** A number that a person can read: 3 digits and a prefix. */
function amount(figure: number): string {
  for (const [unit, size] of [
    ['G', 1e9],
    ['M', 1e6],
    ['k', 1e3],
  ] as const) {
    if (figure >= size) return `${(figure / size).toPrecision(3)} ${unit}`;
  }
  return figure.toPrecision(3);
}

/** What stands in the report below this line is kept: measurements of another kind, and what came of them. */
const BY_HAND = '<!-- What follows is written by hand. -->';

function writtenByHand(): string {
  const before = readFileSync(REPORT, 'utf8');
  const at = before.indexOf(BY_HAND);
  return at < 0 ? '' : `\n${before.slice(at)}`;
}

function heading(): string {
  const [cpu] = os.cpus();
  const version = (JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }).version;
  return `# Benchmarks

Made by \`npm run build && npm run bench\`: OSim ${version}, Node ${process.version}, ${os.cpus().length} × ${cpu?.model.trim()},
${(os.totalmem() / 2 ** 30).toFixed(0)} GiB, ${os.type()} ${os.release()}. Each figure is the median of ${ROUNDS} rounds, in which we and the peers
take turns. Figures in italics were measured elsewhere, once. The load of the machine at the end was ${os.loadavg()[0]?.toFixed(1)}.
`;
}

function section(bench: Bench, rows: readonly Row[]): string {
  const lines = rows.map((row) => {
    const theirs = row.theirs === null ? 'not installed' : amount(row.theirs);
    const shown = row.measured ? theirs : `_${theirs}_`;
    const target = row.target === null ? '' : wish(row.target);
    const cells = [row.what, `${amount(row.ours)} ${row.unit}`, row.peer ?? '', row.peer === null ? '' : shown];
    cells.push(row.theirs === null ? '' : ratio(row).toPrecision(3), target, verdict(row));
    return `| ${cells.join(' | ')} |`;
  });
  return [
    `\n## ${bench.name}\n`,
    '| what | OSim | against | its figure | ratio | wanted | |',
    '|---|---|---|---|---|---|---|',
    ...lines,
    '',
  ].join('\n');
}
