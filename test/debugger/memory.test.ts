import assert from 'node:assert/strict';
import type { DebugProtocol as P } from '@vscode/debugprotocol';
import { PROGRAM, clientFor, type Client } from './client.js';

const bytes = (data: string | undefined): string => Buffer.from(data ?? '', 'base64').toString('latin1');

async function stoppedAt(line: number, text: string): Promise<Client> {
  const client = clientFor(text);
  await client.launch(PROGRAM, { lines: [line] });
  await client.stop();
  return client;
}

const FILL =
  "process p {\n  let buf = alloc(5000);\n  fill(buf, 'a');\n  poke(addr(buf), 'b');\n  print(text(buf, 4));\n}";

describe('debugger: memory', () => {
  it('reads a buffer of a process, across pages, by a reference that names the process', async () => {
    const client = await stoppedAt(5, FILL);
    const reference = (await client.scope('Locals')).get('buf')?.memoryReference;
    assert.match(reference ?? '', /^0x2[0-9a-f]{8}$/, 'process 2');
    const whole = await client.request('readMemory', { memoryReference: reference, count: 5000 });
    assert.equal(bytes(whole.data), `b${'a'.repeat(4999)}`);
    const part = await client.request('readMemory', { memoryReference: reference, offset: 4095, count: 3 });
    assert.equal(bytes(part.data), 'aaa');
    assert.equal((await client.request('readMemory', { memoryReference: reference, count: 0 })).data, undefined);
  });

  it('says how much of a range is not there', async () => {
    const client = await stoppedAt(5, FILL);
    const nothing = await client.request('readMemory', { memoryReference: '0x200000010', count: 16 });
    assert.deepEqual([nothing.data, nothing.unreadableBytes], [undefined, 16]);
    for (const odd of ['x', '', '-1', '1e5', '0x99999999999999999999']) {
      assert.match(
        await client.refusal('readMemory', { memoryReference: odd, count: 1 }).catch(() => 'address'),
        /address/,
        odd,
      );
    }
  });

  it('writes a buffer; the program sees it; going back undoes it', async () => {
    const client = await stoppedAt(5, FILL);
    const reference = (await client.scope('Locals')).get('buf')?.memoryReference;
    const data = Buffer.from('XYZ').toString('base64');
    assert.equal(
      (await client.request('writeMemory', { memoryReference: reference, offset: 1, data })).bytesWritten,
      3,
    );
    assert.match((await client.scope('Locals')).get('buf')?.value ?? '', /^"bXYZa/);
    await client.step('next');
    assert.equal(client.output(), 'bXYZ\n');
    await client.step('stepBack');
    await client.step('stepBack');
    assert.match((await client.scope('Locals')).get('buf')?.value ?? '', /^"aaaaa/);
    assert.match(await client.refusal('writeMemory', { memoryReference: '0x200000010', data }), /may not write/);
    assert.match(await client.refusal('writeMemory', { memoryReference: reference, data: '%%%' }), /base64/);
  });

  it('reads a PCB as a piece of kernel memory, 8 bytes a field', async () => {
    const client = await stoppedAt(5, FILL);
    const pcb = await client.scope('Process');
    const family = await client.variables(pcb.get('Family')?.variablesReference ?? 0);
    const parent = family.get('parent');
    const { data } = await client.request('readMemory', { memoryReference: parent?.memoryReference, count: 16 });
    const view = Buffer.from(data, 'base64');
    assert.equal(view.readUInt32LE(0), 1, 'init, its pid first');
    assert.equal(view.readInt32LE(8), -1, 'then its origin');
    assert.match(
      await client.refusal('writeMemory', { memoryReference: parent?.memoryReference, data: 'AAAA' }),
      /fields/,
    );
  });

  it('shows a page of the page cache as its bytes', async () => {
    const client = await stoppedAt(
      5,
      'file "/f" = "content";\nprocess p {\n  let b = alloc(8);\n  read(open("/f", O_RDONLY), b, 8);\n  print(1);\n}',
    );
    const kernel = await client.scope('Kernel');
    const cache = await client.variables(kernel.get('page cache')?.variablesReference ?? 0);
    const [page] = (await client.variables(cache.get('lru')?.variablesReference ?? 0)).values();
    const frame = (await client.variables(page?.variablesReference ?? 0)).get('frame');
    const { data } = await client.request('readMemory', { memoryReference: frame?.memoryReference, count: 7 });
    assert.equal(bytes(data), 'content');
  });

  it('disassembles around an instruction, user and kernel code, exactly as many rows as asked for', async () => {
    const client = await stoppedAt(5, FILL);
    const frames = await client.frames();
    const reference = frames[0]?.instructionPointerReference ?? '';
    const rows = async (
      memoryReference: string,
      instructionOffset: number,
      instructionCount: number,
    ): Promise<P.DisassembledInstruction[]> =>
      (await client.request('disassemble', { memoryReference, instructionOffset, instructionCount })).instructions;
    const around = await rows(reference, -5, 20);
    assert.equal(around.length, 20);
    assert.equal(around[5]?.address, reference);
    assert.equal(around[5]?.line, 5);
    assert.equal(around[5]?.location?.path, PROGRAM);
    assert.ok(
      around.every(({ address, instruction }) => Number.isSafeInteger(Number(address)) && instruction.length > 0),
    );
    assert.ok(
      around.some(({ instruction }) => instruction.startsWith('CALL') && instruction.includes('print')),
      around.map((r) => r.instruction).join('; '),
    );
    const below = await rows('0x08048000', -3, 5);
    assert.equal(below.length, 5);
    assert.deepEqual(
      below.map(({ presentationHint }) => presentationHint ?? 'code'),
      ['invalid', 'invalid', 'invalid', 'code', 'code'],
    );
    assert.equal((await rows('0x0', -10, 4)).length, 4);
    const kernel = await rows('0xc0100000', 0, 3000);
    assert.ok(kernel.some(({ symbol }) => symbol !== undefined));
    assert.ok(kernel.some(({ instruction }) => /^INTR .*spend/.test(instruction)));
  });

  it('steps by instruction: a global increment is a load, an addition and a store', async () => {
    const client = await stoppedAt(4, 'var g = 1;\nprocess p {\n  g = g + 1;\n  g = g + 1;\n  print(g);\n}');
    const names: string[] = [];
    for (let i = 0; i < 3; i++) {
      const reference = (await client.frames())[0]?.instructionPointerReference;
      const { instructions } = await client.request('disassemble', { memoryReference: reference, instructionCount: 1 });
      names.push(instructions[0].instruction.split(' ')[0]);
      await client.step('next', { granularity: 'instruction' });
    }
    assert.deepEqual(names, ['GLD', 'ADDI', 'GST']);
    assert.equal(await client.where(), 'test.osim:5 p');
    await client.step('stepBack', { granularity: 'instruction' });
    assert.equal(await client.where(), 'test.osim:4 p');
    assert.equal(await client.evaluate('g'), '2');
  });

  it('sets a variable of one process only, where fork has left its page shared', async () => {
    const client = await stoppedAt(
      9,
      'var g = 1;\nvar late = 5;\nprocess p {\n  g = 2;\n  if (fork() == 0) {\n    sleep(50);\n    exit(g);\n  }\n  let r = wait();\n  print(g, WEXITSTATUS(r.status));\n}',
    );
    await client.evaluate('g = 40', 'repl');
    assert.equal(await client.evaluate('g'), '40');
    const child = (await client.threads()).find(({ id, name }) => id > 2 && name.includes(' p '));
    assert.ok(child, 'the child exists');
    const ended = client.event('terminated');
    await client.request('continue', { threadId: client.threadId });
    await ended;
    assert.equal(client.output(), '40 2\n');
  });

  it('sets a variable whose page has not been touched', async () => {
    const client = await stoppedAt(3, 'var g = 5;\nprocess p {\n  let a = 1;\n  print(g + a);\n}');
    await client.evaluate('g = 70', 'repl');
    await client.step('next');
    await client.step('stepBack');
    await client.step('next');
    const ended = client.event('terminated');
    await client.request('continue', { threadId: client.threadId });
    await ended;
    assert.equal(client.output(), '71\n');
  });
});
