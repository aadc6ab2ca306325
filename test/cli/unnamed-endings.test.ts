/** `osim test` fails for a process that ends badly when no `expect` names it; `osim run` takes it as it comes. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { scratch } from '../std/program-run.js';
import { osimIn } from './in-process.js';

async function osim(command: string[], program: string): ReturnType<typeof osimIn> {
  const file = scratch('ends.osim');
  writeFileSync(file, program);
  return osimIn(path.dirname(file), ...command, path.basename(file));
}

/** What is wrong with the run of a program, a line each. */
async function complaints(program: string): Promise<string[]> {
  const { status, stdout } = await osim(['test', '--reporter', 'json'], program);
  const { files } = JSON.parse(stdout) as { files: { ok: boolean; endings: { text: string; line: number }[] }[] };
  const [result] = files;
  assert.ok(result);
  assert.equal(status, result.ok ? 0 : 1);
  return result.endings.map(({ text, line }) => `${line}: ${text}`);
}

const PRINTS = 'expect stdout("p") == "";';

const UNNAMED: [what: string, program: string, complaint: RegExp][] = [
  [
    'ended by a signal',
    'process p { peek(0); }',
    /^1: p \(pid 2\) was ended by SIGSEGV: .*`expect term_signal\("p"\) == SIGSEGV;`$/,
  ],
  [
    'killed by another',
    'process p { pause(); }\nprocess q at 100 { kill(2, SIGKILL); }',
    /^1: p .* was ended by SIGKILL/,
  ],
  [
    'a status',
    'process p { exit(300); }',
    /^1: p \(pid 2\) exited with status 44: .*`expect exit_code\("p"\) == 44;`$/,
  ],
  [
    'a status after exec',
    'program other() { exit(3); }\nprocess p { exec("other"); }',
    /^2: p .* exited with status 3/,
  ],
  ['it waits for ever', 'process p { pause(); }', /^1: p \(pid 2\) never ended: .*`expect outcome\(\) == "idle";`$/],
  [
    'it waits in a circle',
    'process p { read(pipe()[0], alloc(1), 1); }',
    /never ended: .*`expect outcome\(\) == "deadlock";`$/,
  ],
  [
    'one of several',
    'process p count 3 (i) { exit(i == 1 ? 5 : 0); }',
    /^1: p\[1\] \(pid 3\) exited .*exit_code\("p\[1\]"\) == 5/,
  ],
  [
    'all of several',
    'process p count 3 { exit(5); }',
    /^1: p\[0\] .* and 2 more of them likewise: .*exit_code\("p"\) == 5/,
  ],
  ['that the run finished', `process p { exit(1); }\nexpect outcome() == "finished";`, /exited with status 1/],
  [
    'that others never end',
    'process p { abort(); }\nprocess q { pause(); }\nexpect outcome() == "idle";',
    /^1: p .* SIGABRT/,
  ],
  ['a statistic', 'process p { exit(1); }\nexpect stat("p", "utime") >= 0;', /exited with status 1/],
  ['another', 'process p { exit(1); }\nprocess q { exit(2); }\nexpect exit_code("q") == 2;', /^1: p /],
];

const NAMED: [what: string, program: string][] = [
  ['by its status', 'process p { exit(3); }\nexpect exit_code("p") == 3;'],
  ['by its signal', 'process p { abort(); }\nexpect term_signal("p") == SIGABRT;'],
  ['by the status that it has not', 'process p { abort(); }\nexpect exit_code("p") == null;'],
  ['within an expression', 'process p { exit(3); }\nexpect true || !(exit_code("p") < 1 + 1);'],
  [
    'by a computed name',
    'process p count 2 (i) { exit(i); }\nconst LAST = 1;\nexpect exit_code("p[" + str(LAST) + "]") == 1;',
  ],
  ['all of several', 'process p count 3 { exit(5); }\nexpect exit_code("p") == 5;'],
  ['by the outcome: idle', 'process p { pause(); }\nexpect outcome() == "idle";'],
  ['by the outcome: deadlock', 'process p { read(pipe()[0], alloc(1), 1); }\nexpect outcome() == "deadlock";'],
  ['one that never ended', 'process p { pause(); }\nexpect exit_code("p") == null;'],
  ['its children are its own matter', 'process p { if (fork() == 0) { abort(); } wait(); }'],
];

describe('osim test: the ends that no expect names', () => {
  for (const [what, program, complaint] of UNNAMED) {
    it(`fails: ${what}`, async () => {
      const found = await complaints(`${program}\n${PRINTS}`);
      assert.equal(found.length, 1, found.join('\n'));
      assert.match(found[0] ?? '', complaint);
    });
  }

  for (const [what, program] of NAMED) {
    it(`passes: ${what}`, async () => assert.deepEqual(await complaints(`${program}\n${PRINTS}`), []));
  }

  it('an expect that names it and is false fails by itself', async () => {
    const { status, stdout } = await osim(['test'], 'process p { exit(3); }\nexpect exit_code("p") == 0;');
    assert.equal(status, 1);
    assert.match(stdout, /✗ exit_code\("p"\) == 0\n +line 2: actual: 3\n\n0 passed, 1 failed/);
  });

  it('each reporter tells of them', async () => {
    const program = `process p { exit(3); }\n${PRINTS}`;
    assert.match(
      (await osim(['test'], program)).stdout,
      /✓ stdout.*\n +✗ line 1: p \(pid 2\) exited.*\n\n1 passed, 1 failed/,
    );
    const xml = (await osim(['test', '--reporter', 'junit'], program)).stdout;
    assert.match(xml, /tests="2" failures="1".*name="end of p">\s*<failure message="line 1: p \(pid 2\) exited/s);
  });

  it('a run that was cut off is a failure of its own', async () => {
    const { status, stdout } = await osim(['test', '--max-ticks', '100'], 'process p { while (true) {} }');
    assert.equal(status, 1);
    assert.match(stdout, /the run ended with limit/);
    assert.doesNotMatch(stdout, /never ended/);
  });

  it('osim run keeps its exit statuses', async () => {
    assert.equal((await osim(['run'], `process p { exit(3); }\n${PRINTS}`)).status, 0);
    assert.equal((await osim(['run'], 'process p { pause(); }')).status, 0);
  });
});
