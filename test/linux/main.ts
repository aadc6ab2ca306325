/**
 * npm run test:linux -- [--count 2000] [--seed 1] [--theme edges] [--no-shrink]
 *
 * Random call sequences on the host's kernel and on the simulated one. Prints each difference with its shortest
 * sequence, then what was tried. Exit status 1 if there was a difference.
 *
 * npm run test:linux -- --faults [--count 600] [--only WORD] [--theme THEME]
 *
 * Puts each fault of faults.ts into the kernel and says how it is noticed: by a fact, a difference of the past, a
 * random sequence of the fault's own theme, or one of any theme. Exit status 1 if one stays unnoticed. WORD: those of
 * whose description it is a part; THEME: by random sequences of that one.
 */
import { readFileSync } from 'node:fs';
import { compare, describe, kindOf, nothingCompared, shrink, type Agreement } from './compare.js';
import { generate } from './generate.js';
import { FAULTS, find } from './faults.js';
import { Host, missing } from './host.js';
import { parseSequence, type Sequence } from './sequence.js';

/** The theme that is about what the faults of a group are about: "edges: a pipe of another size is none". */
const THEME_OF: Readonly<Record<string, string>> = {
  edges: 'edges',
  flags: 'flags',
  ports: 'ports',
  chains: 'uring',
  rights: 'rights',
  'job control': 'jobs',
  'open directories': 'open directories',
  holes: 'holes',
  mappings: 'remapping',
  futex: 'futexes',
};

/** So many sequences of its own theme a fault is looked for in before those of all themes. */
const OWN = 120;

function option(name: string, normal: number): number {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? normal : Number(process.argv[at + 1]);
}

const lack = missing();
if (lack) {
  console.log(`skipped: ${lack}`);
  process.exit(0);
}

function word(name: string): string | undefined {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? undefined : process.argv[at + 1];
}

const theme = word('theme');

if (process.argv.includes('--faults')) {
  findFaults(option('count', 600));
  process.exit();
}

const count = option('count', 2000);
const seed = option('seed', 1);
const total = nothingCompared();
const kinds = new Set<string>();
const host = new Host();
try {
  for (let done = 0; done < count; done += 200) {
    const numbers = Array.from({ length: Math.min(200, count - done) }, (_, i) => seed + done + i);
    const part = compare(host, new Map(numbers.map((number) => [number, generate(number, theme)])));
    for (const found of part.differences) {
      const kind = kindOf(found);
      const shown = kinds.has(kind) || process.argv.includes('--no-shrink') ? found : shrink(host, found);
      console.log(kinds.has(kind) ? `sequence ${found.number}: ${found.what} (as above)` : describe(shown));
      kinds.add(kind);
    }
    total.differences.push(...part.differences);
    total.undecided.push(...part.undecided);
    total.races.push(...part.races);
    for (const [group, n] of part.calls) total.calls.set(group, (total.calls.get(group) ?? 0) + n);
    total.made += part.made;
    total.blocked += part.blocked;
  }
} finally {
  host.dispose();
}
for (const [group, n] of [...total.calls].sort()) console.log(`${String(n).padStart(7)}  ${group}`);
const share = ((100 * total.blocked) / Math.max(total.made, 1)).toFixed(1);
console.log(`${total.made} calls, ${share} % of them blocked; ${count} sequences from seed ${seed}`);
if (total.undecided.length > 0)
  console.log(`the host was too slow for, or did not agree with itself on: ${total.undecided.join(', ')}`);
if (total.races.length > 0) console.log(`one event woke several, in another order: ${total.races.join(', ')}`);
const tooMany = total.races.length > count / 100;
console.log(
  `${total.races.length} left out for that${tooMany ? ': more than 1 %, so that differences may hide there' : ''}`,
);
console.log(`${total.differences.length} differences`);
process.exitCode = total.differences.length > 0 || tooMany ? 1 : 0;

function factsOf(name: string): Sequence[] {
  const facts = JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8')) as { steps: string[] }[];
  return facts.map(({ steps }) => parseSequence(steps));
}

/** What chance seldom meets, such as two zombies at once, a fact is there for: those come first. */
function findFaults(random: number): void {
  const host = new Host();
  const agreedOn = (sequences: Iterable<[number, Sequence]>): Map<number, Agreement> =>
    compare(host, new Map(sequences), { strict: true }).agreed;
  const made = new Map<string, Map<number, Agreement>>();
  const numbered = (count: number, about?: string): Map<number, Agreement> => {
    const known = made.get(about ?? '');
    if (known) return known;
    const fresh = agreedOn(Array.from({ length: count }, (_, i) => [i + 1, generate(i + 1, about)]));
    made.set(about ?? '', fresh);
    return fresh;
  };
  try {
    const facts = ['facts.json', 'regressions.json'].flatMap(factsOf);
    const known = agreedOn(facts.map((sequence, i) => [100_000 + i, sequence]));
    let found = 0;
    const faults = FAULTS.filter(({ what }) => what.includes(word('only') ?? ''));
    for (const fault of faults) {
      const own = THEME_OF[fault.what.split(':')[0] ?? ''];
      const noticed =
        find(fault, known) ??
        (own && !theme && random > 0 ? find(fault, numbered(Math.min(OWN, random), own)) : null) ??
        find(fault, numbered(random, theme));
      if (noticed) found++;
      const which = noticed && noticed.number < 100_000 ? ` (sequence ${noticed.number})` : '';
      console.log(`${noticed ? 'found  ' : 'MISSED '} ${fault.what}${noticed ? `: ${noticed.what}${which}` : ''}`);
    }
    console.log(`${found} of ${faults.length} faults found`);
    process.exitCode = found < faults.length ? 1 : 0;
  } finally {
    host.dispose();
  }
}
