/** launch.json's "replay": a recorded run in the debugger. */
import assert from 'node:assert/strict';
import { computerFor } from '../system.js';
import { clientFor, PROGRAM } from './client.js';

const TEXT = `var most = 3;
process p {
  for (let i = 0; i < most; i++) {
    let n = random(1000);
    print(n);
  }
}
process q { compute(50); }
`;
const RECORDING = PROGRAM.replace(/[^/]*$/, 'run.choices');

/** A recording of the program with a seed, and what it prints. */
function recorded(seed: number): { recording: string; output: string } {
  let recording = '';
  const computer = computerFor(TEXT, { seed, record: (lines) => void (recording += lines) });
  computer.run();
  computer.recorder?.end();
  const chunks = computer.machine.terminal.output().map(({ bytes }) => bytes);
  return { recording, output: chunks.join('') };
}

describe('a replay in the debugger', function () {
  this.timeout(60_000);
  const { recording, output } = recorded(4);
  const client = (text = recording) => clientFor(TEXT, { [RECORDING]: text });

  it('makes the choices of the recording, and goes back and forth in them', async () => {
    assert.notEqual(recorded(0).output, output, 'the seed makes no difference here');
    const replaying = client();
    await replaying.launch(PROGRAM, { replay: './run.choices', lines: [5] });
    const drawn = async (): Promise<number> => Number(await replaying.evaluate('n'));
    const seen: number[] = [];
    for (let i = 0; i < 3; i++) {
      await (i === 0 ? replaying.stop() : replaying.step('continue'));
      seen.push(await drawn());
    }
    assert.equal(`${seen.join('\n')}\n`, output);
    await replaying.step('reverseContinue');
    assert.equal(await drawn(), seen[1]);
    await replaying.step('reverseContinue');
    assert.equal(await drawn(), seen[0]);
    await replaying.step('continue');
    assert.equal(await drawn(), seen[1]);
    await replaying.step('continue');
    await replaying.request('continue', { threadId: replaying.threadId });
    await replaying.ended();
    assert.equal(replaying.output(), output);
    assert.equal(replaying.events.find(({ event }) => event === 'exited')?.body.exitCode, 0);
  });

  it('goes on as the seed says when the run was changed', async () => {
    const changed = client();
    await changed.launch(PROGRAM, { replay: './run.choices', lines: [4] });
    await changed.stop();
    await changed.request('evaluate', {
      expression: 'most = 6',
      context: 'repl',
      frameId: (await changed.frames())[0].id,
    });
    await changed.request('setBreakpoints', { source: { path: PROGRAM }, breakpoints: [] });
    await changed.request('continue', { threadId: changed.threadId });
    await changed.ended();
    assert.equal(changed.output().split('\n').length, 7);
    assert.ok(changed.output().startsWith(output));
    assert.equal(changed.output('important'), '');
  });

  it('is refused, with the reason, when the recording is missing, torn or of another program', async () => {
    const cases: [string | undefined, RegExp][] = [
      [undefined, /^The recording \.\/run\.choices can not be read: it is not there\.$/],
      ['nonsense', /^The run can not be replayed: .*run\.choices:1:1: error: This is no recording of choices/],
      [recording.slice(0, -3), /run\.choices:\d+:1: error: The recording is cut short/],
      [
        recording.replace(/program \w+/, 'program 0000'),
        /run\.choices:\d+:1: error: The recording is of another program/,
      ],
    ];
    for (const [text, message] of cases) {
      const refused = text === undefined ? clientFor(TEXT) : client(text);
      await refused.initialize();
      assert.match(await refused.refusal('launch', { program: PROGRAM, replay: './run.choices' }), message);
    }
    const wrong = client();
    await wrong.initialize();
    assert.match(await wrong.refusal('launch', { program: PROGRAM, replay: 5 }), /replay must be a string/);
  });

  it('ends where the run is not the recorded one, and says at which line', async () => {
    const lines = recording.split('\n');
    const at = lines.findIndex((line) => line.startsWith('random '));
    lines[at] = lines[at].replace('/1000', '/2000');
    const edited = lines.join('\n');
    const diverging = client(edited);
    await diverging.launch(PROGRAM, { replay: './run.choices' });
    await diverging.ended();
    assert.match(
      diverging.output('important'),
      new RegExp(`run\\.choices:${at + 1}: the run asks for random among 1000`),
    );
    assert.equal(diverging.events.find(({ event }) => event === 'exited')?.body.exitCode, 2);
  });
});
