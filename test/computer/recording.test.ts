import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createComputer, type Computer, type ComputerOptions } from '../../src/computer/computer.js';
import { Recorder, Recording } from '../../src/computer/recording.js';
import { RecordingFault } from '../../src/computer/recording-identity.js';
import { CHOICE_KINDS, type ChoiceKind } from '../../src/machine/choices.js';
import { computerFor, system } from '../system.js';

const PROGRAM = `machine { cpus = 2; quantum = 15; }
param rounds = 3;
process a count 3 { for (i in 0..rounds) { print(random(1000)); compute(40); sleep(5); } }
`;

/** A run that is recorded, and the recording. */
function recorded(text: string, options: Partial<ComputerOptions> = {}): { computer: Computer; lines: string } {
  let lines = '';
  const computer = computerFor(text, { ...options, record: (more) => void (lines += more) });
  computer.run();
  computer.recorder?.end();
  return { computer, lines };
}

/** What replaying answers before the run: problems as text, or none. */
function problemsOf(recording: string, text = PROGRAM, options: Partial<ComputerOptions> = {}): string {
  const { problems } = createComputer(system(), {
    uri: '/elsewhere/program.osim',
    read: () => text,
    replay: { uri: 'run.choices', text: recording },
    ...options,
  });
  return problems.map(({ uri, from, message, hint }) => `${uri}:${from.line}: ${message} ${hint}`).join('\n');
}

const printed = (computer: Computer): string =>
  computer.machine.terminal
    .output()
    .map(({ time, bytes }) => `${time} ${bytes}`)
    .join('');

describe('recording of choices', function () {
  this.timeout(60_000);
  const { lines, computer: first } = recorded(PROGRAM, { seed: 5 });

  it('makes the same run again, without the seed, from another folder, with other comments', () => {
    const text = `// a comment\n\n${PROGRAM.replaceAll('; ', ';  ')}`;
    const again = computerFor(text, { replay: { uri: 'run.choices', text: lines } });
    again.run();
    assert.equal(printed(again), printed(first));
    assert.equal(again.machine.replayed?.fault(false), null);
    assert.notEqual(printed(recorded(PROGRAM, { seed: 6 }).computer), printed(first), 'seeds make no difference here');
  });

  it('is the same for the same run, and says what each kind of choice is', () => {
    assert.equal(recorded(PROGRAM, { seed: 5 }).lines, lines);
    for (const kind of Object.keys(CHOICE_KINDS)) assert.match(lines, new RegExp(`^# ${kind}: .*; as written .`, 'm'));
    assert.match(lines, /^osim choices 1\n# of a run of program\.osim\n/);
    assert.match(lines, /^quantum \d+\/51$/m);
    assert.match(lines, /\nend \d+\n$/);
  });

  it('of another program, kernel or setting is told, with a way out', () => {
    assert.equal(problemsOf(lines), '');
    const changed = PROGRAM.replace('compute(40)', 'compute(41)');
    assert.match(problemsOf(lines, changed), /^run\.choices:\d+: The recording is of another program, or .* --record/);
    const kernel = {
      uri: 'sched_rr.osim',
      text: system().kernel.files.find((f) => f.uri.endsWith('sched_rr.osim'))!.text!,
    };
    const other = { kernelFiles: [{ ...kernel, text: `${kernel.text}\nfn quite_new() { return 1; }\n` }] };
    assert.match(problemsOf(lines, PROGRAM, other), /^run\.choices:\d+: The recording was made with another kernel/);
    assert.match(
      problemsOf(lines, PROGRAM, { settings: { cpus: 4 } }),
      /made with cpus 2, and this run has 4\. .*--cpus 2/,
    );
    assert.match(problemsOf(lines, PROGRAM, { settings: { scheduler: 'fifo' } }), /scheduler "rr", .*--scheduler "rr"/);
    assert.match(problemsOf(lines, PROGRAM, { params: { rounds: 4 } }), /with rounds 3, .* has 4\. .*--set rounds=3/);
    const quantum = PROGRAM.replace('quantum = 15', 'quantum = 16');
    assert.match(problemsOf(lines, quantum), /with quantum 15, and this run has 16/);
    assert.match(problemsOf(lines, quantum.replace('quantum = 16;', '')), /with quantum 15, and this run has none/);
  });

  it('that is torn, edited or none at all is told by its line', () => {
    const bad: [string, string, RegExp][] = [
      ['an empty file', '', /^run\.choices:1: This is no recording of choices\. osim run --record FILE makes one/],
      ['a program', PROGRAM, /^run\.choices:1: This is no recording/],
      ['bytes', '\0\xff\x1b[31m\n'.repeat(50), /^run\.choices:1: This is no recording/],
      ['a later version', lines.replace('choices 1', 'choices 2'), /:1: The recording has version 2; .* version 1/],
      ['no end', lines.replace(/end \d+\n$/, ''), /cut short: its last line is not `end`/],
      ['half a line', lines.slice(0, -2), /cut short/],
      ['a header alone', lines.slice(0, lines.indexOf('\nchoices\n') + 1), /cut short: it has no line `choices`/],
      [
        'a choice removed',
        lines.replace(/\nquantum [^\n]*/, ''),
        /The recording has \d+ choices, and not \d+ as it says/,
      ],
      ['more after the end', `${lines}quantum 1/51\n`, /Something follows the end/],
      ['an unknown kind', lines.replace('\nquantum ', '\nquanta '), /This is no choice: `quanta \d+\/51`/],
      ['a choice out of range', lines.replace(/\nquantum \d+/, '\nquantum 51'), /This is no choice: `quantum 51\/51`/],
      ['a negative one', lines.replace(/\nquantum \d+/, '\nquantum -1'), /This is no choice: `quantum -1\/51`/],
      ['one beyond integers', lines.replace(/\nquantum \d+/, '\nquantum 99999999999999999999'), /This is no choice/],
      ['nothing as written', lines.replace(/as-written \d+/, 'as-written 0'), /This is no choice: `as-written 0`/],
      ['an escape', lines.replace(/\nquantum \d+/, '\nquantum \x1b[31m'), /This is no choice: `quantum \\x1b\[31m/],
      ['a setting twice', lines.replace('\ncpus 2', '\ncpus 2\ncpus 2'), /This line can not stand here: `cpus 2`/],
      ['a seed that is none', lines.replace(/\nseed 5/, '\nseed five'), /The seed is a number, and not `five`/],
    ];
    for (const [what, text, message] of bad) assert.match(problemsOf(text), message, what);
  });

  it('that was edited to another choice of the same kind is another run, which ends', () => {
    const text = lines.replace(/random \d+\/1000/, 'random 999/1000');
    const other = computerFor(PROGRAM, { replay: { uri: 'run.choices', text } });
    other.run();
    assert.match(printed(other), /999/);
    assert.notEqual(printed(other), printed(first));
  });

  it('whatever is in the file, it is refused or read: nothing else is thrown', () => {
    const pieces = fc.constantFrom('osim choices 1\n', 'choices\n', 'end 0\n', 'end 1\n', 'as-written 1\n', 'cpu 1/2\n', 'seed 1\n', '#\n', 'x y\n', '\n', '\0'); // prettier-ignore
    const text = fc.oneof(fc.string(), fc.array(pieces).map((all) => all.join(''))); // prettier-ignore
    fc.assert(
      fc.property(text, (text) => {
        try {
          const recording = new Recording('x', text);
          let at = recording.offset;
          for (let line = recording.read(at); line !== null; line = recording.read(at)) at = line.next;
        } catch (error) {
          if (!(error instanceof RecordingFault)) throw error;
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('of any choices is read as it was written', () => {
    const kinds = Object.keys(CHOICE_KINDS) as ChoiceKind[];
    const choice = fc
      .tuple(fc.constantFrom(...kinds), fc.integer({ min: 2, max: 2 ** 53 - 1 }), fc.nat(), fc.nat())
      .map(([kind, n, a, b]) => [kind, n, a % n, fc.stringify(a) === fc.stringify(b) ? a % n : b % n] as const);
    fc.assert(
      fc.property(fc.array(choice, { maxLength: 200 }), (choices) => {
        let text = '';
        const recorder = new Recorder((more) => void (text += more), 'p.osim', new Map([['cpus', '1']]), 3);
        for (const [kind, n, usual, chosen] of choices) recorder.listener(kind, n, usual, chosen);
        recorder.end();
        const recording = new Recording('x', text);
        assert.equal(recording.seed, 3);
        const read: unknown[] = [];
        let at = recording.offset;
        for (let line = recording.read(at); line !== null; line = recording.read(at)) {
          if (line.kind === null) for (let i = 0; i < line.count; i++) read.push('as written');
          else read.push([line.kind, line.alternatives, line.chosen]);
          at = line.next;
        }
        assert.deepEqual(
          read,
          choices.map(([kind, n, usual, chosen]) => (chosen === usual ? 'as written' : [kind, n, chosen])),
        );
      }),
    );
  });
});
