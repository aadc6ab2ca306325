/**
 * No kernel loop over what a program can make large runs without paying. kernel-loops.txt lists all loops, one a line:
 *
 *   file function | head of the loop | paid by NAME       a function that it calls, which lets time pass or charges it
 *   file function | head of the loop | bounded: REASON    what keeps it short
 *
 * A new loop belongs into the list, with the reason why it may be there.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../debugger/client.js';
import { kernelCode, type KernelCode } from './kernel-loops.js';

const list = (): string[] =>
  readFileSync(path.join(root, 'test/kernel/kernel-loops.txt'), 'utf8').split('\n').filter(Boolean);

/** The functions that let time pass, or charge it, by themselves or by one that they call. */
function payers(code: KernelCode): Set<string> {
  const found = new Set(['spend', 'charge', 'worked', 'schedule']);
  for (let size = 0; size !== found.size;) {
    size = found.size;
    for (const [name, calls] of code.callsOf) if ([...calls].some((called) => found.has(called))) found.add(name);
  }
  return found;
}

/** What is wrong with the list, as lines for a person. */
function faults(code: KernelCode, lines: readonly string[]): string[] {
  const paying = payers(code);
  const left = [...lines];
  const wrong = code.loops.flatMap(({ place, head, calls }) => {
    const at = left.findIndex((line) => line.startsWith(`${place} | ${head} | `));
    if (at < 0) return [`not in the list: ${place} | ${head}`];
    const [line] = left.splice(at, 1) as [string];
    const says = line.slice(`${place} | ${head} | `.length);
    const payer = /^paid by (\w+)$/.exec(says)?.[1];
    if (payer === undefined) return /^bounded: \S/.test(says) ? [] : [`neither paid nor bounded: ${line}`];
    if (!calls.has(payer)) return [`it does not call ${payer}(): ${line}`];
    return paying.has(payer) ? [] : [`${payer}() neither spends nor charges anything: ${line}`];
  });
  return [...wrong, ...left.map((line) => `there is no such loop: ${line}`)];
}

describe('loops of the kernel', () => {
  const code = kernelCode();

  it('are all in the list, each paid, or bounded for a reason', () => {
    assert.ok(code.loops.length > 200, `only ${code.loops.length} loops were found`);
    assert.deepEqual(faults(code, list()), []);
  });

  it('are missed when they are new, stale, or pay nothing', () => {
    const [first, ...others] = code.loops;
    const paid = code.loops.findIndex(({ calls }) => calls.has('worked'));
    const unpaid = code.loops.map((loop, i) => (i === paid ? { ...loop, calls: new Set<string>() } : loop));
    assert.match(faults(code, list().slice(1)).join(), /not in the list/);
    assert.match(faults({ ...code, loops: others }, list()).join(), /there is no such loop/);
    assert.match(faults({ ...code, loops: unpaid }, list()).join(), /does not call worked/);
    const idle = list().map((line) => line.replace('paid by copy_out', 'paid by min'));
    assert.match(faults(code, idle).join(), /does not call min|neither spends/);
    assert.ok(first);
  });
});
