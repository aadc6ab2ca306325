/** What a run was worth is told at its end: in the console, and by the event that the editor shows. */
import assert from 'node:assert/strict';
import type { DebugProtocol as P } from '@vscode/debugprotocol';
import type { VerdictEvent } from '../../src/debugger/messages.js';
import { PROGRAM, clientFor, type Client } from './client.js';

const TEXT = `process greeter {
  print("hello");
}
process fails { exit(3); }

expect stdout("greeter") == "hello\\n";
expect stdout("greeter") ==
  "goodbye\\n", "it is polite";
expect exit_code("nobody" + "!") == 0;
`;

function verdicts(client: Client): VerdictEvent[] {
  return client.events.filter(({ event }) => event === 'osim/verdict').map(({ body }) => body as VerdictEvent);
}

function lines(client: Client): P.OutputEvent['body'][] {
  return client.events
    .filter(({ event, body }) => event === 'output' && /^[✓✗]/.test((body as P.OutputEvent['body']).output))
    .map(({ body }) => body as P.OutputEvent['body']);
}

function exitCode(client: Client): number | undefined {
  return (client.events.find(({ event }) => event === 'exited')?.body as { exitCode: number } | undefined)?.exitCode;
}

describe('debugger: the verdict at the end of a run', () => {
  for (const noDebug of [false, true]) {
    it(`tells of each expect and of each end that none names${noDebug ? ', without debugging too' : ''}`, async () => {
      const client = clientFor(TEXT);
      await client.launch(PROGRAM, { noDebug });
      await client.ended();
      const [atStart, atEnd, ...more] = verdicts(client);
      assert.deepEqual([atStart, more], [{ path: PROGRAM, checks: [] }, []]);
      assert.equal(atEnd?.path, PROGRAM);
      const seen = atEnd.checks.map(({ kind, line, ok, found }) => [kind, line, ok, found]);
      assert.deepEqual(seen.slice(0, 2), [
        ['expect', 6, true, null],
        ['expect', 7, false, 'it is "hello\\n" (it is polite)'],
      ]);
      assert.deepEqual(seen[2]?.slice(0, 3), ['expect', 9, false]);
      assert.match(String(seen[2]?.[3]), /No process is declared with the name "nobody!"/);
      assert.deepEqual(seen[3], ['ending', 4, false, null]);
      assert.match(atEnd.checks[3]?.text ?? '', /^fails \(pid 3\) exited with status 3: /);
      assert.equal(exitCode(client), 1);
    });
  }

  it('prints a line for each, which leads to its place', async () => {
    const client = clientFor(TEXT);
    await client.launch(PROGRAM);
    await client.ended();
    const printed = lines(client);
    assert.deepEqual(
      printed.map(({ category, line, source }) => [category, line, source?.path]),
      [
        ['console', 6, PROGRAM],
        ['stderr', 7, PROGRAM],
        ['stderr', 9, PROGRAM],
        ['stderr', 4, PROGRAM],
      ],
    );
    assert.equal(printed[0]?.output, '✓ expect stdout("greeter") == "hello\\n"\n');
    assert.match(
      printed[1]?.output ?? '',
      /^✗ expect stdout\("greeter"\) == "goodbye\\n": it is "hello\\n" \(it is polite\)\n$/,
    );
    assert.match(client.output('console'), /3 of 4 failed\.\n/);
    const kinds = client.events.map(({ event }) => event);
    assert.ok(kinds.lastIndexOf('osim/verdict') < kinds.indexOf('terminated'));
  });

  it('counts lines as the client does, in what it prints', async () => {
    const client = clientFor(TEXT);
    await client.initialize({ linesStartAt1: false });
    await client.request('launch', { program: PROGRAM });
    await client.request('configurationDone');
    await client.ended();
    assert.deepEqual(
      lines(client).map(({ line }) => line),
      [5, 6, 8, 3],
    );
    assert.deepEqual(
      verdicts(client)[1]?.checks.map(({ line }) => line),
      [6, 7, 9, 4],
    );
  });

  it('is void when the program is started again, and told again at each end', async () => {
    const client = clientFor(TEXT);
    await client.launch(PROGRAM, { stopOnExit: true });
    await client.stop();
    client.files[PROGRAM] = TEXT.replace('goodbye', 'hello')
      .replace('"nobody" + "!"', '"greeter"')
      .replace('exit(3)', 'exit(0)');
    const again = client.stopped();
    await client.request('restart');
    await again;
    const failed = verdicts(client).map(({ checks }) => checks.filter(({ ok }) => !ok).length);
    assert.deepEqual(failed, [0, 3, 0, 0]);
    assert.deepEqual(
      verdicts(client).map(({ checks }) => checks.length),
      [0, 4, 0, 3],
    );
    await client.step('stepBack');
    await client.step('continue');
    assert.deepEqual(verdicts(client)[4], verdicts(client)[3], 'the same end');
    assert.match(client.output('console'), /All that was expected is so\./);
  });

  it('has no word on a program that expects nothing, and none of what an import expects', async () => {
    const quiet = clientFor('import "./other.osim";\nprocess p { exit(f()); }', {
      '/program/other.osim': 'fn f() { return 3; }\nprocess q { }\nexpect stdout("q") == "never";',
    });
    await quiet.launch(PROGRAM);
    await quiet.ended();
    assert.ok(verdicts(quiet).every(({ checks }) => checks.length === 0));
    assert.deepEqual(lines(quiet), []);
    assert.equal(exitCode(quiet), 0);
  });

  it('ends with the exit status of `osim run`', async () => {
    const circle = 'process p { read(pipe()[0], alloc(1), 1); }\n';
    for (const [text, status] of [
      [circle, 3],
      [`${circle}expect outcome() == "deadlock";`, 0],
      [`${circle}expect outcome() == "finished";`, 1],
      ['process p { exit(3); }\nexpect true;', 0],
    ] as const) {
      const client = clientFor(text);
      await client.launch(PROGRAM, { noDebug: true });
      await client.ended();
      assert.equal(exitCode(client), status, text);
    }
  });
});
