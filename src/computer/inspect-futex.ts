/** Who sleeps in futex(), at which word: what a lock looks like from outside. */
import type { Board } from '../machine/board.js';
import { ADDRESS } from '../machine/link.js';
import { MapValue, RecordValue } from '../machine/values.js';
import { processOf, tidOf, type Task } from './inspect.js';
import { field, integer, isStruct, kernelGlobal, kernelRecord, record } from './kernel-records.js';

/** The tids of those who sleep at one of the words from a user address of a task's, `bytes` of them. */
export function futexSleepers(machine: Board, task: Task | null, address: number, bytes: number): number[] {
  const tasks = kernelGlobal(machine, 'tasks');
  if (!task || !(tasks instanceof MapValue)) return [];
  // Words of `shared var`s belong to what all processes share, others to the process's own memory.
  const place = address - ADDRESS.SHARED_DATA;
  const shared = place >= 0 && place < machine.program.sharedSize;
  const holder = shared ? kernelGlobal(machine, 'shared_variables') : record(processOf(task), 'mm');
  // Among shared pages the kernel counts from their beginning: each process may have them elsewhere.
  const from = shared ? place : address;
  const found: number[] = [];
  for (const value of tasks.entries.values()) {
    const sleeper = kernelRecord<'Task'>(value);
    const owner = field(record(sleeper, 'waiting_on'), 'owner');
    if (
      !sleeper ||
      !(owner instanceof RecordValue) ||
      !isStruct(owner, 'FutexKey') ||
      field(owner, 'holder') !== holder
    )
      continue;
    const at = integer(owner, 'at');
    if (at >= from && at < from + bytes) found.push(tidOf(sleeper));
  }
  return found;
}
