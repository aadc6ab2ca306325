/** Takes a walk: drives a debug session as a reader would, and compares what is shown with what was declared. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Answers } from '../../src/computer/answers.js';
import type { Snapshot, TaskView } from '../../src/debugger/messages.js';
import { Client, root, type LaunchOptions, type Stopped } from '../debugger/client.js';
import { listFrom, type WalkBreakpoint, type WalkMachine, type WalkSession, type WalkStep } from './walk.js';
import { kernelFile, kernelPaths } from '../kernel-file.js';

const BUTTONS = ['continue', 'next', 'stepIn', 'stepOut', 'stepBack', 'reverseContinue'] as const;
type Button = (typeof BUTTONS)[number];

/** The folder beside the program for copies of kernel files. */
const OWN_KERNEL = 'own-kernel';

/** Steps until a place is reached, at most. */
const MOST_STEPS = 1500;

/** A place: a line that contains a text, of the program or of another file; perhaps with its number; or a function. */
type Place = { function: string } | { file: string; line: number; text: string };

export class Walker {
  private readonly client: Client;
  private readonly text: string;
  private stop: Stopped | null = null;
  private started = false;
  private over = false;
  private terminated: Promise<null> | null = null;

  constructor(
    /** Path of the lesson. */
    private readonly program: string,
    text: string,
    private readonly session: WalkSession,
  ) {
    this.text = edited(text, session.edit ?? {});
    const own = Object.entries(session.kernel ?? {}).map(([name, edits]) => {
      const copy = edited(kernelFile(name).text, edits);
      return [path.join(path.dirname(program), OWN_KERNEL, name), copy];
    });
    this.client = new Client({ [program]: this.text, ...(Object.fromEntries(own) as Record<string, string>) });
  }

  async walk(): Promise<void> {
    const { client, session } = this;
    await client.initialize();
    const launch: LaunchOptions = session.launch ?? {};
    // The extension makes the paths of a launch configuration whole.
    if (launch.kernel !== undefined) launch.kernel = path.join(path.dirname(this.program), launch.kernel);
    await client.request('launch', { program: this.program, ...launch });
    await client.event('initialized');
    for (const [i, step] of session.steps.entries()) {
      try {
        await this.take(step);
      } catch (error) {
        if (!(error instanceof Error)) throw error;
        const what = listFrom(step.says)[0] ?? step.do ?? '';
        error.message = `step ${i + 1} (${what}), at ${await this.where()}: ${error.message}`;
        throw error;
      }
    }
    assert.deepEqual(client.faults, []);
    client.session.close();
  }

  private async where(): Promise<string> {
    return this.stop && !this.over ? this.client.where() : 'the end';
  }

  private async take(step: WalkStep): Promise<void> {
    if (step.break) await this.setBreakpoints(step.break);
    if (step.do !== undefined) {
      if (step.until !== undefined) await this.moveUntil(step.do, this.place(step.until));
      else for (let i = 0; i < (step.times ?? 1); i++) await this.move(step.do);
    }
    if (step.ends === undefined) assert.ok(this.stop && !this.over, 'the run is over, or has not begun');
    await this.look(step);
  }

  // ---- Moves -------------------------------------------------------------------------------------------------------

  private async moveUntil(button: string, place: Place): Promise<void> {
    for (let i = 0; i < MOST_STEPS; i++) {
      await this.move(button);
      assert.ok(!this.over, 'the run ended before');
      if (await this.isAt(place)) return;
    }
    assert.fail(`not reached in ${MOST_STEPS} steps`);
  }

  private async move(what: string): Promise<void> {
    const { client } = this;
    assert.ok(!this.over, 'the run is over');
    this.terminated ??= client.event('terminated').then(() => null);
    const moved = Promise.race([client.stopped(), this.terminated]);
    if (!this.started) {
      this.started = true;
      assert.equal(what, 'continue', 'a session begins with "continue": F5');
      await client.request('configurationDone');
    } else if (BUTTONS.includes(what as Button)) {
      await client.request(what, { threadId: client.threadId });
    } else {
      const frameId = (await client.frames())[0]?.id;
      await client.request('evaluate', { expression: what, context: 'repl', frameId });
    }
    this.stop = await moved;
    this.over = this.stop === null;
    if (this.stop) client.threadId = this.stop.threadId;
  }

  private async setBreakpoints(list: readonly (string | WalkBreakpoint)[]): Promise<void> {
    const { client } = this;
    const lines = new Map<string, object[]>(this.broken.map((file) => [file, []]));
    const functions: object[] = [];
    for (const each of list) {
      const { at, when, hits } = typeof each === 'string' ? { at: each, when: undefined, hits: undefined } : each;
      const more = { ...(when ? { condition: when } : {}), ...(hits ? { hitCondition: hits } : {}) };
      const place = this.place(at);
      if ('function' in place) functions.push({ name: place.function, ...more });
      else lines.set(place.file, [...(lines.get(place.file) ?? []), { line: place.line, ...more }]);
    }
    const set: { verified: boolean; message?: string; line?: number }[] = [];
    for (const [file, breakpoints] of lines)
      set.push(...(await client.request('setBreakpoints', { source: { path: file }, breakpoints })).breakpoints);
    set.push(...(await client.request('setFunctionBreakpoints', { breakpoints: functions })).breakpoints);
    for (const { verified, message } of set) assert.ok(verified, `a breakpoint can't be set: ${message}`);
    this.broken = [...lines.keys()];
  }

  /** Files that have breakpoints. */
  private broken: string[] = [];

  // ---- Places ------------------------------------------------------------------------------------------------------

  private place(written: string): Place {
    const [, functionName] = /^fn (\S+)$/.exec(written) ?? [];
    if (functionName !== undefined) return { function: functionName };
    const [, number, rest = ''] = /^(?:line (\d+): )?(.*)$/s.exec(written) ?? [];
    const [, name, text] = /^([\w-]+\.osim): (.*)$/.exec(rest) ?? [undefined, path.basename(this.program), rest];
    const [file, source] = this.fileNamed(name);
    const lines = source.split('\n');
    const at = lines.findIndex((line) => !line.startsWith('//') && line.includes(text));
    assert.ok(at >= 0, `${name} has no line with "${text}"`);
    assert.ok(
      number === undefined || Number(number) === at + 1,
      `"${text}" is line ${at + 1} of ${name}, not ${number}`,
    );
    return { file, line: at + 1, text };
  }

  /** Of the lesson, beside it, or of the kernel or the library: its name for the debugger, and its text. */
  private fileNamed(name: string): [file: string, text: string] {
    if (name === path.basename(this.program)) return [this.program, this.text];
    const isKernel = kernelPaths.some((file) => path.posix.basename(file) === name);
    const candidates: [string, string][] = [
      [path.join(path.dirname(this.program), name), path.join(path.dirname(this.program), name)],
      ...(isKernel ? [[kernelFile(name).uri, kernelFile(name).path] as [string, string]] : []),
      [`osim-std:/${name}`, path.join(root, 'src/std', name)],
    ];
    const found = candidates.find(([, file]) => existsSync(file));
    assert.ok(found, `there is no file ${name}`);
    return [found[0], readFileSync(found[1], 'utf8')];
  }

  private async isAt(place: Place): Promise<boolean> {
    const [top] = await this.client.frames();
    if ('function' in place) return top?.name.replace(/ \(coroutine #\d+\)$/, '') === place.function;
    if (top?.source?.path !== place.file) return false;
    const line = this.fileNamed(path.posix.basename(place.file))[1].split('\n')[top.line - 1] ?? '';
    return line.includes(place.text);
  }

  // ---- What is seen ------------------------------------------------------------------------------------------------

  private async look(step: WalkStep): Promise<void> {
    const { client } = this;
    if (step.reason !== undefined) {
      const { reason, description, text } = this.stop!;
      matches('why it stopped', [reason, description, text].filter(Boolean).join(': '), step.reason);
    }
    if (step.at !== undefined) {
      assert.ok(await this.isAt(this.place(step.at)), `it does not stand at "${step.at}"`);
    }
    if (step.frames)
      inOrder(
        'Call Stack',
        (await client.frames()).map(({ name }) => name),
        step.frames,
      );
    if (step.thread !== undefined || step.threads) {
      const threads = await client.threads();
      if (step.thread !== undefined)
        matches('thread', threads.find(({ id }) => id === client.threadId)?.name ?? 'none', step.thread);
      const labels = threads.map(({ name }) => name);
      for (const wanted of step.threads ?? [])
        assert.ok(
          labels.some((label) => isMatch(label, wanted)),
          `no thread "${wanted}" among ${labels.join(', ')}`,
        );
    }
    const frame = step.in === undefined ? 0 : (await client.frames()).findIndex(({ name }) => name === step.in);
    assert.ok(frame >= 0, `no frame of ${step.in}`);
    for (const [row, wanted] of Object.entries(step.shows ?? {}))
      matches(row, await this.variable(row.split(' > '), frame), wanted);
    for (const [expression, wanted] of Object.entries(step.evaluate ?? {}))
      matches(expression, await client.evaluate(expression, 'watch', frame), wanted);
    for (const [command, wanted] of Object.entries(step.console ?? {}))
      matches(command, await client.evaluate(command, 'repl', frame), wanted);
    if (step.machine) this.lookAtMachine((await client.request('osim/snapshot')) as Snapshot, step.machine);
    for (const wanted of listFrom(step.output)) matches('output', client.output(), wanted);
    for (const wanted of listFrom(step.told)) matches('console', this.console(), wanted);
    if (step.ends !== undefined) {
      assert.ok(this.over, 'the run is not over');
      assert.equal(this.computer.machine.outcome?.kind, step.ends);
    }
    for (const [name, wanted] of Object.entries(step.stats ?? {})) this.compare(name, wanted);
  }

  private console(): string {
    return ['console', 'important', 'stderr'].map((category) => this.client.output(category)).join('');
  }

  private get computer() {
    return this.client.session.debuggee!.computer;
  }

  private compare(name: string, wanted: number | string): void {
    const answers = new Answers(this.computer);
    const [first = '', second] = name.split(': ');
    const value = answers.stat(first, second);
    const [, operator = '==', limit = String(wanted)] = /^(>=|<=|>|<) (-?\d+)$/.exec(String(wanted)) ?? [];
    const n = Number(limit);
    const holds = { '==': value === n, '>=': value >= n, '<=': value <= n, '>': value > n, '<': value < n }[operator];
    assert.ok(holds, `${name} is ${value}, not ${wanted}`);
  }

  /** The text of a row of the Variables pane: `Scope > name > name`. */
  private async variable([scope = '', ...names]: string[], frame: number): Promise<string> {
    let rows = await this.client.scope(scope, frame);
    let shown = '';
    for (const name of names) {
      const row = rows.get(name) ?? [...rows.values()].find((candidate) => isMatch(candidate.name, name));
      assert.ok(row, `no row "${name}" among ${[...rows.keys()].join(', ')}`);
      shown = row.value;
      rows = row.variablesReference > 0 ? await this.client.variables(row.variablesReference) : new Map();
    }
    return shown;
  }

  private lookAtMachine({ tasks, waitQueues, copies }: Snapshot, wanted: WalkMachine): void {
    const label = ({ name, waitChannel }: TaskView): string =>
      waitChannel === null ? name : `${name}: ${waitChannel}`;
    for (const column of ['running', 'ready', 'blocked', 'zombie'] as const) {
      const declared = wanted[column];
      if (!declared) continue;
      const shown = tasks.filter(({ state, pid }) => state === column && pid > 1).map(label);
      assert.equal(shown.length, declared.length, `${column}: ${shown.join(', ') || 'nobody'}`);
      for (const each of declared)
        assert.ok(
          shown.some((one) => isMatch(one, each)),
          `${column}: no ${each} among ${shown.join(', ')}`,
        );
    }
    const nameOf = new Map(tasks.map(({ pid, name }) => [pid, name]));
    for (const [name, names] of Object.entries(wanted.queues ?? {})) {
      const found = waitQueues.filter((queue) => isMatch(queue.name, name)).flatMap((queue) => queue.tasks);
      assert.deepEqual(found.map((pid) => nameOf.get(pid)).sort(), [...names].sort(), `queue ${name}`);
    }
    for (const [call, kinds] of Object.entries(wanted.copies ?? {})) {
      const { bytes } = copies.find((each) => each.call === call) ?? { bytes: null };
      assert.ok(bytes, `Copies has no line ${call}`);
      for (const [kind, count] of Object.entries(kinds)) assert.equal(bytes[kind as 'dma'], count, `${call}, ${kind}`);
    }
  }
}

function edited(text: string, edits: Record<string, string>): string {
  return Object.entries(edits).reduce((before, [from, to]) => {
    assert.ok(before.includes(from), `there is no "${from}" to be edited`);
    return before.replace(from, () => to);
  }, text);
}

/** A text is contained; between slashes it is a pattern. */
function isMatch(shown: string, wanted: string): boolean {
  const [, pattern] = /^\/(.*)\/$/s.exec(wanted) ?? [];
  return pattern === undefined ? shown.includes(wanted) : new RegExp(pattern, 's').test(shown);
}

function matches(what: string, shown: string, wanted: string): void {
  assert.ok(isMatch(shown, wanted), `${what} shows "${shown}", not "${wanted}"`);
}

function inOrder(what: string, shown: readonly string[], wanted: readonly string[]): void {
  let at = -1;
  for (const each of wanted) {
    at = shown.findIndex((name, i) => i > at && isMatch(name, each));
    assert.ok(at >= 0, `${what}: no ${each} in this order among ${shown.join(', ')}`);
  }
}
