/** The trace: a list of all events of the run, filtered, with the instant at which the machine stands marked in it. */
import { useLayoutEffect, useReducer, useRef, useState } from 'preact/hooks';
import type { EventChoice } from '../../computer/views/events/found.js';
import type { Page } from '../page.js';
import { number } from '../text.js';
import { RowFeed } from './feed.js';
import { Filter } from './filter.js';
import { Row } from './row.js';
import { RowScroll } from './scroll.js';

/** Narrower, a row has two lines. */
const NARROW = 620;
/** Title and class. */
const COLUMNS = [
  ['tick', 'tick'],
  ['since', 'since'],
  ['left out', 'left-out'],
  ['cpu', 'on-cpu'],
  ['task', 'who'],
  ['event', 'event'],
  ['fields', 'fields'],
] as const;

export function Events({ page }: { page: Page }) {
  const box = useRef<HTMLDivElement>(null);
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const [feed] = useState(() => new RowFeed(page, () => redraw(undefined)));
  const [size, setSize] = useState({ width: 0, height: 0 });
  const [choice, setChoice] = useState(() => (page.layout.own.events ?? {}) as EventChoice);
  const [top, setTop] = useState(0);
  /** The row that the keys are at. */
  const [at, setAt] = useState(0);
  const revealed = useRef('');
  useLayoutEffect(() => {
    const { current } = box;
    if (!current) return;
    const measure = (): void => setSize({ width: current.clientWidth, height: current.clientHeight });
    const sizes = new ResizeObserver(measure);
    sizes.observe(current);
    measure();
    return () => sizes.disconnect();
  }, []);

  const { answer } = feed;
  const isNarrow = size.width < NARROW;
  const count = answer?.count ?? 0;
  const scroll = new RowScroll(isNarrow ? 42 : 23, count, Math.max(0, size.height - HEAD));
  const last = Math.min(count, top + scroll.inSight);
  const goTo = (row: number): void => {
    const first = Math.max(0, Math.min(row, count - Math.floor(scroll.height / scroll.rowHeight)));
    setTop(first);
    if (box.current) box.current.scrollTop = scroll.pixels(first);
  };
  const reveal = (row: number): void => {
    const whole = Math.max(1, Math.floor(scroll.height / scroll.rowHeight));
    if (row < top) goTo(row);
    else if (row >= top + whole) goTo(row - whole + 1);
  };
  useLayoutEffect(() => {
    if (size.height === 0) return;
    feed.want(choice, top, top + scroll.inSight);
    // Another instant, or another filter: where the machine stands comes in sight.
    if (!answer || revealed.current === feed.about || feed.about !== feed.question(choice)) return;
    revealed.current = feed.about;
    const here = Math.max(0, answer.here);
    setAt(here);
    const whole = Math.floor(scroll.height / scroll.rowHeight);
    if (here < top || here >= top + whole) goTo(here - Math.floor(whole / 2));
  });

  const filter = (next: EventChoice): void => {
    setChoice(next);
    page.layout.own.events = next;
    page.keep();
  };
  const seek = (place: number): void => {
    setAt(place);
    const event = feed.row(place);
    if (event) page.send({ type: 'seek', step: event.step });
  };
  const key = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const onePage = Math.max(1, Math.floor(scroll.height / scroll.rowHeight) - 1);
    const moves: Record<string, number> = {
      ArrowUp: at - 1,
      ArrowDown: at + 1,
      PageUp: at - onePage,
      PageDown: at + onePage,
      Home: 0,
      End: count - 1,
    };
    const to = moves[event.key];
    if (to !== undefined && count > 0) {
      const place = Math.max(0, Math.min(to, count - 1));
      setAt(place);
      reveal(place);
    } else if (event.key === 'Enter') seek(at);
    else return;
    event.preventDefault();
  };
  const scrolled = (): void => {
    const pixels = box.current?.scrollTop ?? 0;
    if (Math.abs(pixels - scroll.pixels(top)) >= 1) setTop(Math.max(0, scroll.row(pixels)));
  };
  const isFiltered = Boolean(choice.names || choice.text) || choice.pid != null;
  const hasCpus = (page.model.state ?? page.model.snapshot)?.cpus.length !== 1;
  const y = scroll.count * scroll.rowHeight > scroll.whole ? (box.current?.scrollTop ?? 0) : top * scroll.rowHeight;
  const shape = `${isNarrow ? ' narrow' : ''}${isFiltered ? ' filtered' : ''}${hasCpus ? ' many-cpus' : ''}`;
  return (
    <div class="trace">
      <Filter choice={choice} choices={feed.choices} choose={filter}>
        <p class="found" role="status">
          {answer && (isFiltered ? `${number(count)} of ${number(answer.total)} events` : `${number(count)} events`)}
          {feed.underWay && feed.about !== feed.question(choice) && ' · looking …'}
        </p>
      </Filter>
      <div
        class={`event-list${shape}`}
        ref={box}
        role="grid"
        tabIndex={0}
        aria-label="Events. Arrow keys go from row to row, Enter takes the debugger there."
        aria-rowcount={count + 1}
        aria-readonly="true"
        aria-activedescendant={at >= top && at < last ? `event-${at}` : undefined}
        data-focus="events"
        onKeyDown={key}
        onScroll={scrolled}
      >
        <div class="event-row titles" role="row" aria-rowindex={1}>
          {COLUMNS.map(([title, name]) => (
            <span key={title} role="columnheader" class={name}>
              {title}
            </span>
          ))}
        </div>
        <div role="rowgroup" style={{ height: `${scroll.whole}px` }}>
          <div role="presentation" style={{ transform: `translateY(${y}px)` }}>
            {Array.from({ length: Math.max(0, last - top) }, (_, i) => (
              <Row
                key={top + i}
                place={top + i}
                event={feed.row(top + i)}
                here={answer?.here ?? -1}
                isAt={top + i === at}
                choose={seek}
              />
            ))}
          </div>
        </div>
      </div>
      {answer?.count === 0 && <p class="none">No event passes.</p>}
      <p class="none hint">A click on an event, or Enter, takes the debugger to the instant behind it.</p>
    </div>
  );
}

/** The titles stay in sight, above the rows. */
const HEAD = 23;
