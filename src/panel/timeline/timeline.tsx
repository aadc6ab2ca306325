/** The timeline: a lane for each CPU and for each task, and a cursor that takes the debugger through time. */
import { useEffect, useLayoutEffect, useReducer, useRef, useState } from 'preact/hooks';
import { ACTIVITIES } from '../../computer/views/timeline/activity.js';
import type { Page } from '../page.js';
import { Chart, type Range } from './chart.js';
import { describe, span, WORDS, type Interval } from './intervals.js';
import { pressed, toEvent } from './keys.js';
import { LaneTable } from './lane-table.js';
import { followPointer } from './pointer.js';
import { Sums } from './sums.js';

interface Pointed {
  interval: Interval;
  at: { x: number; y: number } | null;
}

export function Timeline({ page }: { page: Page }) {
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const filler = useRef<HTMLDivElement>(null);
  const [chart, setChart] = useState<Chart | null>(null);
  const [pointed, setPointed] = useState<Pointed | null>(null);
  const [range, setRange] = useState<Range | null>(null);
  const [isTable, setIsTable] = useState(false);
  const [, redraw] = useReducer((count: number) => count + 1, 0);

  useEffect(() => {
    if (!box.current || !canvas.current || !filler.current) return;
    const made = new Chart(page, box.current, canvas.current, filler.current, {
      changed: () => redraw(undefined),
      pointed: (interval, at) => setPointed(interval && { interval, at }),
      selected: setRange,
    });
    followPointer(made, box.current);
    const sizes = new ResizeObserver(() => made.update());
    sizes.observe(box.current);
    // Another theme: other colours.
    const themes = new MutationObserver(() => made.refresh());
    themes.observe(document.body, { attributeFilter: ['class'] });
    setChart(made);
    made.refresh();
    return () => {
      sizes.disconnect();
      themes.disconnect();
      made.dispose();
    };
  }, []);
  const { run, stop } = page.model;
  useLayoutEffect(() => chart?.refresh(), [chart, run, stop]);

  const key = (event: KeyboardEvent): void => {
    if (!chart || event.ctrlKey || event.metaKey || event.altKey) return;
    if (pressed(event.key, chart, page)) event.preventDefault();
  };
  return (
    <div class="timeline">
      <Toolbar chart={chart} page={page} range={range} />
      <div
        class="chart"
        ref={box}
        tabIndex={0}
        role="application"
        aria-label="Timeline of CPUs and tasks. Arrow keys go from interval to interval, Enter goes to an instant."
        aria-describedby="timeline-keys"
        data-focus="timeline"
        onKeyDown={key}
      >
        <canvas ref={canvas} aria-hidden="true" />
        <div ref={filler} />
      </div>
      <div class="tip-place">
        <Tip chart={chart} pointed={pointed} />
      </div>
      <Legend />
      {range && <Sums page={page} range={range} />}
      <details class="as-table" open={isTable} onToggle={(event) => setIsTable(event.currentTarget.open)}>
        <summary>As a table</summary>
        {isTable && chart && <LaneTable chart={chart} />}
      </details>
      <details class="keys">
        <summary>Keys and pointer</summary>
        <p id="timeline-keys">
          Drag the ruler to go to an instant, the lanes to pan, with Shift to select. The wheel zooms. <kbd>W</kbd>{' '}
          <kbd>S</kbd> zoom, <kbd>A</kbd> <kbd>D</kbd> pan, <kbd>F</kbd> shows all, <kbd>,</kbd> <kbd>.</kbd> go to the
          event before and the next one. Arrow keys walk the intervals, <kbd>Enter</kbd> goes there, <kbd>[</kbd>{' '}
          <kbd>]</kbd> select, <kbd>Esc</kbd> ends that.
        </p>
      </details>
    </div>
  );
}

function Toolbar({ chart, page, range }: { chart: Chart | null; page: Page; range: Range | null }) {
  const press = (key: string) => () => chart && pressed(key, chart, page);
  return (
    <div class="toolbar" role="group" aria-label="Timeline">
      <button onClick={press('f')} title="Show the whole run (F)">
        All
      </button>
      <button onClick={press('w')} title="Zoom in (W)" aria-label="Zoom in">
        +
      </button>
      <button onClick={press('s')} title="Zoom out (S)" aria-label="Zoom out">
        −
      </button>
      <span class="gap" />
      <button onClick={() => void toEvent(page, true)} title="Go to the event before (,)">
        ◂ event
      </button>
      <button onClick={() => void toEvent(page, false)} title="Go to the next event (.)">
        event ▸
      </button>
      {range && (
        <button onClick={press('escape')} title="Nothing selected (Esc)">
          Clear the selection
        </button>
      )}
    </div>
  );
}

/** What is pointed at: beside the pointer, and told to a screen reader when it was the keyboard. */
function Tip({ chart, pointed }: { chart: Chart | null; pointed: Pointed | null }) {
  const answer = chart?.answer;
  if (!pointed || !chart || !answer) return <div class="tip" role="status" />;
  const { interval, at } = pointed;
  const names = new Map(answer.lanes.map(({ id, name }) => [id, name]));
  const lane = answer.lanes.find(({ id }) => id === interval.lane);
  const title = !lane ? '' : interval.lane.startsWith('cpu') ? lane.name : `${lane.number} ${lane.name}`;
  const near = at
    ? answer.marks.filter(
        ({ pid, time }) => `task${pid}` === interval.lane && Math.abs(chart.geometry.x(time) - at.x) < 6,
      )
    : [];
  return (
    <div class={`tip${at ? ' floating' : ''}`} role="status" ref={(element) => place(element, chart, at)}>
      <b>{title}</b> <span class={`swatch ${interval.activity}`} /> {describe(interval, names)}
      <br />
      <small>{span(interval)}</small>
      {near.slice(0, 4).map((mark) => (
        <p key={`${mark.kind}${mark.time}`}>
          {mark.kind} at {mark.time}: {mark.text}
          {mark.count > 1 && ` and ${mark.count - 1} more`}
        </p>
      ))}
    </div>
  );
}

function place(element: HTMLElement | null, chart: Chart, at: { x: number; y: number } | null): void {
  if (!element) return;
  if (!at) return element.removeAttribute('style');
  const { width, height } = chart.geometry;
  const top = element.closest('.timeline')?.querySelector<HTMLElement>('.chart')?.offsetTop ?? 0;
  element.style.left = `${Math.max(0, Math.min(at.x + 14, width - element.offsetWidth - 4))}px`;
  element.style.top = `${top + Math.min(at.y + 18, height + 8)}px`;
}

function Legend() {
  return (
    <ul class="legend" aria-label="Colours">
      {ACTIVITIES.filter((name) => name !== 'absent').map((name) => (
        <li key={name}>
          <span class={`swatch ${name}`} /> {WORDS[name]}
        </li>
      ))}
      <li>
        <span class="mark-copy" /> copy
      </li>
      <li>
        <span class="mark-signal" /> signal
      </li>
    </ul>
  );
}
