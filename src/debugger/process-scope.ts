/**
 * A process control block as textbooks draw it: nine groups, each with a line that sums it up. It lies in two records
 * of the kernel: the Task of the thread, and the Process that its threads share. Which field belongs to which group
 * stands in the kernel's own sources, as headings in the two structs.
 */
import { ContextValue } from '../machine/context.js';
import type { RecordValue } from '../machine/values.js';
import { address, plural, signalNames } from '../computer/inspect-format.js';
import { pageTableOf, pidOf, processOf, stateOf, tidOf, type Process, type Task } from '../computer/inspect.js';
import { waitReason } from '../computer/inspect-coroutines.js';
import type { KernelGlobal } from '../computer/kernel-layout.js';
import { countOf, field, integer, pathOf, record, records, text } from '../computer/kernel-records.js';
import { fieldDoc } from './field-doc.js';
import { Group, fieldPart, type Container, type Part, type Reading } from './containers.js';

/** A half of a PCB, and the expression that gives it. */
interface Half {
  of: RecordValue;
  path: string | null;
}

/** What sums a group up. A kernel task has no memory and no files; idle tasks have no parent but themselves. */
const GROUPS: Record<string, (reading: Reading, task: Task, process: Process | null) => string> = {
  Identity: (_reading, task, process) => {
    const id = tidOf(task) === pidOf(task) ? `pid ${pidOf(task)}` : `pid ${pidOf(task)}, tid ${tidOf(task)}`;
    return `${id}, ${text(task, 'name')}, user ${integer(process, 'uid')}`;
  },
  State: ({ machine }, task) => {
    const state = stateOf(machine, task);
    const channel = state === 'blocked' ? waitReason(machine, task) : null;
    return channel === null ? state : `${state}: ${channel}`;
  },
  'Saved context': ({ machine }, task) => {
    if (machine.cpus.some((cpu) => cpu.task === task)) return 'on the CPU: see its registers';
    const context = field(task, 'context');
    if (!(context instanceof ContextValue)) return 'none';
    const f = machine.program.functionAt(context.pc);
    return `pc ${address(machine.program.addressOf(context.pc))}${f ? ` in ${f.name}` : ''}`;
  },
  Scheduling: (_reading, task) => {
    const lent = field(task, 'inherited');
    const rank = `priority ${integer(task, 'priority')}, nice ${integer(task, 'nice')}`;
    return `cpu ${integer(task, 'cpu')}, ${rank}${typeof lent === 'number' ? `, lent ${lent}` : ''}`;
  },
  Memory: (_reading, task, process) => {
    const mm = record(process, 'mm');
    if (!mm) return 'none: of the kernel, or ended';
    const [pages, areas] = [integer(mm, 'resident'), records(mm, 'areas').length];
    return `${plural(pages, 'page')} in ${plural(areas, 'area')}${pageTableOf(task) === null ? ', no page table' : ''}`;
  },
  Files: (_reading, _task, process) => {
    const files = record(process, 'files');
    return files ? `${countOf(field(files, 'fds'))} open` : 'none';
  },
  Signals: ({ machine }, task, process) => {
    const pending = [field(task, 'pending'), field(process, 'shared_pending')];
    const names = pending.map((set) => signalNames(machine, set)).filter((set) => set !== '');
    return names.length === 0 ? 'none pending' : `pending: ${names.join('|')}`;
  },
  Family: (_reading, _task, process) => {
    const parent = record(process, 'parent');
    const children = countOf(field(process, 'children'));
    const from = parent && parent !== process ? `child of ${integer(parent, 'pid')}` : 'no parent';
    return `${from}, ${children} ${children === 1 ? 'child' : 'children'}`;
  },
  Accounting: (_reading, task) => `user ${integer(task, 'utime')}, kernel ${integer(task, 'stime')} ticks`,
};

/** Fields of a kernel of one's own that stand under no heading, or under one of their own, come last. */
const OTHER = 'Other';

const TASKS: KernelGlobal = 'tasks';

/** An expression that gives a task; null for an idle one, which is on no list. */
export function taskExpression(task: Task): string | null {
  return tidOf(task) > 0 ? `kernel.${TASKS}[${tidOf(task)}]` : null;
}

export function processScope(reading: Reading, task: Task): Container {
  const process = processOf(task);
  const path = taskExpression(task);
  const halves: Half[] = [{ of: task, path }];
  if (process) halves.push({ of: process, path: path === null ? null : `${path}${pathOf('Task.process')}` });
  const groups = grouped(reading, halves);
  return new Group(groups.size, () =>
    [...groups].map(([name, fields]): Part => {
      const [{ half, at }] = fields;
      return {
        name,
        text: GROUPS[name]?.(reading, task, process) ?? `${fields.length} fields`,
        expression: null,
        fixed: true,
        memory: reading.kernelMemory(half.of.address + at * FIELD_SIZE),
        inside: new Group(fields.length, (options) =>
          fields.map(({ half, at }) => fieldPart(reading, half.of, at, half.path, options)),
        ),
      };
    }),
  );
}

/** Bytes of a field of a kernel record. */
const FIELD_SIZE = 8;

interface Placed {
  half: Half;
  /** Which field of the record. */
  at: number;
}

/** The fields by group: the groups in the textbook's order, the fields in the kernel's. */
function grouped({ machine }: Reading, halves: readonly Half[]): Map<string, Placed[]> {
  const groups = new Map<string, Placed[]>(Object.keys(GROUPS).map((name) => [name, []]));
  for (const half of halves) {
    half.of.shape.fields.forEach((name, at) => {
      const group = fieldDoc(machine, half.of.shape, name)?.group ?? OTHER;
      const fields = groups.get(group);
      if (fields) fields.push({ half, at });
      else groups.set(group, [{ half, at }]);
    });
  }
  for (const [name, fields] of groups) if (fields.length === 0) groups.delete(name);
  return groups;
}
