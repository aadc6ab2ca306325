import assert from 'node:assert/strict';
import { docOfStruct } from '../../src/computer/struct-docs.js';
import { parseSource } from '../../src/language/parse.js';
import { structDoc, type StructDoc } from '../../src/language/struct-doc.js';
import { computerFor, system } from '../system.js';

function docOf(text: string): StructDoc | undefined {
  const [item] = parseSource(text, 'a.osim').ast.items;
  return item?.$type === 'Struct' ? structDoc(item, text) : undefined;
}

describe('the comments of structs', () => {
  it('say what a field is, and under which heading it stands', () => {
    const doc = docOf(`// A thing.
struct Thing {
  first;

  // Files (files.osim)
  cwd;                   // where it stands
  umask = 0o022;
  path = "//";           // a text that looks like a comment,
                         // told on two lines

  // Limits: never changed, only replaced
  limits;
  others;                // these have a comment
}
`);
    assert.equal(doc?.comment, 'A thing.');
    assert.deepEqual(
      [...(doc?.fields ?? [])],
      [
        ['first', {}],
        ['cwd', { group: 'Files', comment: 'where it stands' }],
        ['umask', { group: 'Files' }],
        ['path', { group: 'Files', comment: 'a text that looks like a comment, told on two lines' }],
        ['limits', { group: 'Limits', comment: 'never changed, only replaced' }],
        ['others', { group: 'Limits', comment: 'these have a comment' }],
      ],
    );
  });

  it('of one line stand behind it, and are of the struct', () => {
    const doc = docOf('struct Pair { one; two; }   // both of them\n');
    assert.equal(doc?.comment, 'both of them');
    assert.deepEqual(
      [...(doc?.fields ?? [])],
      [
        ['one', {}],
        ['two', {}],
      ],
    );
  });

  it('are those of the kernel that runs', () => {
    const { machine } = computerFor('process p { }');
    assert.equal(docOfStruct(machine, 'Task')?.fields.get('wait_channel')?.group, 'State');
    assert.equal(docOfStruct(machine, 'Pipe')?.fields.get('used')?.comment, 'bytes in all of them');
    assert.equal(docOfStruct(machine, 'NoSuchStruct'), undefined);
    const file = system().kernel.files.find(({ text }) => text?.includes('struct Pipe {'));
    const text = file?.text?.replace('// bytes in all of them', '// how full it is') ?? '';
    const own = computerFor('process p { }', { kernelFiles: [{ uri: '/pipe.osim', text }] });
    assert.equal(docOfStruct(own.machine, 'Pipe')?.fields.get('used')?.comment, 'how full it is');
  });
});
