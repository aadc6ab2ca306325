/** What a user sees first, in each kind of theme. The pictures go to out/screenshots, to be looked at. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Workbench } from './workbench.js';

const EXPECTATIONS = 'process p { print("a"); }\nexpect stdout("p") == "a\\n";\nexpect stdout("p") == "b\\n";\n';

/** What decorations write after the lines of the editor: it is drawn by styles, and no text of the page. */
const MARKS = `[...document.querySelectorAll('.view-line span span')]
  .map((span) => getComputedStyle(span, '::after').content)
  .filter((content) => /^"[✓✗]/.test(content))`;

describe('the window', function () {
  this.bail(true);
  this.timeout(180_000);
  let workbench: Workbench;
  before(async () => {
    workbench = await Workbench.open({ programs: { 'expectations.osim': EXPECTATIONS } });
  });
  after(() => workbench?.close());
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench?.screenshot('looks-failed');
  });

  const openFromGallery = async () => {
    await workbench.command('OSim: Open an Example');
    const lessons = workbench.page.locator('.quick-input-list .monaco-list-row');
    await lessons.filter({ hasText: 'process-states' }).waitFor();
    // The list draws only what is in sight: one types what one looks for.
    await workbench.page.locator('.quick-input-widget input').first().fill('blocking-read');
    const lesson = lessons.filter({ hasText: 'blocking-read' });
    assert.match(await lesson.innerText(), /Blocking I\/O/);
    await lesson.click();
    await workbench.until(
      'the example',
      () => workbench.activeTab(),
      (tab) => tab === 'blocking-read.osim',
    );
  };

  it('opens an example that is chosen from the gallery', openFromGallery);

  it('finds there what was written into it, also after a reload', async () => {
    await workbench.line('Blocking I/O').click();
    await workbench.page.keyboard.press('Control+Home');
    await workbench.page.keyboard.type('// mine');
    await workbench.page.keyboard.press('Enter');
    await workbench.line('// mine').waitFor();
    await workbench.page.keyboard.press('Control+S');
    const copy = path.join(workbench.examples, 'blocking-read.osim');
    await workbench.until(
      'the text in the file',
      () => readFile(copy, 'utf8'),
      (text) => text.startsWith('// mine'),
    );
    await workbench.page.reload();
    await workbench.page.locator('.explorer-folders-view .monaco-list-row').first().waitFor({ timeout: 60_000 });
    await openFromGallery();
    await workbench.line('// mine').waitFor();
  });

  it('colours the program', async () => {
    await workbench.line('process reader').waitFor();
    const colours = workbench.line('let fd = open').locator('span span');
    const count = async () => {
      const classes = await Promise.all((await colours.all()).map((span) => span.getAttribute('class')));
      return new Set(classes).size;
    };
    await workbench.until('three colours', count, (found) => found >= 3);
  });

  it('shows the process blocked in the kernel, and what it waits for', async () => {
    await workbench.clickBreakpoint('let n = read(');
    await workbench.debug();
    await workbench.step('F11');
    await workbench.command('OSim: Show the Machine');
    await workbench.webview().getByRole('tab', { name: 'States' }).click();
    await workbench.webview().getByRole('heading', { name: 'Running' }).waitFor();
  });

  for (const [name, kind] of [
    ['Light Modern', 'vs'],
    ['Dark High Contrast', 'hc-black'],
    ['Dark Modern', 'vs-dark'],
  ] as const) {
    it(`is drawn in ${name}`, async () => {
      await workbench.setTheme(name, kind);
      const machine = workbench.webview();
      await machine.getByRole('heading', { name: 'Running' }).waitFor();
      await workbench.page.waitForTimeout(500);
      await workbench.screenshot(`looks-${kind}`);
    });
  }

  it('draws the machine in the side bar, too', async () => {
    await workbench.page.locator('.pane-header', { hasText: 'OSim: Machine' }).click();
    await workbench.webview(1).getByRole('tab', { name: 'States' }).click();
    await workbench.webview(1).getByRole('heading', { name: 'Running' }).waitFor();
    await workbench.screenshot('looks-side-bar');
  });

  it('opens a kernel file, and stops at a breakpoint in it', async () => {
    await workbench.openKernelFile('switch.osim');
    await workbench.clickBreakpoint('let rq = this_rq();');
    await workbench.move(() => workbench.page.keyboard.press('F5'));
    assert.match(await workbench.settledFrame(''), /^schedule switch\.osim/);
  });

  it('puts the clock away when the session ends', async () => {
    await workbench.page.keyboard.press('Shift+F5');
    await workbench.page.locator('.debug-toolbar').waitFor({ state: 'hidden' });
    await workbench.page.locator('.statusbar-item [aria-label^="Simulated time"]').waitFor({ state: 'hidden' });
  });

  it('marks what each expect found after its line, when the run has ended', async () => {
    await workbench.page.keyboard.press('Control+Shift+E');
    await workbench.openFile('expectations.osim');
    await workbench.command('OSim: Run File');
    await workbench.until(
      'the marks',
      () => workbench.page.evaluate<string[]>(MARKS),
      (marks) => marks.join() === '"✓","✗ it is \\"a\\\\n\\""',
    );
    await workbench.screenshot('looks-expects');
  });
});
