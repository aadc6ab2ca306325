/**
 * npm run test:linux -- [--count 2000] [--seed 1] [--no-shrink]
 *
 * Random call sequences on the host's kernel and on the simulated one. Prints each difference with its shortest sequence,
 * then what was tried. Exit status 1 if there was a difference.
 */
import { compare, describe, kindOf, shrink, type Comparison } from './compare.js';
import { generate } from './generate.js';
import { Host, missing } from './host.js';

function option(name: string, normal: number): number {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? normal : Number(process.argv[at + 1]);
}

const lack = missing();
if (lack) {
  console.log(`skipped: ${lack}`);
  process.exit(0);
}

const count = option('count', 2000);
const seed = option('seed', 1);
const total: Comparison = { differences: [], undecided: [], races: [], calls: new Map(), made: 0, blocked: 0 };
const kinds = new Set<string>();
const host = new Host();
try {
  for (let done = 0; done < count; done += 200) {
    const numbers = Array.from({ length: Math.min(200, count - done) }, (_, i) => seed + done + i);
    const part = compare(host, new Map(numbers.map((number) => [number, generate(number)])));
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
if (total.undecided.length > 0) console.log(`the host did not agree with itself on: ${total.undecided.join(', ')}`);
if (total.races.length > 0) console.log(`one event woke several, in another order: ${total.races.join(', ')}`);
console.log(`${total.differences.length} differences`);
process.exitCode = total.differences.length > 0 ? 1 : 0;
