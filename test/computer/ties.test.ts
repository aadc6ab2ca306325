/** Where a rule breaks a tie as written, another choice is another run that holds as well. */
import assert from 'node:assert/strict';
import { kernelEvent, text as textField } from '../../src/computer/kernel-records.js';
import type { ChoiceKind } from '../../src/machine/choices.js';
import { computerFor } from '../system.js';

interface Asked {
  alternatives: number;
  usual: number;
}

/**
 * What a program prints, and on which CPUs, when choices of one kind are made by `choose`; and which were asked for.
 */
function outputOf(
  text: string,
  kind: ChoiceKind,
  choose: (asked: Asked) => number,
): { output: string; asked: Asked[] } {
  // Ties of devices and CPUs are choices only when somebody listens.
  const computer = computerFor(text, { record: () => {} });
  const { machine } = computer;
  const writers: number[] = [];
  computer.eventConsumers.push((event) => {
    const { name, fields, cpu } = kernelEvent(event);
    if (name === 'sys_enter' && textField(fields, 'name') === 'write') writers.push(cpu);
  });
  const asked: Asked[] = [];
  const { choices } = machine;
  const usually = choices.choose.bind(choices);
  choices.choose = (of, alternatives, usual = 0) => {
    if (of !== kind) return usually(of, alternatives, usual);
    asked.push({ alternatives, usual });
    return choose({ alternatives, usual });
  };
  while (!machine.outcome) machine.run(1_000_000);
  assert.equal(machine.outcome.kind, 'finished', machine.outcome.report.join('\n'));
  const output = machine.terminal.output().map(({ bytes }, i) => `${bytes.trim()} on CPU ${writers[i]}`);
  return { output: output.join(', '), asked };
}

const first = ({ usual }: Asked): number => usual;
const last = ({ alternatives }: Asked): number => alternatives - 1;

const CASES: Partial<Record<ChoiceKind, { text: string; rule: string; otherwise: string; alternatives: number }>> = {
  waiter: {
    text: `fn reader(name, p) { let b = alloc(1); if (read(p[0], b, 1) == 1) { print(name); } exit(0); }
      process main {
        let p = pipe();
        for (name in ["a", "b", "c"]) { if (fork() == 0) { reader(name, p); } sleep(400); }
        for (i in 0..3) { if (write(p[1], "x") == 1) { sleep(100); } }
        for (i in 0..3) { wait(); }
      }`,
    rule: 'a on CPU 0, b on CPU 0, c on CPU 0',
    otherwise: 'c on CPU 0, b on CPU 0, a on CPU 0',
    alternatives: 3,
  },
  placement: {
    text: `machine { cpus = 3; } process p { print("p"); }`,
    rule: 'p on CPU 0',
    otherwise: 'p on CPU 2',
    alternatives: 3,
  },
  cpu: {
    text: `machine { cpus = 2; costs = none; }
      shared var winner = -1;
      process p cpu 0 { sleep(100); if (winner < 0) { winner = 0; } sleep(50); print(winner); }
      process q cpu 1 { sleep(100); if (winner < 0) { winner = 1; } }`,
    rule: '0 on CPU 0',
    otherwise: '1 on CPU 0',
    alternatives: 2,
  },
};

describe('ties', function () {
  this.timeout(60_000);
  for (const [kind, { text, rule, otherwise, alternatives }] of Object.entries(CASES)) {
    it(`of kind ${kind} are broken by rule, or otherwise`, () => {
      const written = outputOf(text, kind as ChoiceKind, first);
      assert.equal(written.output, rule);
      assert.equal(Math.max(...written.asked.map((each) => each.alternatives)), alternatives);
      assert.ok(written.asked.every(({ usual }) => usual === 0));
      assert.equal(outputOf(text, kind as ChoiceKind, last).output, otherwise);
    });
  }
});
