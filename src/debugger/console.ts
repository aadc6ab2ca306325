/** The debug console's own commands: questions about the whole machine, and ways through time. */
import { EvaluationError, isTrue } from '../compiler/evaluate.js';
import type { Cpu } from '../machine/cpu.js';
import { topFrame } from '../computer/inspect-frames.js';
import { openFlags, waitersOf } from '../computer/inspect-format.js';
import { tidOf, stateOf, taskByTid, taskOn, tasksOf, type Task } from '../computer/inspect.js';
import { waitReason } from '../computer/inspect-coroutines.js';
import { waitName } from '../computer/lock-waits.js';
import { globalRecords, integer, queuedTasks, record, text } from '../computer/kernel-records.js';
import type { Debuggee } from './debuggee.js';
import { Until } from './goals.js';
import type { FrameHandle } from './handles.js';
import { RequestError } from './protocol.js';
import { kindOfFile, nameOfFile } from './file-names.js';
import { fdRows, pageCacheView, parentOf } from './snapshot.js';
import type { SessionState } from './session-state.js';
import { threadName } from './stack.js';

interface Command {
  usage: string;
  help: string;
  run(session: SessionState, debuggee: Debuggee, argument: string, frame: FrameHandle | null): string;
}

const MOST_ROWS = 200;

export const COMMANDS: Record<string, Command> = {
  ps: {
    usage: 'ps',
    help: 'all processes: state, CPU time, what they wait for',
    run: (_session, { machine }) =>
      table(
        ['PID', 'PPID', 'STATE', 'CPU', 'TIME', 'NAME', 'WAITS FOR'],
        tasksOf(machine).map((task) => [
          tidOf(task),
          parentOf(task),
          stateOf(machine, task),
          integer(task, 'cpu'),
          integer(task, 'utime') + integer(task, 'stime'),
          text(task, 'name'),
          waitName(machine, task) ?? '',
        ]),
      ),
  },
  fds: {
    usage: 'fds PID',
    help: 'the fd table of a process',
    run: (_session, debuggee, argument, frame) => {
      const { machine } = debuggee;
      return table(
        ['FD', 'FILE', 'KIND', 'NAME', 'FLAGS', 'OFFSET'],
        fdRows(taskFor(debuggee, argument, frame)).map(({ fd, file, cloexec }) => [
          fd,
          integer(file, 'id'),
          kindOfFile(file),
          nameOfFile(file),
          openFlags(machine, integer(file, 'flags')) + (cloexec ? '|CLOEXEC' : ''),
          integer(file, 'offset'),
        ]),
      );
    },
  },
  queues: {
    usage: 'queues',
    help: 'who is on which run queue and wait queue',
    run: (_session, { machine }) => {
      const lines = globalRecords(machine, 'run_queues').map((rq) => {
        const running = record(rq, 'current');
        const ready = queuedTasks(rq).map(nameOf);
        const runs = running && tidOf(running) > 0 ? nameOf(running) : 'idle';
        return `cpu${integer(rq, 'cpu')}: runs ${runs}; ready: ${ready.join(', ') || 'nobody'}`;
      });
      const queues = new Set(tasksOf(machine).map((task) => record(task, 'waiting_on')));
      for (const queue of queues)
        if (queue) lines.push(`${text(queue, 'name')}: ${waitersOf(queue).map(nameOf).join(', ')}`);
      return lines.join('\n');
    },
  },
  cache: {
    usage: 'cache',
    help: 'the page cache',
    run: (_session, debuggee) => {
      const { pages, dirty, hits, misses, list } = pageCacheView(debuggee.machine);
      const head = `${pages} pages, ${dirty} dirty, ${hits} hits, ${misses} misses`;
      const rows = list.map((page) => [page.name, page.index, page.state, page.text.replace(/\s+/g, ' ').slice(0, 40)]);
      return rows.length === 0 ? head : `${head}\n${table(['FILE', 'PAGE', 'STATE', 'TEXT'], rows)}`;
    },
  },
  why: {
    usage: 'why PID',
    help: 'why a process does not run',
    run: (_session, debuggee, argument, frame) => why(debuggee, taskFor(debuggee, argument, frame)),
  },
  until: {
    usage: 'until EXPRESSION',
    help: 'run until the expression is true, at the beginning of some statement',
    run: (session, debuggee, argument) => {
      const fault = debuggee.evaluator.check(argument);
      if (fault) throw new RequestError(fault);
      session.stopped();
      session.event('continued', { threadId: 0, allThreadsContinued: true });
      session.execution.run(new Until(debuggee.view, (cpu) => holdsOn(debuggee, argument, cpu)));
      return `running until ${argument}`;
    },
  },
  'goto-time': {
    usage: 'goto-time TICKS',
    help: 'go to an instant of the run, back or forth',
    run: (session, debuggee, argument) => {
      const time = Number(argument);
      if (argument === '' || !Number.isFinite(time) || time < 0)
        throw new RequestError('A time is a number of ticks: goto-time 120');
      session.stopped();
      session.execution.travel.toTime(debuggee, time);
      session.event('continued', { threadId: 0, allThreadsContinued: true });
      return `going to tick ${time}`;
    },
  },
  help: {
    usage: 'help',
    help: 'this list',
    run: () =>
      Object.values(COMMANDS)
        .map(({ usage, help }) => `${usage.padEnd(18)} ${help}`)
        .join('\n'),
  },
};

/** The answer of a command; null when the text is none, but an expression. */
export function runCommand(session: SessionState, line: string, frame: FrameHandle | null): string | null {
  const [, word, rest] = /^\s*([a-z-]+)(?:\s+(.*))?$/s.exec(line) ?? [];
  if (word === undefined || !Object.hasOwn(COMMANDS, word)) return null;
  const command = COMMANDS[word];
  const argument = (rest ?? '').trim();
  // `why = 3` is an assignment to the program's own variable, whatever it is named.
  if (/^[=.[(+\-*/%&|^<>?]/.test(argument)) return null;
  return command.run(session, session.loaded(), argument, frame);
}

/** A condition that has no value where a statement stands does not hold there. */
function holdsOn({ machine, evaluator }: Debuggee, expression: string, cpu: Cpu): boolean {
  try {
    return isTrue(evaluator.evaluate(expression, { frame: topFrame(machine, cpu) ?? null, task: taskOn(cpu) }));
  } catch (error) {
    if (error instanceof EvaluationError) return false;
    throw error;
  }
}

function taskFor({ machine }: Debuggee, argument: string, frame: FrameHandle | null): Task {
  const task = argument === '' ? (frame?.task ?? null) : taskByTid(machine, Number(argument.replace(/^P/i, '')));
  if (!task)
    throw new RequestError(argument === '' ? 'Which process? Give its pid.' : `There is no process ${argument}.`);
  return task;
}

function nameOf(task: Task): string {
  return `${tidOf(task)} ${text(task, 'name')}`;
}

function why(debuggee: Debuggee, task: Task): string {
  const { machine } = debuggee;
  const head = threadName(debuggee, task);
  switch (stateOf(machine, task)) {
    case 'running':
      return `${head}: it runs.`;
    case 'ready': {
      const rq = globalRecords(machine, 'run_queues')[integer(task, 'cpu')];
      const at = queuedTasks(rq).indexOf(task);
      const runs = record(rq, 'current');
      return `${head}: it could run, but ${runs ? nameOf(runs) : 'another'} has the CPU; ${at < 0 ? 'it is in the queue' : `${at} before it in the queue`}.`;
    }
    case 'stopped':
      return `${head}: stopped by a signal, until SIGCONT.`;
    case 'zombie':
      return `${head}: it has ended; its parent has not asked for its status.`;
    case 'blocked': {
      const frames = debuggee.framesOf({ cpu: null, task }).filter((frame) => !frame.function.synthetic);
      const kernel = frames
        .filter((frame) => debuggee.code.program.isKernel(frame.pc))
        .map((frame) => frame.function.name);
      const user = frames.find((frame) => debuggee.view.shows(frame.pc) && !debuggee.code.program.isKernel(frame.pc));
      const position = user && debuggee.code.positionAt(user.pc);
      const where = position ? `, called at ${position.uri}:${position.line}` : '';
      return `${head}: it waits for: ${waitReason(machine, task) ?? 'something'}, in ${kernel.slice().reverse().join(' → ')}${where}.`;
    }
  }
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const shown = rows.slice(0, MOST_ROWS).map((row) => row.map(String));
  const widths = head.map((title, i) => Math.max(title.length, ...shown.map((row) => row[i]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd();
  const more = rows.length > MOST_ROWS ? [`… ${rows.length - MOST_ROWS} more`] : [];
  return [line(head), ...shown.map(line), ...more].join('\n');
}
