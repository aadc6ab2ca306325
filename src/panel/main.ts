/** The page's entry: messages in, one model, one tree, clicks out. Runs in a webview, and in any browser in tests. */
import { applyChanges } from '../debugger/snapshot-changes.js';
import type { PartialSnapshot, SnapshotPart } from '../debugger/messages.js';
import type { FromPanel, ToPanel } from './messages.js';
import { machine, SECTIONS } from './machine.js';
import { emptyModel, type Model } from './model.js';
import { render } from './vdom.js';

interface Host {
  postMessage(message: FromPanel): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): Host;

/** Which sections are folded, and how far the page is scrolled: kept when the view is hidden or the window reloads. */
interface Layout {
  version: 1;
  folded: Record<string, boolean>;
  scroll: number;
}

const host: Host = acquireVsCodeApi();
const root = document.getElementById('machine')!;
const layout = restored(host.getState());
let model: Model = emptyModel;

function restored(state: unknown): Layout {
  const kept = state as Layout | undefined;
  return kept?.version === 1 ? kept : { version: 1, folded: {}, scroll: 0 };
}

function receive(message: ToPanel): Model {
  switch (message.type) {
    case 'started':
      return emptyModel;
    case 'state':
      return { ...model, state: message.state, ended: false };
    case 'snapshot':
      return withSnapshot(message.snapshot, message.version);
    case 'changes': {
      const { snapshot: before, version } = model;
      const snapshot = applyChanges(before && { version, snapshot: before }, message.changes);
      if (snapshot) return withSnapshot(snapshot, message.changes.version);
      // Some were missed while the page was hidden.
      host.postMessage({ type: 'ready', parts: partsShown() });
      return model;
    }
    case 'ended':
      return { ...model, ended: true };
    default:
      return model;
  }
}

function withSnapshot(snapshot: PartialSnapshot, version: number): Model {
  // The same instant again (a view that became visible) must not wipe the marks of what has changed.
  const previous = snapshot.step === model.snapshot?.step ? model.previous : model.snapshot;
  return { ...model, snapshot, version, previous, ended: false };
}

/** What the sections that are not folded need. */
function partsShown(): SnapshotPart[] {
  const open = Object.entries(SECTIONS).filter(([name, section]) => !(layout.folded[name] ?? !section.open));
  return [...new Set(open.flatMap(([, { parts }]) => parts))];
}

function draw(): void {
  document.body.classList.toggle('stale', model.ended || model.state?.running === true);
  render(root, machine(model, { reveal: (path, line) => host.postMessage({ type: 'reveal', path, line }) }));
  restoreFolds();
}

/** A section's first appearance takes the state that it was left in. */
function restoreFolds(): void {
  for (const details of root.querySelectorAll<HTMLDetailsElement>('details.section')) {
    if (details.dataset.known) continue;
    details.dataset.known = 'yes';
    const name = details.classList[1];
    if (name in layout.folded) details.open = !layout.folded[name];
    details.addEventListener('toggle', () => {
      const shown = partsShown().join();
      layout.folded[name] = !details.open;
      host.setState(layout);
      const parts = partsShown();
      if (parts.join() !== shown) host.postMessage({ type: 'shows', parts });
    });
  }
}

window.addEventListener('message', (event: MessageEvent<ToPanel>) => {
  const first = model.snapshot === null;
  model = receive(event.data);
  draw();
  if (first && model.snapshot) window.scrollTo(0, layout.scroll);
});
window.addEventListener('scroll', () => {
  if (!model.snapshot) return;
  layout.scroll = window.scrollY;
  host.setState(layout);
});

draw();
host.postMessage({ type: 'ready', parts: partsShown() });
