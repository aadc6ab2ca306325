/** The Machine view: the clock, a tab for each view, and the view in front. */
import { filled } from '../model.js';
import type { Page } from '../page.js';
import { Clock } from './clock.js';
import { isFolded, VIEWS, viewInFront, type Section, type View } from './views.js';

/** @param arrange tells that the reader has changed what is in sight */
export function Shell({ page, arrange }: { page: Page; arrange: (change: () => void) => void }) {
  const { model, layout } = page;
  if (!model.snapshot && !model.state) return <Welcome />;
  const view = viewInFront(layout);
  return (
    <>
      <div class="head">
        <Clock model={model} />
        <Tabs view={view} choose={(id) => arrange(() => (layout.view = id))} />
      </div>
      <div id="view" role="tabpanel" aria-labelledby={`tab-${view.id}`} class={`view ${view.id}`} tabIndex={-1}>
        {view.whole && isDrawable(page) && view.whole(page)}
        {model.snapshot &&
          view.sections.map((section) => <Fold key={section.id} section={section} page={page} arrange={arrange} />)}
        {!isDrawable(page) && <p class="welcome">The machine runs. It is drawn here when it stops.</p>}
      </div>
    </>
  );
}

/** The machine has stopped at least once. */
function isDrawable({ model }: Page): boolean {
  return model.snapshot !== null || model.state?.running === false;
}

function Welcome() {
  return (
    <div class="welcome">
      <p>No machine is on.</p>
      <p>Open an .osim file and press F5. At each stop this view shows its tasks, queues and files.</p>
    </div>
  );
}

function Tabs({ view, choose }: { view: View; choose: (id: string) => void }) {
  const at = VIEWS.indexOf(view);
  const turn = (event: KeyboardEvent): void => {
    const last = VIEWS.length - 1;
    const keys: Record<string, number> = {
      ArrowRight: at === last ? 0 : at + 1,
      ArrowLeft: at === 0 ? last : at - 1,
      Home: 0,
      End: last,
    };
    const to = VIEWS[keys[event.key] ?? -1];
    if (!to) return;
    event.preventDefault();
    choose(to.id);
    document.getElementById(`tab-${to.id}`)?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label="Views of the machine" onKeyDown={turn}>
      {VIEWS.map(({ id, title }) => (
        <button
          key={id}
          id={`tab-${id}`}
          role="tab"
          aria-selected={id === view.id}
          aria-controls="view"
          tabIndex={id === view.id ? 0 : -1}
          onClick={() => choose(id)}
        >
          {title}
        </button>
      ))}
    </div>
  );
}

interface FoldProps {
  section: Section;
  page: Page;
  arrange: (change: () => void) => void;
}

function Fold({ section, page, arrange }: FoldProps) {
  const { id, title } = section;
  const folded = isFolded(page.layout, section);
  const toggled = (event: Event): void => {
    const { open } = event.currentTarget as HTMLDetailsElement;
    if (open === folded) arrange(() => (page.layout.folded[id] = !open));
  };
  return (
    <details class={`section ${id}`} open={!folded} onToggle={toggled}>
      <summary>
        <h2>{title}</h2>
      </summary>
      {!folded && page.model.snapshot && section.draw(filled(page.model.snapshot), page)}
    </details>
  );
}
