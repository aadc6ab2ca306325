import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Machine } from '../../src/machine/machine.js';
import { ListValue, MapValue, RecordValue, type Value } from '../../src/machine/values.js';
import { GLOBAL_LINKS, kernelGlobal, LINKS, members } from '../../src/computer/kernel-records.js';
import { computerOf, programs, root } from '../std/program-run.js';
import { runTo } from '../system.js';

/** What each struct's fields are, from kernel-layout.ts. */
const kinds = new Map(
  [
    ...readFileSync(path.join(root, 'src/computer/kernel-layout.ts'), 'utf8').matchAll(
      /^ {2}(\w+): \{\n(.*?)^ {2}\};/gms,
    ),
  ].map(([, name = '', fields = '']) => [
    name,
    new Map([...fields.matchAll(/(\w+): (\w+);$/gm)].map(([, field = '', kind = '']) => [field, kind])),
  ]),
);

/** All records that the kernel can reach. */
function recordsOf(machine: Machine): RecordValue[] {
  const seen = new Set<Value>();
  const found: RecordValue[] = [];
  const todo: Value[] = [...machine.kernelData.values, ...machine.cpus.map(({ task }) => task)];
  while (todo.length > 0) {
    const value = todo.pop() ?? null;
    if (value === null || typeof value !== 'object' || seen.has(value)) continue;
    seen.add(value);
    if (value instanceof RecordValue) {
      found.push(value);
      todo.push(...value.fields);
    } else if (value instanceof ListValue) todo.push(...value.toArray());
    else if (value instanceof MapValue) todo.push(...value.entries.values());
  }
  return found;
}

/** Whether a record can be read as one of a struct or table: it has that name, or all its fields. */
function isLike(record: RecordValue, name: string): boolean {
  return (
    record.shape.name === name ||
    [...(kinds.get(name)?.keys() ?? [])].every((field) => record.shape.fields.includes(field))
  );
}

class Report {
  readonly wrong = new Set<string>();
  readonly seen = new Set<string>();

  link(from: string, link: string, value: Value): void {
    const many = link.endsWith('[]');
    const name = many ? link.slice(0, -2) : link;
    for (const found of many ? members(value) : [value]) {
      if (found === null) continue;
      if (found instanceof RecordValue && isLike(found, name)) this.seen.add(from);
      else this.wrong.add(`${from} is no ${name}`);
    }
  }

  kind(from: string, kind: string, value: Value): void {
    if (kind === 'Value' || value === null || typeof value === kind) return;
    this.wrong.add(`${from} is no ${kind}, but ${typeof value}`);
  }
}

describe('what kernel-records.ts says of the kernel', function () {
  this.timeout(240_000);

  it('is true in the examples: which struct a field holds, and of which kind it is', () => {
    const report = new Report();
    const look = (machine: Machine): void => {
      for (const [name, link] of Object.entries(GLOBAL_LINKS)) {
        report.link(name, link, kernelGlobal(machine, name as keyof typeof GLOBAL_LINKS));
      }
      for (const record of recordsOf(machine)) {
        const struct = record.shape.name ?? '';
        const links = new Map(Object.entries(Object.entries(LINKS).find(([name]) => name === struct)?.[1] ?? {}));
        record.shape.fields.forEach((field, i) => {
          const from = `${struct}.${field}`;
          report.kind(from, kinds.get(struct)?.get(field) ?? 'Value', record.fields[i]);
          const link = links.get(field);
          if (link !== undefined) report.link(from, link, record.fields[i]);
        });
      }
    };
    for (const file of programs('examples')) {
      const { machine } = computerOf(file);
      for (let step = 1000; !machine.outcome && step < 400_000; step *= 1.5) {
        runTo(machine, Math.floor(step));
        look(machine);
      }
    }
    assert.deepEqual([...report.wrong], []);
    const all = Object.entries(LINKS).flatMap(([struct, links]) =>
      Object.keys(links).map((field) => `${struct}.${field}`),
    );
    const unseen = [...all, ...Object.keys(GLOBAL_LINKS)].filter((from) => !report.seen.has(from));
    assert.deepEqual(unseen, [], 'no example shows that these are true');
  });
});
