/** Address spaces, one or two side by side: a page that is pointed at lights its frame wherever it is mapped. */
import { useRef, useState } from 'preact/hooks';
import type { MemoryAnswer, PageView, SpaceView } from '../../computer/views/memory/space.js';
import { MEMORY_REQUEST } from '../../debugger/messages.js';
import { useAsked } from '../asked.js';
import type { Page } from '../page.js';
import { plural } from '../text.js';
import { useWidth } from '../width.js';
import { moved, type At } from './keys.js';
import { hex, Space, summary } from './space.js';
import { AreaTable } from './table.js';

/** Narrower, the two stand one below the other. */
const SIDE_BY_SIDE = 620;
const WIDEST = 640;
const BETWEEN = 24;

export function Memory({ page }: { page: Page }) {
  const [frame, width] = useWidth();
  const [pids, setPids] = useState(() => (page.layout.own.memory ?? []) as number[]);
  const [at, setAt] = useState<At | null>(null);
  const [pointed, setPointed] = useState<At | null>(null);
  const answer = useAsked(page, MEMORY_REQUEST, pids.length > 0 ? { pids } : {});
  const isChanged = useChanges(answer);
  const choosePids = (chosen: number[]): void => {
    setPids(chosen);
    page.layout.own.memory = chosen;
    page.keep();
  };
  if (!answer) return <div ref={frame} />;
  const { spaces, processes, kernelBase } = answer;
  const found = pageAt(spaces, pointed ?? at);
  const isEmpty = spaces.length === 0;
  const isBeside = spaces.length === 2 && width >= SIDE_BY_SIDE;
  const each = Math.min(WIDEST, isBeside ? (width - BETWEEN) / 2 : width) - 1;
  const key = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const to = moved(spaces, at, event.key);
    if (to === undefined) return;
    event.preventDefault();
    setPointed(null);
    setAt(to);
  };
  return (
    <div class="memory-map">
      <Choice pids={pids} processes={processes} spaces={spaces} choose={choosePids} />
      <p class="pointed" role="status" aria-live="polite">
        {isEmpty
          ? 'No process has an address space now.'
          : found
            ? said(found, spaces)
            : 'Point at a page, or walk with the arrow keys, to see who else has its frame.'}
      </p>
      <Patterns />
      <div
        ref={frame}
        class={`spaces${found ? ' has-lit' : ''}`}
        role="application"
        tabIndex={0}
        aria-label="Address spaces. Left and right go from page to page, up and down from area to area, Page Down to the other process."
        data-focus="memory"
        onKeyDown={key}
      >
        {spaces.map((space) => {
          const point = (address: number | null): void =>
            setPointed(address === null ? null : { pid: space.pid, address });
          return (
            <section key={space.pid} aria-label={`${space.pid} ${space.name}`}>
              <h2>
                {space.pid} {space.name}
              </h2>
              <p class="facts">{summary(space).replace(/^[^:]*: /, '')}</p>
              <Space
                space={space}
                width={each}
                kernelBase={kernelBase}
                lit={found?.page.frame ?? null}
                at={at?.pid === space.pid ? at.address : null}
                isChanged={(one) => isChanged(space.pid, one)}
                point={point}
                choose={(address) => setAt({ pid: space.pid, address })}
              />
              {space.untold > 0 && <p class="none">{plural(space.untold, 'page')} more, which are not drawn.</p>}
            </section>
          );
        })}
      </div>
      {!isEmpty && <Legend />}
      <details class="as-table">
        <summary>As a table</summary>
        {spaces.map((space) => (
          <AreaTable key={space.pid} space={space} />
        ))}
      </details>
    </div>
  );
}

/** What differs from the answer at the stop before. */
function useChanges(answer: MemoryAnswer | null): (pid: number, page: PageView) => boolean {
  const known = useRef<{ now: MemoryAnswer | null; before: MemoryAnswer | null }>({ now: null, before: null });
  const { current } = known;
  if (answer && answer !== current.now) {
    if (answer.step !== current.now?.step) current.before = current.now;
    current.now = answer;
  }
  const before = new Map<string, string>();
  for (const { pid, areas } of current.before?.spaces ?? []) {
    before.set(String(pid), '');
    for (const { pages } of areas) for (const page of pages) before.set(`${pid} ${page.address}`, look(page));
  }
  // Of a process that was not there, nothing has changed: all is new.
  return (pid, page) => before.has(String(pid)) && before.get(`${pid} ${page.address}`) !== look(page);
}

function look({ frame, state, isDirty }: PageView): string {
  return `${frame} ${state} ${isDirty}`;
}

interface Found {
  space: SpaceView;
  area: string;
  page: PageView;
}

function pageAt(spaces: readonly SpaceView[], at: At | null): Found | null {
  const space = spaces.find(({ pid }) => pid === at?.pid);
  for (const { name, pages } of space?.areas ?? []) {
    const page = pages.find(({ address }) => address === at?.address);
    if (page && space) return { space, area: name || 'mmap', page };
  }
  return null;
}

const STATES = { own: 'its own', shared: 'shared', cow: 'copy-on-write' };

function said({ space, area, page }: Found, spaces: readonly SpaceView[]): string {
  const { address, frame, state, isDirty, isWritable, users } = page;
  const others = spaces.flatMap(({ pid, name, areas }) =>
    areas
      .flatMap(({ pages }) => pages)
      .filter((one) => one.frame === frame && (pid !== space.pid || one.address !== address))
      .map((one) => `${pid} ${name} at ${hex(one.address)}`),
  );
  const facts = [STATES[state], isDirty ? 'dirty' : 'clean', isWritable ? 'may be written' : 'read-only'].join(', ');
  const also = others.length > 0 ? ` Also of ${others.join(' and of ')}.` : '';
  return `Page ${hex(address)} of ${space.pid} ${space.name}, ${area}: frame ${frame}, ${facts}; ${plural(users, 'user')}.${also}`;
}

interface ChoiceProps {
  pids: number[];
  processes: MemoryAnswer['processes'];
  spaces: readonly SpaceView[];
  choose: (pids: number[]) => void;
}

function Choice({ pids, processes, spaces, choose }: ChoiceProps) {
  const [first, second] = pids.length > 0 ? spaces.map(({ pid }) => pid) : [];
  const options = processes.map(({ pid, name }) => (
    <option key={pid} value={String(pid)}>
      {pid} {name}
    </option>
  ));
  return (
    <div class="event-filter">
      <select
        aria-label="Process"
        value={first === undefined ? '' : String(first)}
        onChange={({ currentTarget: { value } }) => choose(value === '' ? [] : [Number(value)])}
      >
        <option value="">Who runs, and who shares with it</option>
        {options}
      </select>
      {first !== undefined && (
        <select
          aria-label="Compared with"
          value={second === undefined ? '' : String(second)}
          onChange={({ currentTarget: { value } }) => choose(value === '' ? [first] : [first, Number(value)])}
        >
          <option value="">alone</option>
          {options.filter((_, i) => processes[i].pid !== first)}
        </select>
      )}
    </div>
  );
}

/** What fills pages of each kind. */
function Patterns() {
  return (
    <svg width="0" height="0" aria-hidden="true" class="patterns">
      <defs>
        <pattern id="cow-page" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="5" height="5" class="paper" />
          <rect width="2.6" height="5" class="ink" />
        </pattern>
      </defs>
    </svg>
  );
}

function Legend() {
  const sample = (state: string, text: string) => (
    <li>
      <svg width="13" height="13" aria-hidden="true" class="sample">
        <g class={`page ${state}`}>
          <rect x="0.5" y="0.5" width="12" height="12" rx="2" />
          {state === 'shared' && <rect class="inner" x="3.5" y="3.5" width="6" height="6" />}
          {state === 'own dirty' && <circle cx="6.5" cy="6.5" r="2.6" />}
        </g>
      </svg>{' '}
      {text}
    </li>
  );
  return (
    <ul class="legend" aria-label="Pages">
      {sample('own', 'its own')}
      {sample('shared', 'shared')}
      {sample('cow', 'copy-on-write')}
      {sample('own dirty', 'dirty')}
      {sample('absent', 'no frame yet')}
      {sample('own changed', 'changed since the last stop')}
    </ul>
  );
}
