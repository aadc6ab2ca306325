import assert from 'node:assert/strict';
import type { DebugProtocol as P } from '@vscode/debugprotocol';
import { Client, PROGRAM, clientFor, example } from './client.js';

const LONG = `fn sum(a, b) {
  return a + b;
}
process p {
  let s = sum(
    1,
    sum(2, 3)
  );
  print(s, getpid());
  print(1 / (s - 6));
}`;

/** An editor selects what it is given a range of. */
function assertNoRange(what: string, places: readonly { line?: number; column?: number }[]): void {
  assert.ok(places.length > 0, `${what}: there are none`);
  for (const place of places) {
    assert.ok(place.line !== undefined && place.column !== undefined, `${what}: ${JSON.stringify(place)}`);
    assert.equal((place as P.StackFrame).endLine, undefined, what);
    assert.ok([undefined, place.column].includes((place as P.StackFrame).endColumn), what);
  }
}

async function assertStop(client: Client): Promise<void> {
  const frames = await client.frames();
  assertNoRange('frames', frames);
  const { targets } = (await client.request('stepInTargets', { frameId: frames[0]?.id })) as {
    targets: P.StepInTarget[];
  };
  if (targets.length > 0) assertNoRange('targets of a step', targets);
  const memoryReference = frames[0]?.instructionPointerReference;
  const { instructions } = (await client.request('disassemble', { memoryReference, instructionCount: 20 })) as {
    instructions: P.DisassembledInstruction[];
  };
  const known = instructions.filter(({ line }) => line !== undefined);
  assertNoRange('instructions', known);
  assert.ok(known.every(({ column, endColumn }) => column === endColumn));
}

describe('debugger: no place has an end, as an editor would select it', () => {
  it('at a breakpoint, after steps over statements of several lines, and at a fault', async () => {
    const client = clientFor(LONG);
    const set = await client.launch(PROGRAM, {
      lines: [5],
      functions: ['sys_getpid'],
      filters: [{ filterId: 'fault' }],
    });
    assertNoRange('breakpoints', set.slice(0, 1));
    assert.ok(set.every((breakpoint) => breakpoint.endLine === undefined && breakpoint.endColumn === undefined));
    await client.stop();
    await assertStop(client);
    const { breakpoints } = (await client.request('breakpointLocations', {
      source: { path: PROGRAM },
      line: 1,
      endLine: 20,
    })) as { breakpoints: P.BreakpointLocation[] };
    assertNoRange('locations', breakpoints);
    for (const kind of ['stepIn', 'stepOut', 'next', 'stepBack', 'next'] as const) {
      await client.step(kind);
      await assertStop(client);
    }
    assert.equal((await client.step('continue')).reason, 'function breakpoint');
    await assertStop(client);
    assert.equal((await client.step('continue')).reason, 'exception');
    await assertStop(client);
  });

  it('in every thread: those that wait in the kernel, too', async () => {
    const client = new Client();
    await client.launch(example('process-states'), { functions: ['sys_kill'] });
    await client.stop();
    for (const { id } of await client.threads()) assertNoRange(`frames of ${id}`, await client.frames(id));
  });
});
