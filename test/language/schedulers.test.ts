/** The schedulers stand in one list: whatever else names them has the same ones. */
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { SCHEDULER_NAMES } from '../../src/language/schedulers.js';
import { settingShape } from '../../src/language/settings.js';

const read = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');

describe('the list of schedulers', () => {
  const names = [...SCHEDULER_NAMES];

  it('is that of the kernel: a file each, and all in policies.osim', () => {
    const policies = read('src/kernel/policy/policies.osim');
    const list = /^const policies = \[([^\]]*)\]/m.exec(policies)?.[1] ?? '';
    assert.deepEqual([...list.matchAll(/(\w+)_policy/g)].map(([, name]) => name).sort(), [...names].sort());
    for (const name of names) {
      const text = read(`src/kernel/policy/sched_${name}.osim`);
      assert.match(text, new RegExp(`^const ${name}_policy = Policy \\{\n  name: "${name}",$`, 'm'));
      assert.match(text, /^\/\/ Ties: /m, `sched_${name}.osim says how ties are broken`);
    }
    const files = readdirSync(new URL('../../src/kernel/policy', import.meta.url));
    assert.equal(files.filter((file) => file.startsWith('sched_')).length, names.length + 1, 'and sched_own.osim');
  });

  it('is that of a program’s settings', () => {
    const shape = settingShape('scheduler');
    assert.deepEqual(shape?.kind === 'word' ? shape.words : [], names);
  });

  it('is that of launch.json', () => {
    const manifest = JSON.parse(read('package.json')) as {
      contributes: {
        debuggers: {
          configurationAttributes: { launch: { properties: Record<string, { anyOf: { enum?: string[] }[] }> } };
        }[];
      };
    };
    const { scheduler } = manifest.contributes.debuggers[0].configurationAttributes.launch.properties;
    assert.deepEqual(scheduler.anyOf[0].enum, names);
  });

  it('is that of the snippets', () => {
    const choice = /scheduler = \$\{2\|([^|]*)\|\}/.exec(read('snippets/osim.json'))?.[1] ?? '';
    assert.deepEqual(choice.split(',').sort(), [...names].sort());
  });

  it('is that of the documents', () => {
    const row = /^\| `scheduler` .*$/m;
    for (const file of ['docs/language.md', 'docs/debugger.md']) {
      const cells = row.exec(read(file))?.[0].split('|') ?? [];
      const named = [...cells.join('|').matchAll(/`([a-z]+)`/g)].map(([, name]) => name);
      assert.deepEqual([...new Set(named)].filter((name) => name !== 'scheduler').sort(), [...names].sort(), file);
    }
    const headings = [...read('docs/schedulers.md').matchAll(/^### `(\w+)`/gm)].map(([, name]) => name);
    assert.deepEqual(headings, names);
  });
});
