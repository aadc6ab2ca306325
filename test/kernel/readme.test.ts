/** The map is true: its folders, files and functions exist; the walk through read() is what a read() does. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { FOLDERS } from '../../scripts/kernel-order.mjs';
import { computerFor, system } from '../system.js';
import { kernelFolder, kernelPaths } from '../kernel-file.js';

const text = readFileSync(path.join(kernelFolder, 'README.md'), 'utf8');
/** What does not exist yet: the map says where it would go. */
const TO_COME: string[] = [];

const functions = new Set(system().kernel.functions.map(({ name }) => name));
const walk = text.slice(text.indexOf('## One call from end to end'), text.indexOf('## A course'));

describe('the map of the kernel', () => {
  it('has the folders in the order that the check holds', () => {
    const rows = [...text.matchAll(/^\| `(\w+)` +\| /gm)].map(([, folder]) => folder);
    assert.deepEqual(rows, [...FOLDERS]);
  });

  it('names files that are there', () => {
    const named = [...text.matchAll(/`(\w+\/\w+\.osim)`/g)].map(([, file = '']) => file);
    assert.ok(named.length > 40, `only ${named.length} files are named`);
    assert.deepEqual(
      named.filter((file) => !kernelPaths.includes(file) && !TO_COME.includes(file)),
      [],
    );
  });

  it('gives breakpoints that can be set', () => {
    const course = text.slice(text.indexOf('## A course'), text.indexOf('## Where a new thing goes'));
    const rows = course.split('\n').filter((line) => /^\| \d/.test(line));
    const wanted = rows.flatMap((row) =>
      [...(row.split('|')[4] ?? '').matchAll(/`(\w+)`/g)].map(([, name = '']) => name),
    );
    assert.ok(wanted.length >= 20, `only ${wanted.length} breakpoints`);
    assert.deepEqual(
      wanted.filter((name) => !functions.has(name)),
      [],
    );
  });

  it('walks through read() as a read() of a file on the disk does', () => {
    const steps = [...walk.matchAll(/^\d+\. .*?\*\*`(\w+)`\*\*/gm)].map(([, name = '']) => name);
    assert.equal(steps.length, 11);
    const { machine } = computerFor(readFileSync('examples/blocking-read.osim', 'utf8'));
    const entries = new Map(
      machine.program.functions.filter(({ name }) => steps.includes(name)).map(({ entry, name }) => [entry, name]),
    );
    const passed: string[] = [];
    for (let i = 0; i < 200_000 && !machine.outcome && passed.length < steps.length; i++) {
      machine.run(1);
      const name = entries.get(machine.cpu.pc);
      // The first step of the walk is the read's own trap: what came before it is of other calls.
      if (name === steps[passed.length]) passed.push(name);
    }
    assert.deepEqual(passed, steps);
  });
});
