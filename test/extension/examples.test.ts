/** Copies of examples: which files, whole or not at all, and never over what a user has. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as script from '../../scripts/gallery.mjs';
import { copyMissing, filesOf, namedIn, type Folder } from '../../src/extension/example-files.js';
import { examplesFolder } from '../../src/extension/examples-folder-node.js';

/** A folder in memory that can be told to fail. */
class Memory implements Folder {
  readonly files: Map<string, string>;
  /** Called before each change. */
  before: (what: 'write' | 'rename', name: string) => void = () => {};

  constructor(files: Record<string, string> = {}) {
    this.files = new Map(Object.entries(files));
  }
  async read(name: string): Promise<Uint8Array> {
    const text = this.files.get(name);
    if (text === undefined) throw new Error(`${name} is not there`);
    return new TextEncoder().encode(text);
  }
  async has(name: string): Promise<boolean> {
    return this.files.has(name);
  }
  async write(name: string, contents: Uint8Array): Promise<void> {
    // Half of it is there when it fails.
    this.files.set(name, new TextDecoder().decode(contents.slice(0, contents.length / 2)));
    this.before('write', name);
    this.files.set(name, new TextDecoder().decode(contents));
  }
  async rename(from: string, to: string): Promise<void> {
    this.before('rename', to);
    assert.ok(!this.files.has(to), `${to} is there`);
    this.files.set(to, this.files.get(from) ?? '');
    this.files.delete(from);
  }
  async remove(name: string): Promise<void> {
    this.files.delete(name);
  }
  get names(): string[] {
    return [...this.files.keys()].sort();
  }
}

const GALLERY = {
  'lesson.osim':
    'import "./peers.osim";\nimport "std/stdio";\nfile "/a" from "data/a.bin";\nfile "/b" = "from";\nprocess p {}\n',
  'peers.osim': 'import "lib/deep.osim"; // import "./not-this.osim";\n',
  'lib/deep.osim': 'import "../peers.osim";\nfile "/c" from "c.txt";\nvar s = "import \\"x.osim\\"";\nvar q = \'"\';\n',
  'lib/c.txt': 'import "never.osim";',
  'data/a.bin': 'bytes',
  'other.osim': 'process other {}\n',
};

describe('examples: what is copied', () => {
  it('is the example with all that it imports and takes contents from, however far, in circles too', async () => {
    assert.deepEqual(await filesOf('lesson.osim', new Memory(GALLERY)), [
      'lib/c.txt',
      'lib/deep.osim',
      'peers.osim',
      'data/a.bin',
      'lesson.osim',
    ]);
    assert.deepEqual(await filesOf('other.osim', new Memory(GALLERY)), ['other.osim']);
  });

  it('is found in code, not in comments and literals', () => {
    const text =
      '/* import "a.osim"; */ // import "b.osim"\nlet x = "import"; let y = \'"\'; import\n  "c.osim"; from "d"; file "/x" from "e"; machine { scheduler = "./f.osim"; costs = "g"; }';
    assert.deepEqual(namedIn(text), { imports: ['c.osim'], contents: ['e', './f.osim'] });
  });

  it('is in the folder', async () => {
    const gallery = new Memory({ 'a.osim': 'import "../../secret.osim";' });
    await assert.rejects(filesOf('a.osim', gallery), /a\.osim names \.\.\/\.\.\/secret\.osim, outside of the examples/);
  });

  it('finds each example of the gallery complete, and no more than it needs', async () => {
    const folder = 'examples';
    const disk = { read: async (name: string) => readFileSync(path.join(folder, name)) };
    const lessons = readdirSync(folder).filter((name) => name.endsWith('.osim'));
    for (const name of lessons) {
      const files = await filesOf(name, disk);
      const text = readFileSync(path.join(folder, name), 'utf8');
      const imported = [...text.matchAll(/^import "\.\/([\w-]+\.osim)";/gm)].map(([, file]) => file);
      const policy = /^ *scheduler = "\.\/([\w-]+\.osim)";/m.exec(text)?.slice(1) ?? [];
      assert.deepEqual(files, [...imported, ...policy, name]);
    }
  });
});

describe('examples: how it is copied', () => {
  it('once: what the user has changed stays, what was deleted comes again', async () => {
    const [gallery, own] = [new Memory(GALLERY), new Memory()];
    const names = await filesOf('lesson.osim', gallery);
    assert.deepEqual(await copyMissing(names, gallery, own), names);
    assert.deepEqual(own.names, [...names].sort());
    own.files.set('peers.osim', '// mine');
    own.files.delete('data/a.bin');
    assert.deepEqual(await copyMissing(names, gallery, own), ['data/a.bin']);
    assert.equal(own.files.get('peers.osim'), '// mine');
    assert.equal(own.files.get('lesson.osim'), GALLERY['lesson.osim']);
  });

  it('whole or not at all, wherever it fails; what was there before stays', async () => {
    const gallery = new Memory(GALLERY);
    const names = await filesOf('lesson.osim', gallery);
    for (const kind of ['write', 'rename'] as const) {
      for (const at of names.filter((name) => name !== 'peers.osim')) {
        const own = new Memory({ 'peers.osim': '// mine', 'mine.osim': '' });
        own.before = (what, name) => {
          if (what === kind && name.replace(/\.partial$/, '') === at) throw new Error('the disk is full');
        };
        await assert.rejects(copyMissing(names, gallery, own), /the disk is full/);
        assert.deepEqual(
          [...own.files],
          [
            ['peers.osim', '// mine'],
            ['mine.osim', ''],
          ],
          `${kind} of ${at}`,
        );
      }
    }
  });
});

describe('examples: npm start', () => {
  let folder = '';
  beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'osim-examples-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('copies all lessons, without their walks, and none over a copy', () => {
    const own = path.join(folder, 'mine', 'examples');
    const copied = script.copyMissing('examples', own);
    const lessons = readdirSync('examples').filter((name) => name.endsWith('.osim'));
    assert.deepEqual(copied, lessons);
    assert.deepEqual(readdirSync(own), lessons);
    writeFileSync(path.join(own, 'pipe.osim'), '// mine');
    rmSync(path.join(own, 'shell.osim'));
    assert.deepEqual(script.copyMissing('examples', own), ['shell.osim']);
    assert.equal(readFileSync(path.join(own, 'pipe.osim'), 'utf8'), '// mine');
  });

  it('leaves no half of a file behind', () => {
    mkdirSync(path.join(folder, 'gallery'));
    // A folder can't be read as a file.
    mkdirSync(path.join(folder, 'gallery', 'a.osim'));
    assert.throws(() => script.copyMissing(path.join(folder, 'gallery'), path.join(folder, 'own')), /EISDIR/);
    assert.deepEqual(readdirSync(path.join(folder, 'own')), []);
  });

  it('and the extension mean the same folder', () => {
    const before = process.env['OSIM_EXAMPLES'];
    try {
      delete process.env['OSIM_EXAMPLES'];
      assert.equal(script.examplesFolder(), examplesFolder());
      assert.match(examplesFolder(), /osim-examples$/);
      process.env['OSIM_EXAMPLES'] = folder;
      assert.equal(script.examplesFolder(), folder);
      assert.equal(examplesFolder(), folder);
    } finally {
      if (before === undefined) delete process.env['OSIM_EXAMPLES'];
      else process.env['OSIM_EXAMPLES'] = before;
    }
  });
});
