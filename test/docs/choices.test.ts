import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { CHOICE_KINDS } from '../../src/machine/choices.js';

describe('docs/choices.md', () => {
  it('has every kind of choice, with its rule', () => {
    const text = readFileSync(new URL('../../docs/choices.md', import.meta.url), 'utf8');
    const rows = [...text.matchAll(/^\| `(\w+)` *\| (.*?) *\| (.*?) *\| (.*?) *\|$/gm)].map(([, ...cells]) => cells);
    assert.deepEqual(
      rows.map(([kind, what, rule, seeded]) => [kind, what, rule, seeded === 'the same']),
      Object.entries(CHOICE_KINDS).map(([kind, { what, rule, seed }]) => [kind, what, rule, seed === 'never']),
    );
  });
});
