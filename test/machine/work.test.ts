/**
 * Long work is done in pieces, and run() comes back between them. Where it does must not be seen by the program: with
 * pieces of any size the run is the same, forward, back, and forward again.
 */
import assert from 'node:assert/strict';
import { computerFor } from '../system.js';
import type { Computer } from '../../src/computer/computer.js';

const PROGRAM = `
machine { cpus = 2; quantum = 40; memory = 64 MiB; }
var shared_list = [];
fn child(l) { push(l, 1); exit(len(l) & 255); }
process forks count 2 (n) {
  let l = [];
  for (let i = 0; i < 12000; i++) { push(l, { a: i, b: [i] }); }
  shared_list = l;
  for (let i = 0; i < 3; i++) {
    if (fork() == 0) { child(shared_list); }
    print(wait().status, len(l));
  }
}
process texts {
  let s = "abcdefgh";
  for (let i = 0; i < 13; i++) { s += s; }
  let l = bytes(s);
  let m = map();
  for (let i = 0; i < 30000; i++) { m[i] = str(i); }
  print(len(l), len(str(l)), len(keys(m)), has(s, "hgfedcba" + s), s == s + "", len(format("%s%s", s, l)));
  log(l);
}
process objects {
  let kept = null;
  for (let i = 0; i < 60000; i++) { kept = { next: kept, v: [i, i] }; }
  for (let i = 0; i < 5; i++) { repeat("x", 16000000); }     // so much is made that what is alive is measured
  print(kept.v[0]);
}
process faults { let l = repeat("x", 100000)[0..70000]; print(len(l)); l[100000]; }
`;

interface Run {
  computer: Computer;
  /** The state every so many steps. */
  marks: { step: number; hash: string }[];
}

const EVERY = 600_000;

/** Runs it with at most `most` units of work at once. */
function run(most: number | null, history: boolean): Run {
  const computer = computerFor(PROGRAM, { history });
  const { machine } = computer;
  if (most !== null) machine.work.most = most;
  const marks: Run['marks'] = [];
  while (!machine.outcome) {
    const target = (marks.length + 1) * EVERY;
    while (machine.steps < target && !machine.outcome) machine.run(target - machine.steps);
    marks.push({ step: machine.steps, hash: machine.stateHash() });
  }
  return { computer, marks };
}

describe('work in pieces', function () {
  this.timeout(120_000);
  let whole: Run;

  before(() => {
    whole = run(Infinity, false);
    assert.equal(whole.computer.machine.outcome?.kind, 'finished');
    assert.ok(whole.marks.length >= 3);
  });

  for (const most of [1, 25_000, 200_000]) {
    it(`is the same run with ${most} units at once`, () => {
      const { computer, marks } = run(most, false);
      assert.deepEqual(marks, whole.marks);
      assert.equal(computer.machine.terminal.text(), whole.computer.machine.terminal.text());
    });
  }

  it('comes to the same states going back, whatever was half done', () => {
    const { computer, marks } = run(25_000, true);
    const { machine } = computer;
    const [first, second] = marks as [Run['marks'][0], Run['marks'][0]];
    machine.seek(first.step);
    assert.equal(machine.stateHash(), first.hash);
    // From the middle of something long, back and there again.
    let halves = 0;
    machine.work.most = 5000;
    while (machine.steps < second.step && halves < 5) {
      machine.run(second.step - machine.steps);
      if (!machine.midway || machine.steps >= second.step) continue;
      halves++;
      const here = machine.steps;
      machine.seek(here - 1);
      machine.seek(here);
    }
    assert.ok(halves > 0, 'nothing was interrupted');
    machine.seek(second.step);
    assert.equal(machine.stateHash(), second.hash);
  });
});
