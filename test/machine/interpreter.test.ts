/** The interpreter is made of the instructions: each fused form does what they do, or is refused. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { instructionFiles, interpreter } from '../../scripts/interpreter.mjs';
import { OPCODE } from '../../src/machine/internal-opcodes.js';

const made = fileURLToPath(new URL('../../src/machine/generated/interpreter.ts', import.meta.url));

/** The case of an opcode, from its label to the next. */
function caseOf(text: string, name: string): string {
  return new RegExp(`^ *case Op\\.${name}:[^]*?(?=^ *(case Op\\.|default:))`, 'm').exec(text)?.[0] ?? '';
}

function without(files: Record<string, string>, file: string, text: string, instead = ''): Record<string, string> {
  assert.ok(files[file].includes(text), `${file} has ${text}`);
  return { ...files, [file]: files[file].replace(text, instead) };
}

describe('the interpreter', () => {
  const files = instructionFiles();

  it('is the one that the build has made', async () => {
    assert.equal(readFileSync(made, 'utf8').split('\n').slice(1).join('\n'), await interpreter(files));
  });

  it('has a case for every opcode', () => {
    const text = readFileSync(made, 'utf8');
    for (const name of Object.keys(OPCODE)) assert.notEqual(caseOf(text, name), '', name);
  });

  it('changes its fused forms with their instructions', async () => {
    const text = await interpreter(without(files, 'moves.ts', 'slots[fp + code[pc + 2]]', 'changed(slots)'));
    for (const name of ['MOV', 'MOV_MOV', 'MOV_GETF', 'MOV_CALL', 'GETF_MOV'])
      assert.match(caseOf(text, name), /changed\(slots\)/, name);
  });

  it('counts each instruction of a fused form', async () => {
    const text = caseOf(await interpreter(files), 'GETF_ADDI_SETF');
    assert.equal(text.match(/if \(left <= 0\) continue;\s+left--;/g)?.length, 2);
  });

  it('is not made of an instruction in the middle that may go elsewhere', async () => {
    const jump = without(files, 'moves.ts', 'case OPCODE.MOV:', 'case OPCODE.MOV: if (fp > 0) continue;');
    await assert.rejects(interpreter(jump), /MOV_MOV: MOV does not always go on to the next instruction/);
  });

  it('is not made without an instruction that a fused form needs', async () => {
    await assert.rejects(interpreter(without(files, 'moves.ts', 'OPCODE.KLD', 'OPCODE.NONE')), /KLD has no case/);
  });
});
