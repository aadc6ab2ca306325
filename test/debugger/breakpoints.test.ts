import assert from 'node:assert/strict';
import type { DebugProtocol as P } from '@vscode/debugprotocol';
import { PROGRAM, clientFor, type Client } from './client.js';

const LOOP = `var total = 0;
fn add(a, b) {
  return a + b;
}

process p {
  for (i in 0..10) {
    total = add(total, i);
  }
  print(total);
}
`;

/** Continues to the end; the places passed. */
async function stops(client: Client): Promise<string[]> {
  const places: string[] = [];
  for (;;) {
    if (client.hasEnded) return places;
    const next = await Promise.race([client.stopped(), client.ended()]);
    if (!next) return places;
    client.threadId = next.threadId;
    places.push(await client.where());
    await client.request('continue', { threadId: client.threadId });
  }
}

describe('debugger: breakpoints', () => {
  it('move to the next line with code, within the function', async () => {
    const client = clientFor(LOOP);
    const set = await client.launch(PROGRAM, { lines: [5, 6, 4, 7, 100] });
    assert.deepEqual(
      set.map(({ verified, line }) => [verified, line]),
      [
        [true, 7],
        [true, 7],
        [true, 3],
        [true, 7],
        [false, 100],
      ],
    );
    assert.match(set[4]?.message ?? '', /no code/);
  });

  it('set before the launch are verified by an event', async () => {
    const client = clientFor(LOOP);
    await client.initialize();
    const [pending] = await client.breakpoints(PROGRAM, [6]);
    assert.equal(pending?.verified, false);
    await client.request('launch', { program: PROGRAM });
    const changed = (await client.event('breakpoint')).body as { reason: string; breakpoint: P.Breakpoint };
    assert.equal(changed.reason, 'changed');
    assert.equal(changed.breakpoint.id, pending?.id);
    assert.deepEqual([changed.breakpoint.verified, changed.breakpoint.line], [true, 7]);
    await client.request('configurationDone');
    assert.equal((await client.stop()).reason, 'breakpoint');
  });

  it('with a condition stop when it holds', async () => {
    const client = clientFor(LOOP);
    await client.launch(PROGRAM, { lines: [{ line: 3, condition: 'b == 7' }] });
    await client.stop();
    assert.equal(await client.evaluate('a'), '21');
  });

  it('with a condition that has no value stop and say so; one that is no expression is refused', async () => {
    const client = clientFor(LOOP);
    const [, bad] = await client.launch(PROGRAM, {
      lines: [
        { line: 3, condition: 'nosuch > 1' },
        { line: 8, condition: 'i ==' },
      ],
    });
    assert.equal(bad?.verified, false);
    assert.match(bad?.message ?? '', /i ==/);
    assert.match((await client.stop()).description ?? '', /nosuch/);
  });

  it('count their hits', async () => {
    for (const [hitCondition, expected] of [
      ['==3', [2]],
      ['>=9', [8, 9]],
      ['%4', [3, 7]],
    ] as const) {
      const client = clientFor(LOOP);
      await client.launch(PROGRAM, { lines: [{ line: 3, hitCondition }] });
      const seen: number[] = [];
      for (const _ of expected) {
        await client.stop();
        seen.push(Number(await client.evaluate('b')));
        await client.request('continue', { threadId: client.threadId });
      }
      await client.ended();
      assert.deepEqual(seen, expected);
    }
  });

  it('count the same hits going back as going forward', async () => {
    const client = clientFor(LOOP);
    await client.launch(PROGRAM, { lines: [{ line: 3, hitCondition: '%4' }, 10] });
    await client.stop();
    await client.step('continue');
    await client.step('continue');
    assert.equal(await client.where(), 'test.osim:10 p');
    await client.step('reverseContinue');
    assert.equal(await client.evaluate('b'), '7');
    await client.step('reverseContinue');
    assert.equal(await client.evaluate('b'), '3');
    await client.step('continue');
    assert.equal(await client.evaluate('b'), '7');
  });

  it('with a message log it and go on, once however often the place is passed', async () => {
    const client = clientFor(LOOP);
    await client.launch(PROGRAM, { lines: [{ line: 3, logMessage: 'adding {b} to {a}, {{so}}' }, 10] });
    await client.stop();
    const logged = (): string[] =>
      client
        .output('console')
        .split('\n')
        .filter((line) => line.startsWith('adding'));
    assert.equal(logged().length, 10);
    assert.equal(logged()[3], 'adding 3 to 3, {so}');
    await client.step('stepBack');
    await client.step('next');
    await client.step('reverseContinue');
    assert.equal(logged().length, 10);
  });

  it('stop at one of several statements of a line, by column', async () => {
    const client = clientFor('process p { let a = 1; let b = 2; let c = 3; print(a + b + c); }');
    const [, second] = await client.launch(PROGRAM, {
      lines: [
        { line: 1, column: 13 },
        { line: 1, column: 26 },
      ],
    });
    assert.equal(second?.column, 24);
    await client.stop();
    await client.step('continue');
    assert.equal(await client.evaluate('a'), '1');
    const { breakpoints } = await client.request('breakpointLocations', { source: { path: PROGRAM }, line: 1 });
    assert.deepEqual(
      breakpoints.map(({ column }: P.BreakpointLocation) => column),
      [13, 24, 35, 46, 64],
    );
  });

  it('in a file of the kernel stop there, for whichever process comes by', async () => {
    const client = clientFor('process a { getpid(); }\nprocess b { getpid(); }');
    await client.launch(PROGRAM, { functions: ['sys_getpid'] });
    const threads: number[] = [];
    for (let i = 0; i < 2; i++) {
      const stop = await client.stop();
      if (i === 0) assert.equal(stop.reason, 'function breakpoint');
      threads.push(stop.threadId);
      assert.match(await client.where(), /^process\.osim:\d+ sys_getpid$/);
      if (i === 0) {
        const frames = await client.frames();
        const line = frames[0]?.line ?? 0;
        const [byLine] = await client.breakpoints('osim-kernel:/proc/process.osim', [line]);
        assert.deepEqual([byLine?.verified, byLine?.line], [true, line]);
      }
      await client.request('continue', { threadId: client.threadId });
    }
    assert.equal(new Set(threads).size, 2);
  });

  it('on functions: of the program, system calls by either name, tracepoints with stars; unknown names say so', async () => {
    const client = clientFor(LOOP);
    const set = await client.launch(PROGRAM, {
      functions: ['add', 'write', 'sys_write', 'sched_switch', 'irq:*', 'nosuch', 'sys_enter_wr*'],
    });
    assert.deepEqual(
      set.map(({ verified }) => verified),
      [true, true, true, true, true, false, true],
    );
    assert.match(set[5]?.message ?? '', /nosuch/);
  });

  it('on a tracepoint stop with its name; its fields are there for a condition', async () => {
    const client = clientFor('process a { sleep(10); }\nprocess b { sleep(20); }');
    await client.launch(PROGRAM, { functions: [{ name: 'sched_switch', condition: 'next_comm == "b"' }] });
    const stop = await client.stop();
    assert.equal(stop.reason, 'function breakpoint');
    assert.match(stop.description ?? '', /sched_switch/);
    assert.match((await client.frames())[0]?.name ?? '', /take_over|switch_to/);
  });

  it('on a system call stop at its way in', async () => {
    const client = clientFor('process a { getpid(); }');
    await client.launch(PROGRAM, { functions: ['sys_enter_getpid'] });
    assert.match((await client.stop()).description ?? '', /sys_enter_getpid/);
  });

  it('are hit once where the instruction has to wait for its page', async () => {
    // The first access to a global brings its page in: the instruction is begun, interrupted, and begun again.
    const client = clientFor('var g = 5;\nprocess p {\n  g = g + 1;\n  print(g);\n}');
    await client.launch(PROGRAM, { lines: [{ line: 3, hitCondition: '>=1' }] });
    await client.stop();
    await client.step('next');
    assert.equal(await client.where(), 'test.osim:4 p');
  });

  it('on an instruction stop before it', async () => {
    const client = clientFor(LOOP);
    await client.launch(PROGRAM, { lines: [3] });
    await client.stop();
    const [top] = await client.frames();
    const set = await client.request('setInstructionBreakpoints', {
      breakpoints: [
        { instructionReference: top?.instructionPointerReference, offset: 4 },
        { instructionReference: '0x1' },
        { instructionReference: 'x' },
      ],
    });
    assert.deepEqual(
      set.breakpoints.map(({ verified }: P.Breakpoint) => verified),
      [true, false, false],
    );
    const stop = await client.step('continue');
    assert.equal(stop.reason, 'instruction breakpoint');
  });

  it('on data stop behind the write, and tell the change', async () => {
    const client = clientFor(LOOP);
    await client.launch(PROGRAM, { lines: [8] });
    await client.stop();
    await client.breakpoints(PROGRAM, []);
    const frames = await client.frames();
    const info = await client.request('dataBreakpointInfo', { name: 'total', frameId: frames[0]?.id });
    assert.ok(info.dataId, info.description);
    await client.request('setDataBreakpoints', { breakpoints: [{ dataId: info.dataId, accessType: 'write' }] });
    const stop = await client.step('continue');
    assert.equal(stop.reason, 'data breakpoint');
    assert.match(stop.description ?? '', /total of process 2: 0 → 1/);
    assert.match((await client.step('continue')).description ?? '', /1 → 3/);
    assert.equal((await client.request('dataBreakpointInfo', { name: 'nosuch' })).dataId, null);
  });

  it('on a field of a PCB stop where the kernel writes it', async () => {
    const client = clientFor('process p {\n  getpid();\n  sleep(5);\n}');
    await client.launch(PROGRAM, { lines: [3] });
    await client.stop();
    const group = (await client.scope('Process')).get('State');
    const info = await client.request('dataBreakpointInfo', {
      name: 'state',
      variablesReference: group?.variablesReference,
    });
    await client.request('setDataBreakpoints', { breakpoints: [{ dataId: info.dataId }] });
    const stop = await client.step('continue');
    assert.match(stop.description ?? '', /state of Task 2 p: 0 → 1/);
    assert.match(await client.where(), /^(wait_queue|timer)\.osim:/);
  });

  it('may be changed while the machine runs', async () => {
    const client = clientFor('process p {\n  let i = 0;\n  while (true) {\n    i = i + 1;\n  }\n}');
    await client.launch(PROGRAM);
    await client.ran();
    await client.breakpoints(PROGRAM, [4]);
    assert.equal((await client.stop()).reason, 'breakpoint');
    assert.equal(await client.where(), 'test.osim:4 p');
  });

  it('all together do not change the run', async () => {
    const text = 'process a { for (i in 0..5) { sleep(3); getpid(); } }\nprocess b { for (i in 0..5) { compute(7); } }';
    const steps: number[] = [];
    for (const functions of [[], ['sys_*', 'schedule', 'sched_*']]) {
      const client = clientFor(text);
      await client.launch(PROGRAM, { functions, lines: functions.length > 0 ? [1, 2] : [] });
      await stops(client);
      steps.push(client.session.debuggee?.machine.steps ?? -1);
    }
    assert.equal(steps[0], steps[1]);
  });
});
