/** What the selected stretch of time adds up to. */
import { useEffect, useState } from 'preact/hooks';
import { ACTIVITIES, type TimelineSums } from '../../computer/views/timeline/activity.js';
import { TIMELINE_SUMS_REQUEST } from '../../debugger/messages.js';
import { Refused, type Page } from '../page.js';
import { number, plural } from '../text.js';
import type { Range } from './chart.js';
import { WORDS } from './intervals.js';

/** A range that is still being dragged is not asked for at each move. */
const REST = 80;
const MOST_ROWS = 200;

export function Sums({ page, range }: { page: Page; range: Range }) {
  const [sums, setSums] = useState<TimelineSums | null>(null);
  const { from, to } = range;
  useEffect(() => {
    let isStale = false;
    const rest = setTimeout(() => {
      page.ask(TIMELINE_SUMS_REQUEST, { from, to }).then(
        (answer) => !isStale && setSums(answer),
        (error: unknown) => {
          if (!(error instanceof Refused)) throw error;
        },
      );
    }, REST);
    return () => {
      isStale = true;
      clearTimeout(rest);
    };
  }, [from, to, page.model.stop]);
  if (!sums) return null;
  const present = ACTIVITIES.filter((name) => name !== 'absent' && sums.lanes.some(({ ticks }) => ticks[name]));
  const { marks, wakeups, bytes } = sums;
  const facts = [
    plural(marks.call ?? 0, 'call'),
    plural(wakeups, 'wake-up'),
    `${number(marks.copy ?? 0)} ${marks.copy === 1 ? 'copy' : 'copies'} of ${plural(bytes, 'byte')}`,
    plural(marks.fault ?? 0, 'page fault'),
    plural(marks.signal ?? 0, 'mark of signals').replace('mark of signalss', 'marks of signals'),
  ];
  return (
    <section class="sums" aria-label="Sums of the selection">
      <p role="status">
        <b>{plural(Math.round(sums.to - sums.from), 'tick')}</b> from {number(Math.round(sums.from))} to{' '}
        {number(Math.round(sums.to))} · {facts.join(' · ')}
      </p>
      <div class="scroll" tabIndex={0} role="group" aria-label="Table of sums">
        <table aria-label="Sums">
          <thead>
            <tr>
              <th scope="col">lane</th>
              {present.map((name) => (
                <th key={name} scope="col" class="figure">
                  {WORDS[name]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {sums.lanes.slice(0, MOST_ROWS).map(({ id, number: n, name, ticks }) => (
              <tr key={id}>
                <th scope="row">{id.startsWith('cpu') ? name : `${n} ${name}`}</th>
                {present.map((activity) => (
                  <td key={activity} class="figure">
                    {ticks[activity] ? number(Math.round(ticks[activity])) : ''}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {sums.lanes.length > MOST_ROWS && <p class="none">and {number(sums.lanes.length - MOST_ROWS)} more lanes</p>}
    </section>
  );
}
