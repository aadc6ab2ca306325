/** Each setting has a range that is told where it is set, and that the machine can really have. */
import assert from 'node:assert/strict';
import { END_OF_TIME, MOST_MEMORY, spelled, spelledBytes } from '../../src/language/limits.js';
import { SETTING_NAMES, settingShape, type SettingShape } from '../../src/language/settings.js';
import { createComputer } from '../../src/computer/computer.js';
import { computerFor, system } from '../system.js';

type Bounded = SettingShape & { kind: 'integer' | 'bytes' };

const BOUNDED = SETTING_NAMES.flatMap((name): [string, Bounded][] => {
  const shape = settingShape(name);
  return shape === undefined || shape.kind === 'word' ? [] : [[name, shape]];
});

function errorsOf(text: string, params: Record<string, string | number | boolean | null> = {}): string[] {
  const { problems } = createComputer(system(), {
    uri: '/program.osim',
    read: (uri) => (uri === '/program.osim' ? text : undefined),
    params,
  });
  return problems
    .filter(({ severity }) => severity === 'error')
    .map(({ from, message, hint }) => `${from.line}: ${message} ${hint ?? ''}`);
}

/** What a setting needs beside it: interrupts go to a CPU that is there. */
const beside = (name: string): string => (name === 'irq_cpu' ? 'cpus = 8; ' : '');

describe('settings', () => {
  it('are refused beyond their ends, at their line, with the range', () => {
    assert.ok(BOUNDED.length > 30);
    for (const [name, { kind, min, max }] of BOUNDED) {
      const text = kind === 'bytes' ? spelledBytes : spelled;
      for (const value of [min - 1, max + 1, Number.MAX_SAFE_INTEGER]) {
        const [error, ...more] = errorsOf(`machine {\n  ${name} = ${value};\n}\nprocess p { }\n`);
        assert.match(error ?? '', new RegExp(`^2: .*${name}.* from ${text(min)} to ${text(max)}; .*outside`));
        assert.deepEqual(more, []);
      }
    }
  });

  it('are so, too, when a param gives them', () => {
    for (const [name, { min, max }] of BOUNDED) {
      const program = `param n = ${min};\nmachine {\n  ${name} = n;\n}\nprocess p { }\n`;
      for (const value of [min - 1, max + 1]) assert.match(errorsOf(program, { n: value })[0] ?? '', /^3: .* outside/);
      for (const value of ['many', true, 1.5, 1e300, NaN])
        assert.match(errorsOf(program, { n: value })[0] ?? '', /^1: /);
      assert.match(
        errorsOf(program.replace(`n = ${min}`, 'n = null'), { n: 'many' })[0] ?? '',
        /^3: .* is a number of/,
      );
    }
    const inUnits = 'param n = 1;\nmachine {\n  memory = n GiB;\n}\nprocess p { }\n';
    assert.deepEqual(errorsOf(inUnits), []);
    assert.match(errorsOf(inUnits, { n: 2 })[0] ?? '', /^3: `memory` is .* from 1 MiB to 2047 MiB; 2 GiB is outside/);
  });

  it('can be had at either end', () => {
    for (const [name, { min, max }] of BOUNDED) {
      for (const value of [min, max]) {
        const { machine } = computerFor(
          `machine { ${beside(name)}${name} = ${value}; } process p { getpid(); sleep(1); }`,
        );
        if (name === 'memory') assert.equal(machine.memory.bytes, value);
      }
    }
    assert.equal(
      settingShape('memory')?.kind === 'bytes' && BOUNDED.find(([name]) => name === 'memory')?.[1].max,
      MOST_MEMORY,
    );
  });

  it('more remotes than the machine has events for are told', function () {
    if (!process.env['OSIM_LONG']) this.skip(); // a million remotes are made first
    const remotes = Array.from({ length: 11 }, (_, i) => `remote r${i} count 100_000 { }\n`).join('');
    assert.match(
      errorsOf(`${remotes}process p { }`)[0] ?? '',
      /1048576 events are pending: the machine's queue is full/,
    );
  });

  it('of processes and remotes have ends, with numbers and with params', () => {
    const late = END_OF_TIME + 1;
    for (const item of ['process p at N { }', 'process p burst N { }', 'remote r at N { }', 'remote r every N { }']) {
      assert.match(errorsOf(item.replace('N', String(late)))[0] ?? '', /^1: .* is from 0 to 1_000_000_000_000/);
      const program = `param n = 0;\n${item.replace('N', 'n')}`;
      assert.match(errorsOf(program, { n: late })[0] ?? '', /^2: .* is from 0 to 1_000_000_000_000/);
    }
    for (const item of ['nice', 'priority', 'tickets', 'cpu']) {
      assert.match(errorsOf(`param n = 1;\nprocess p ${item} n { }`, { n: 2 ** 52 })[0] ?? '', /^2: .* is from /);
    }
    assert.match(errorsOf(`keyboard at ${late} "x";`)[0] ?? '', /^1: The time of a key press/);
    assert.match(errorsOf('param n = 0;\nkeyboard at n "x";', { n: late })[0] ?? '', /^2: The time of a key press/);
  });
});

describe('the end of time', () => {
  const ENDLESS = [
    `compute(${Number.MAX_SAFE_INTEGER}); sleep(10);`,
    `sleep(${Number.MAX_SAFE_INTEGER}); sleep(10);`,
    `poll([], ${Number.MAX_SAFE_INTEGER}); sleep(10);`,
    `let t = timerfd_create(); timerfd_settime(t, ${END_OF_TIME}, 1); read(t, alloc(8), 8);`,
    `compute(${END_OF_TIME - 3000}); while (true) { sleep(7); getpid(); }`,
  ];
  for (const calls of ENDLESS) {
    it(`is a limit: ${calls}`, () => {
      for (const setting of ['', 'cpus = 3;', 'costs = linux;', 'costs = none;', 'cost_syscall = 10_000_000;']) {
        const computer = computerFor(`machine { ${setting} }\nprocess p { ${calls} print("never"); }`);
        const outcome = computer.run({ maxSteps: 1_000_000 });
        assert.equal(outcome.kind, 'limit', `${setting} ${outcome.report.join()}`);
        assert.match(outcome.report.join(), /simulated time came to its end, 1_000_000_000_000_000 ticks/);
        assert.equal(computer.machine.terminal.text(), '');
      }
    });
  }
});
