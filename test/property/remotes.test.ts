/**
 * Going back and forth over what happens on the far side of the network card comes to the very same states: frames on
 * the way, connections, what remotes have in hand and have printed. And nothing is told twice.
 */
import assert from 'node:assert/strict';
import { computerFor } from '../system.js';
import { Dice } from './programs.js';

const PROGRAMS = Number(process.env['OSIM_REMOTES'] ?? (process.env['OSIM_LONG'] ? 200 : 5));
const MOST_STEPS = 3_000_000;

/** A server, and remotes of several kinds that talk to it at times and in amounts that the dice say. */
function program(dice: Dice): string {
  const peers = 1 + dice.below(6);
  const bytes = 1 + dice.below(dice.chance(30) ? 40_000 : 600);
  const pause = dice.below(400);
  return `
const WORDS = ["one", "two", "three"];
machine { network_latency = ${dice.below(60)}; tcp_rto = ${100 + dice.below(300)}; }
remote asks count ${peers} every ${dice.below(50)} at ${500 + dice.below(500)} (i) {
  let s = connect(80);
  if (s == null) { print("refused"); return 0; }
  for (let n = 0; n < 1 + i % 3; n++) {
    send(s, repeat(WORDS[n], ${bytes}));
    sleep(random(${1 + pause}));
    print(i, n, len(recv(s, 1 + random(2000))));
  }
  if (i % 2) { close(s); }
}
remote floods at ${900 + dice.below(400)} { let s = connect(80); if (s) { send(s, repeat("x", ${bytes * 3})); send(s, "end"); } }
remote is_refused at ${dice.below(500)} { print("starts"); print(connect(81)); let nothing = null; nothing.field = 1; }
process server {
  let listener = tcp_listen(80, ${1 + dice.below(4)});
  let buf = alloc(4096);
  for (let served = 0; served < ${peers}; served++) {
    let fd = accept(listener);
    let n = read(fd, buf, ${1 + dice.below(4096)});
    if (n > 0) { write(fd, text(buf, n)); }
    ${dice.chance(30) ? `sleep(${dice.below(600)});` : ''}
    close(fd);
  }
}
`;
}

describe('remotes', function () {
  this.timeout(600_000);

  it(`${PROGRAMS} programs with remotes: going back and forth comes to the same states, and says nothing twice`, () => {
    for (let seed = 1; seed <= PROGRAMS; seed++) {
      try {
        backAndForth(seed);
      } catch (error) {
        (error as Error).message = `program ${seed}: ${(error as Error).message}`;
        throw error;
      }
    }
  });

  function backAndForth(seed: number): void {
    const dice = new Dice(seed);
    const text = program(dice);
    const said: string[][] = [];
    const [plain, machine] = [false, true].map((history) => {
      const { machine } = computerFor(text, { seed: seed % 3, history });
      const lines: string[] = [];
      said.push(lines);
      machine.onLog = (line) => void lines.push(line);
      return machine;
    }) as [ReturnType<typeof computerFor>['machine'], ReturnType<typeof computerFor>['machine']];
    while (!plain.outcome && plain.steps < MOST_STEPS) plain.run(MOST_STEPS - plain.steps);
    machine.history.epochSteps = 300 + dice.below(5000);
    if (dice.chance(50)) machine.history.limit = 50_000 + dice.below(400_000);
    const marks: { step: number; hash: string; printed: number }[] = [];
    const printed = (): number => machine.network.farSide.terminal.output().length;
    while (!machine.outcome && machine.steps < MOST_STEPS) {
      machine.run(1 + dice.below(4000));
      marks.push({ step: machine.steps, hash: machine.stateHash(), printed: printed() });
    }
    assert.equal(machine.stateHash(), plain.stateHash(), 'history on or off: the same run');
    assert.deepEqual(said[1], said[0]);
    assert.ok(said[0]?.length, 'remotes said something');
    const lines = said[1]?.length;
    for (let i = 0; i < 12; i++) {
      const mark = marks[dice.below(marks.length)];
      if (mark === undefined) continue;
      machine.seek(mark.step);
      assert.equal(machine.steps, mark.step);
      assert.equal(printed(), mark.printed, `printed at ${mark.step}`);
      assert.equal(machine.stateHash(), mark.hash, `state at ${mark.step}`);
    }
    assert.equal(said[1]?.length, lines, 'nothing was said again');
  }
});
