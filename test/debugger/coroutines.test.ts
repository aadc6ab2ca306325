import assert from 'node:assert/strict';
import { PROGRAM, clientFor } from './client.js';

const TEXT = `fn numbers(n) {
  for (i in 0..n) {
    yield i;
  }
  return n;
}
process p {
  let a = coroutine(numbers, 3);
  let b = coroutine(numbers, 1);
  let all = [a, b];
  resume(a);
  resume(a);
  resume(b);
  resume(b);
  print(len(all));
}
`;

describe('debugger: coroutines', () => {
  it('are listed under their thread, with where each stands and what it holds', async () => {
    const client = clientFor(TEXT);
    await client.launch(PROGRAM, { lines: [15] });
    await client.stop();
    const scope = await client.scope('Coroutines');
    assert.deepEqual(
      [...scope].map(([name, { value }]) => `${name} ${value}`),
      ['running 0', 'suspended 1', 'returned 1'],
    );
    const [suspended] = (await client.variables(scope.get('suspended')?.variablesReference ?? 0)).values();
    assert.equal(suspended?.value, 'numbers, suspended at line 3');
    const inside = await client.variables(suspended?.variablesReference ?? 0);
    assert.equal(inside.get('n')?.value, '3');
    assert.equal(inside.get('i')?.value, '1');
    assert.equal((await client.scope('Locals')).get('a')?.value, 'numbers, suspended at line 3');
  });

  it('are stepped into by resume(), and out of by yield', async () => {
    const client = clientFor(TEXT);
    await client.launch(PROGRAM, { lines: [11] });
    await client.stop();
    await client.step('stepIn');
    assert.equal(await client.where(), 'test.osim:2 numbers (coroutine)');
    const frames = await client.frames();
    assert.deepEqual(
      frames.map(({ name }) => name),
      ['numbers (coroutine)', 'p'],
    );
    let steps = 1;
    for (; (await client.where()).includes('coroutine') && steps < 10; steps++) await client.step('next');
    assert.equal(await client.where(), 'test.osim:12 p', 'yield goes back to whoever has resumed');
    await client.step('next');
    assert.equal(await client.where(), 'test.osim:13 p');
    for (let i = 0; i <= steps; i++) await client.step('stepBack');
    assert.equal(await client.where(), 'test.osim:11 p');
  });

  it('are not mentioned where there are none', async () => {
    const client = clientFor('process p {\n  print(1);\n}');
    await client.launch(PROGRAM, { lines: [2] });
    await client.stop();
    await assert.rejects(client.scope('Coroutines'));
  });
});
