/**
 * The event that a machine is passing right now: read off it when somebody asks. One object for all events of a run.
 */
import type { Board } from '../../machine/board.js';
import type { RecordValue } from '../../machine/values.js';
import { tidOf, taskOn } from '../inspect.js';
import { field } from '../kernel-records.js';
import type { TraceEvent } from './event.js';

export class PassingEvent implements TraceEvent {
  name = '';
  /** Set before anybody sees it. */
  fields!: RecordValue;

  constructor(private readonly machine: Board) {}

  get step(): number {
    return this.machine.steps;
  }
  get time(): number {
    return this.machine.cpu.clock;
  }
  get cpu(): number {
    return this.machine.cpu.id;
  }
  get pid(): number {
    return tidOf(this.machine.cpu.task);
  }
  get task(): string {
    const name = field(taskOn(this.machine.cpu), 'name');
    return typeof name === 'string' ? name : '';
  }
}
