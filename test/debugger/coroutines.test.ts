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
      ['running 0', 'suspended 1', 'created 0', 'done 1'],
    );
    const [suspended] = (await client.variables(scope.get('suspended')?.variablesReference ?? 0)).values();
    assert.equal(suspended?.value, 'numbers #1, line 3, suspended');
    const inside = await client.variables(suspended?.variablesReference ?? 0);
    assert.equal(inside.get('n')?.value, '3');
    assert.equal(inside.get('i')?.value, '1');
    assert.equal((await client.scope('Locals')).get('a')?.value, 'numbers #1, line 3, suspended');
  });

  it('are stepped into by resume(), and out of by yield', async () => {
    const client = clientFor(TEXT);
    await client.launch(PROGRAM, { lines: [11] });
    await client.stop();
    await client.step('stepIn');
    assert.equal(await client.where(), 'test.osim:2 numbers (coroutine #1)');
    const frames = await client.frames();
    assert.deepEqual(
      frames.map(({ name }) => name),
      ['numbers (coroutine #1)', 'p'],
    );
    let steps = 1;
    for (; (await client.where()).includes('coroutine') && steps < 10; steps++) await client.step('next');
    assert.equal(await client.where(), 'test.osim:12 p', 'yield goes back to whoever has resumed');
    await client.step('next');
    assert.equal(await client.where(), 'test.osim:13 p');
    for (let i = 0; i <= steps; i++) await client.step('stepBack');
    assert.equal(await client.where(), 'test.osim:11 p');
  });

  it('are walked by a loop: Step Over stays with it, Step Into follows', async () => {
    const client = clientFor(`fn gen() {
  yield 1;
  yield 2;
}
process p {
  for (x in coroutine(gen)) {
    print(x);
  }
  print("end");
}
`);
    await client.launch(PROGRAM, { lines: [7] });
    await client.stop();
    await client.step('next');
    assert.equal(await client.where(), 'test.osim:6 p');
    await client.step('next');
    assert.equal(await client.where(), 'test.osim:7 p');
    await client.step('next');
    await client.step('stepIn');
    assert.equal(await client.where(), 'test.osim:4 gen (coroutine #1)', 'the end of its function');
    const [, resumer] = await client.frames();
    assert.equal(resumer?.line, 6, 'who has resumed it');
    await client.step('next');
    assert.equal(await client.where(), 'test.osim:9 p');
    for (let i = 0; i < 3; i++) await client.step('stepBack');
    assert.equal(await client.where(), 'test.osim:7 p');
  });

  it('that yield further down are stepped over as if the call had blocked', async () => {
    const client = clientFor(`fn wait_for(n) {
  for (i in 0..n) {
    yield;
  }
  return n;
}
fn task(n) {
  let got = wait_for(n);
  got = wait_for(got);
  return got;
}
process p {
  let tasks = [coroutine(task, 2), coroutine(task, 3)];
  for (round in 0..8) {
    for (t in tasks) { if (!done(t)) { resume(t); } }
  }
  print("end");
}
`);
    await client.launch(PROGRAM, { lines: [8] });
    await client.stop();
    await client.request('setBreakpoints', { source: { path: PROGRAM }, breakpoints: [] });
    await client.step('next');
    assert.equal(await client.where(), 'test.osim:9 task (coroutine #1)', 'the other task has run meanwhile');
    assert.equal((await client.scope('Locals')).get('n')?.value, '2');
    await client.step('stepIn');
    assert.equal(await client.where(), 'test.osim:2 wait_for (coroutine #1)');
    await client.step('stepOut');
    assert.equal(await client.where(), 'test.osim:9 task (coroutine #1)', 'out of the call, not out of the coroutine');
    await client.step('next');
    await client.step('stepOut');
    assert.match(await client.where(), /^test\.osim:15 p$/, 'its outermost function ends');
    await client.step('stepBack');
    await client.step('stepBack');
    assert.match(await client.where(), /task \(coroutine #1\)|p$/);
  });

  it('that block make their thread wait: its label, the panel and `why` say so', async () => {
    const client = clientFor(`fn fetch(fd) {
  let buf = alloc(4);
  read(fd, buf, 4);
  yield 1;
}
process p {
  let ends = pipe();
  if (fork() == 0) {
    sleep(500);
    compute(1);
    exit(0);
  }
  close(ends[1]);
  resume(coroutine(fetch, ends[0]));
}
`);
    await client.launch(PROGRAM, { lines: [10] });
    await client.stop();
    const threads = await client.threads();
    const waiting = threads.find(({ name }) => name.includes('BLOCKED') && name.includes(' p '));
    assert.match(waiting?.name ?? '', /BLOCKED .*, in coroutine fetch #1$/);
  });

  it('are not mentioned where there are none', async () => {
    const client = clientFor('process p {\n  print(1);\n}');
    await client.launch(PROGRAM, { lines: [2] });
    await client.stop();
    await assert.rejects(client.scope('Coroutines'));
  });
});
