/** The page's entry: messages in, one tree, clicks out. Runs in a webview, and in any browser in tests. */
import { render } from 'preact';
import { restored } from './layout.js';
import type { ToPanel } from './messages.js';
import { Page, type Host } from './page.js';
import { Shell } from './shell/shell.js';
import { partsShown, VIEWS, viewInFront } from './shell/views.js';

declare function acquireVsCodeApi(): Host;

const host = acquireVsCodeApi();
const root = document.getElementById('machine')!;
const page = new Page(host, restored(host.getState(), VIEWS[0].id));

function draw(): void {
  const { model } = page;
  document.body.classList.toggle('stale', model.ended || model.state?.running === true);
  keepingFocus(() => render(<Shell page={page} arrange={arrange} />, root));
}

/** What has the focus may be drawn anew elsewhere, as a task's card that goes to another column. */
function keepingFocus(change: () => void): void {
  const focused = document.activeElement instanceof HTMLElement ? document.activeElement : null;
  change();
  const name = focused?.dataset.focus;
  if (!focused || focused.isConnected || !name) return;
  root.querySelector<HTMLElement>(`[data-focus="${CSS.escape(name)}"]`)?.focus({ preventScroll: true });
}

/** The reader changes what is in sight: other parts of the machine may be wanted then. */
function arrange(change: () => void): void {
  const [shown, view] = [partsShown(page.layout).join(), page.layout.view];
  change();
  page.keep();
  draw();
  if (page.layout.view !== view) restoreScroll();
  const parts = partsShown(page.layout);
  if (parts.join() !== shown) page.send({ type: 'shows', parts });
}

function restoreScroll(): void {
  window.scrollTo(0, page.layout.scroll[viewInFront(page.layout).id] ?? 0);
}

window.addEventListener('message', ({ data }: MessageEvent<ToPanel>) => {
  const { snapshot, missed } = page.model;
  page.receive(data);
  draw();
  if (!snapshot && page.model.snapshot) restoreScroll();
  // Some changes were missed while the page was hidden.
  if (page.model.missed && !missed) page.send({ type: 'ready', parts: partsShown(page.layout) });
});
window.addEventListener('scroll', () => {
  if (!page.model.snapshot) return;
  page.layout.scroll[viewInFront(page.layout).id] = window.scrollY;
  page.keep();
});

draw();
page.send({ type: 'ready', parts: partsShown(page.layout) });
