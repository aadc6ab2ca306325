/** One event, as a row of the list. */
import type { EventRow } from '../../computer/views/events/window.js';
import { number } from '../text.js';

/** Kinds of events, by how their names begin, as they are coloured. */
const KINDS: Record<string, string> = {
  sched: 'switching',
  task: 'switching',
  sys: 'kernel',
  copy: 'ready',
  irq: 'interrupt',
  napi: 'interrupt',
  net: 'interrupt',
  tcp: 'interrupt',
  block: 'user',
  signal: 'signal',
  page: 'zombie',
  mm: 'zombie',
};

interface RowProps {
  place: number;
  /** Undefined while it is on its way. */
  event: EventRow | undefined;
  /** The place of the last event that has happened. */
  here: number;
  /** The keys are at this row. */
  isAt: boolean;
  choose: (place: number) => void;
}

export function Row({ place, event, here, isAt, choose }: RowProps) {
  const marks = `${place === here ? ' here' : place > here ? ' ahead' : ''}${isAt ? ' at' : ''}`;
  const row = {
    id: `event-${place}`,
    role: 'row' as const,
    class: `event-row${marks}`,
    'aria-rowindex': place + 2,
    'aria-selected': isAt,
    'aria-current': place === here ? ('time' as const) : undefined,
    onClick: () => choose(place),
  };
  if (!event) {
    return (
      <div {...row}>
        <span role="gridcell" class="tick">
          …
        </span>
      </div>
    );
  }
  const { time, since, between, cpu, pid, task, name, fields } = event;
  return (
    <div {...row}>
      <span role="gridcell" class="tick">
        {number(time)}
      </span>
      <span role="gridcell" class="since">
        {since === null || since === 0 ? '' : `+${number(since)}`}
      </span>
      <span role="gridcell" class="left-out">
        {between > 0 && number(between)}
      </span>
      <span role="gridcell" class="on-cpu">
        {cpu}
      </span>
      <span role="gridcell" class="who">
        {pid < 0 ? 'boot' : `${pid} ${task}`}
      </span>
      <span role="gridcell" class="event">
        <span class={`kind ${KINDS[name.split('_')[0]] ?? 'other'}`} />
        {name}
      </span>
      <span role="gridcell" class="fields" title={fields.map(([field, value]) => `${field}=${value}`).join('\n')}>
        {fields.map(([field, value]) => (
          <span key={field}>
            <i>{field}</i> {value}
          </span>
        ))}
      </span>
    </div>
  );
}
