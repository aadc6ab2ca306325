/** The views, in the order of their tabs. A view is made of sections that can be folded away. */
import type { ComponentChildren } from 'preact';
import type { Snapshot, SnapshotPart } from '../../debugger/messages.js';
import { Copies } from '../data/copies.js';
import { DataPath } from '../data/figure.js';
import { PageCache } from '../data/page-cache.js';
import { Statistics } from '../data/statistics.js';
import { Memory } from '../memory/memory.js';
import { Events } from '../events/events.js';
import { FilesFigure } from '../files/figure.js';
import { OpenFiles } from '../files/open-files.js';
import type { Layout } from '../layout.js';
import { before } from '../model.js';
import type { Page } from '../page.js';
import { Queues } from '../states/queues.js';
import { Timeline } from '../timeline/timeline.js';
import { Tasks } from '../states/tasks.js';

export interface Section {
  id: string;
  title: string;
  /** What it needs of a snapshot. */
  parts: SnapshotPart[];
  /** Whether it is open at first. */
  open: boolean;
  draw(snapshot: Snapshot, page: Page): ComponentChildren;
}

export interface View {
  id: string;
  title: string;
  sections: Section[];
  /** In place of sections: a view that asks for what it draws by itself. */
  whole?(page: Page): ComponentChildren;
}

export const VIEWS: readonly View[] = [
  { id: 'timeline', title: 'Timeline', sections: [], whole: (page) => <Timeline page={page} /> },
  {
    id: 'states',
    title: 'States',
    sections: [
      {
        id: 'tasks',
        title: 'Tasks',
        parts: ['tasks', 'openFiles'],
        open: true,
        draw: (snapshot, page) => <Tasks snapshot={snapshot} previous={before(page.model, 'tasks')} page={page} />,
      },
      {
        id: 'queues',
        title: 'Queues',
        parts: ['runQueues', 'waitQueues', 'tasks'],
        open: true,
        draw: (snapshot) => <Queues snapshot={snapshot} />,
      },
    ],
  },
  {
    id: 'files',
    title: 'Files',
    sections: [
      {
        id: 'files-figure',
        title: 'Who has what open',
        parts: ['openFiles', 'tasks'],
        open: true,
        draw: (snapshot, page) => <FilesFigure snapshot={snapshot} previous={before(page.model, 'openFiles')} />,
      },
      {
        id: 'open-files',
        title: 'Open files',
        parts: ['openFiles', 'tasks'],
        open: true,
        draw: (snapshot, page) => <OpenFiles snapshot={snapshot} previous={before(page.model, 'openFiles')} />,
      },
    ],
  },
  {
    id: 'data',
    title: 'Data path',
    sections: [
      {
        id: 'data-figure',
        title: 'From device to process',
        parts: ['copies', 'pageCache', 'openFiles'],
        open: true,
        draw: (snapshot, page) => <DataPath snapshot={snapshot} page={page} />,
      },
      {
        id: 'copies',
        title: 'Copies',
        parts: ['copies'],
        open: true,
        draw: (snapshot, page) => <Copies snapshot={snapshot} previous={before(page.model, 'copies')} />,
      },
      {
        id: 'cache',
        title: 'Page cache',
        parts: ['pageCache'],
        open: true,
        draw: (snapshot, page) => <PageCache snapshot={snapshot} previous={before(page.model, 'pageCache')} />,
      },
      {
        id: 'statistics',
        title: 'Statistics',
        parts: ['stats'],
        open: false,
        draw: (snapshot, page) => <Statistics snapshot={snapshot} previous={before(page.model, 'stats')} />,
      },
    ],
  },
  { id: 'memory', title: 'Address space', sections: [], whole: (page) => <Memory page={page} /> },
  { id: 'events', title: 'Events', sections: [], whole: (page) => <Events page={page} /> },
];

export function viewInFront(layout: Layout): View {
  return VIEWS.find(({ id }) => id === layout.view) ?? VIEWS[0];
}

export function isFolded(layout: Layout, section: Section): boolean {
  return layout.folded[section.id] ?? !section.open;
}

/** What of a snapshot is in sight. */
export function partsShown(layout: Layout): SnapshotPart[] {
  const shown = viewInFront(layout).sections.filter((section) => !isFolded(layout, section));
  return [...new Set(shown.flatMap(({ parts }) => parts))];
}
