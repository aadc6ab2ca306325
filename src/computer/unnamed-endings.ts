/**
 * Ends that a test did not say: a declared process that a signal ended, that exited with a status other than 0, or that
 * never ended, is a failure, unless an `expect` names it. To name is to ask for its `exit_code` or its `term_signal`;
 * of one that never ended, also to ask for the `outcome()`, which says that somebody was left: `idle`, `deadlock`. That
 * a run finished says nothing of how. Children do not count here: their parents answer for them.
 */
import { evaluate, EvaluationError, type Environment } from '../compiler/evaluate.js';
import type { ProcessInfo } from '../compiler/image.js';
import type { Call, Expression } from '../language/generated/ast.js';
import { walk } from '../language/ast-walk.js';
import type { Computer } from './computer.js';
import { nameOfConstant, SIGNAL_NAME } from './inspect-format.js';
import type { ProcessEntry } from './processes.js';
import { textOf } from '../machine/text.js';

export interface UnnamedEnding {
  /** As an `expect` names it: `worker`, or `worker[2]` of several. */
  process: string;
  /** Null when it was not started before the run ended. */
  pid: number | null;
  /** So many of the same declaration ended alike; this is the first of them. */
  count: number;
  /** How it ended: `was ended by SIGSEGV`. */
  ended: string;
  /** A sentence: who, how, and the way out. */
  text: string;
  /** Of the declaration, in the program's own file. */
  line: number;
}

/** The ends that no `expect` names, in order of declaration; those of one declaration that ended alike are one. */
export function unnamedEndings(computer: Computer, environment: Environment): UnnamedEnding[] {
  const named = namedProcesses(computer, environment);
  const started = startedProcesses(computer);
  const alike = new Map<string, Group>();
  computer.compiled.image.processes.forEach((process, origin) => {
    const entry = started.get(origin);
    const end = endOf(computer, entry);
    if (end === null || (end.isLeft && named.outcome)) return;
    if (named.processes.has(process.name) || named.processes.has(nameInArray(process))) return;
    const key = `${process.body} ${end.ended}`;
    const group = alike.get(key);
    if (group) group.count++;
    else alike.set(key, { process, pid: entry?.pid ?? null, end, count: 1 });
  });
  return [...alike.values()].map((group) => endingOf(computer, group));
}

interface End {
  ended: string;
  /** It never ended: the outcome of the run says so. */
  isLeft: boolean;
  /** An `expect` that names it, for a process of this name. */
  expect: (process: string) => string;
}

/** Processes of one declaration that ended alike: the first, and how many. */
interface Group {
  process: ProcessInfo;
  pid: number | null;
  end: End;
  count: number;
}

function endingOf({ compiled }: Computer, { process: info, pid, end, count }: Group): UnnamedEnding {
  const isOne = compiled.image.processes.filter(({ body }) => body === info.body).length === 1;
  const process = isOne ? info.name : nameInArray(info);
  const who = pid === null ? process : `${process} (pid ${pid})`;
  const others = count === 1 ? '' : `, and ${count - 1} more of them likewise`;
  const wayOut = `if that is meant, name it with \`expect ${end.expect(count === 1 ? process : info.name)};\``;
  return { process, pid, count, ended: end.ended, text: `${who} ${end.ended}${others}: ${wayOut}`, line: info.line };
}

function nameInArray({ name, index }: ProcessInfo): string {
  return `${name}[${index}]`;
}

/** How a process ended, unless it exited with 0. When the run was cut off, who still lived was not asked. */
function endOf({ machine }: Computer, entry: ProcessEntry | undefined): End | null {
  const outcome = machine.outcome?.kind ?? 'limit';
  const cutOff = outcome === 'panic' || outcome === 'limit';
  const living = (ended: string): End | null =>
    cutOff ? null : { ended, isLeft: true, expect: () => `outcome() == "${outcome}"` };
  if (!entry) return living('was not started before the run ended');
  if (entry.status === null) return living('never ended');
  if (entry.status === 0) return null;
  const signal = entry.status & 0x7f;
  if (signal === 0) {
    const code = (entry.status >> 8) & 0xff;
    return { ended: `exited with status ${code}`, isLeft: false, expect: (name) => `exit_code("${name}") == ${code}` };
  }
  const by = nameOfConstant(machine, SIGNAL_NAME, signal);
  return { ended: `was ended by ${by}`, isLeft: false, expect: (name) => `term_signal("${name}") == ${by}` };
}

/** The declared processes that were started, by their number among the declared. A child comes after its parent. */
function startedProcesses(computer: Computer): Map<number, ProcessEntry> {
  const started = new Map<number, ProcessEntry>();
  for (const entry of computer.processes.entries) {
    if (entry.origin >= 0 && !started.has(entry.origin)) started.set(entry.origin, entry);
  }
  return started;
}

const OF_ONE: ReadonlySet<string> = new Set(['exit_code', 'term_signal']);

/** Whom the `expect`s name, as they write it, and whether one asks for the outcome. */
function namedProcesses(
  { compiled }: Computer,
  environment: Environment,
): { processes: Set<string>; outcome: boolean } {
  const processes = new Set<string>();
  let outcome = false;
  for (const { node } of compiled.expects) {
    walk(node, (part) => {
      if (part.$type !== 'Call') return;
      const { callee, args } = part as Call;
      if (callee.$type !== 'NameRef') return;
      if (callee.name === 'outcome') outcome = true;
      const name = OF_ONE.has(callee.name) && args[0] ? nameIn(args[0], environment) : null;
      if (name !== null) processes.add(name);
    });
  }
  return { processes, outcome };
}

/** A name may be computed: `exit_code("worker[" + str(last) + "]")`. */
function nameIn(node: Expression, environment: Environment): string | null {
  try {
    const value = evaluate(node, environment);
    return typeof value === 'string' ? textOf(value) : null;
  } catch (error) {
    if (error instanceof EvaluationError) return null;
    throw error;
  }
}
