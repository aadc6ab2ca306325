/**
 * Chooses what is worth translating: `npx tsx scripts/translator/choose.mts` runs the examples, the subjects of the
 * benchmarks and a machine with little memory, looks every 97 instructions where the machine is, and writes chosen.txt:
 * the functions of kernel and library in which nearly all of the time goes, each program counting the same. Code that
 * hardly ever runs would only make every start slower, since the host reads it all.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createComputer, type System } from '../../src/computer/computer.js';
import { SUBJECTS } from '../../test/bench/subjects.js';

/** The share of all instructions that the chosen functions execute. */
const SHARE = 0.97;
const EVERY = 97;
const MOST_STEPS = 5_000_000;

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const built = (name: string): never => JSON.parse(readFileSync(path.join(root, 'dist', name), 'utf8')) as never;
const system: System = {
  kernel: built('kernel.json'),
  library: built('libc.json'),
  libraryIndex: built('library.json'),
};
const modules: Record<string, string> = built('std.json');

/** The share of its instructions that each function executes; null for a file that is no program. */
function sharesOf(uri: string, text: string | undefined): Map<string, number> | null {
  const read = (name: string): string | undefined => {
    if (name === uri && text !== undefined) return text;
    try {
      return modules[name] ?? readFileSync(name, 'utf8');
    } catch {
      return undefined;
    }
  };
  const { computer } = createComputer(system, { uri, read });
  if (!computer) return null;
  const { machine } = computer;
  const counts = new Map<string, number>();
  let all = 0;
  while (!machine.outcome && machine.steps < MOST_STEPS) {
    machine.run(EVERY);
    const f = machine.program.functionAt(machine.cpu.pc);
    if (!f || f.image === 'program') continue;
    const name = `${f.image} ${f.name}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
    all++;
  }
  return new Map([...counts].map(([name, count]) => [name, count / all]));
}

const examples = readdirSync(path.join(root, 'examples'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.osim'))
  .sort()
  .map((name) => sharesOf(path.join(root, 'examples', name), undefined));
const subjects = SUBJECTS.map((subject) => sharesOf('/subject.osim', subject.program.replaceAll('N;', '300;')));
// No example is short of memory for long.
const pressure = sharesOf(path.join(root, 'test/kernel/mmap-pressure.osim'), undefined);
const programs = [...examples, ...subjects, pressure].filter((shares) => shares !== null);

const total = new Map<string, number>();
for (const shares of programs)
  for (const [name, share] of shares) total.set(name, (total.get(name) ?? 0) + share / programs.length);
const chosen: string[] = [];
let covered = 0;
for (const [name, share] of [...total].sort((a, b) => b[1] - a[1])) {
  if (covered >= SHARE) break;
  covered += share;
  chosen.push(name);
}
writeFileSync(path.join(root, 'scripts/translator/chosen.txt'), `${chosen.sort().join('\n')}\n`);
console.log(`${chosen.length} functions, ${(covered * 100).toFixed(1)} % of what ${programs.length} programs execute`);
