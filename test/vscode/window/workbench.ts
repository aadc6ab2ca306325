/** A VS Code window driven from outside, as a person does it: mouse, keyboard, and what can be read on the screen. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium, type FrameLocator, type Locator, type Page } from 'playwright-core';
import { installExtension, startServer } from '../../../scripts/embedded-vscode.mjs';
import { chromeOptions } from '../../browser.mjs';
import { copyGallery } from '../gallery.mjs';

const SHOTS = 'out/screenshots';

export interface WindowOptions {
  theme?: string;
  /** Programs to add to the gallery: name and text. */
  programs?: Record<string, string>;
}

export class Workbench {
  private constructor(
    readonly page: Page,
    /** The folder of the user's copies of examples. */
    readonly examples: string,
    private readonly end: () => Promise<void>,
  ) {}

  /** A fresh server, profile and browser, with the packed extension installed and a copy of the gallery open. */
  static async open({ theme = 'Default Dark Modern', programs = {} }: WindowOptions = {}): Promise<Workbench> {
    const data = mkdtempSync(path.join(tmpdir(), 'osim-window-'));
    const extensions = path.join(data, 'extensions');
    installExtension(path.resolve('dist/osim.vsix'), extensions);
    const userSettings = {
      'workbench.colorTheme': theme,
      'git.enabled': false,
      'editor.minimap.enabled': false,
      // The Debug Console would take half of the window.
      'debug.internalConsoleOptions': 'neverOpen',
    };
    const examples = path.join(data, 'examples');
    const env = { OSIM_EXAMPLES: examples };
    const server = await startServer({ data, extensions, env, userSettings });
    const browser = await chromium.launch(chromeOptions());
    const page = await browser.newPage({ viewport: { width: 1600, height: 1000 } });
    const workbench = new Workbench(page, examples, async () => {
      await browser.close();
      await server.stop();
      rmSync(data, { recursive: true, force: true });
    });
    const gallery = copyGallery(data);
    for (const [name, text] of Object.entries(programs)) writeFileSync(path.join(gallery, name), text);
    await page.goto(server.url(gallery));
    await page.locator('.explorer-folders-view .monaco-list-row').first().waitFor({ timeout: 60_000 });
    mkdirSync(SHOTS, { recursive: true });
    return workbench;
  }

  close(): Promise<void> {
    return this.end();
  }

  async setTheme(name: string, kind: 'vs' | 'vs-dark' | 'hc-black'): Promise<void> {
    await this.command('Preferences: Color Theme');
    const input = this.page.locator('.quick-input-widget input').first();
    await this.page.locator('.quick-input-list .monaco-list-row', { hasText: 'Dark' }).first().waitFor();
    await input.fill(name);
    await this.page.keyboard.press('Enter');
    await this.page.locator(`.monaco-workbench.${kind}`).waitFor();
  }

  async screenshot(name: string): Promise<void> {
    await this.page.screenshot({ path: `${SHOTS}/${name}.png` });
  }

  async openFile(name: string): Promise<void> {
    const explorer = this.page.locator('.explorer-folders-view');
    const row = explorer.locator('.monaco-list-row', { hasText: name });
    await explorer.locator('.monaco-list-row').first().waitFor();
    // The list draws only what is in sight, and there are many lessons.
    for (let scrolled = 0; scrolled < 40 && !(await row.isVisible()); scrolled++) {
      await explorer.hover();
      await this.page.mouse.wheel(0, 200);
      await this.page.waitForTimeout(100);
    }
    await row.dblclick();
    await this.page.locator('.tab.active', { hasText: name }).waitFor();
  }

  /**
   * Runs a command by its title, as one does with F1. Again if need be: the list is made when it opens, and closes when
   * the editor takes the focus at a stop.
   */
  async command(title: string): Promise<void> {
    const entry = this.page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first();
    for (let attempt = 0; ; attempt++) {
      await this.page.keyboard.press('F1');
      await this.page.locator('.quick-input-widget input').first().fill(`>${title}`);
      try {
        await entry.click({ timeout: 3000 });
        return;
      } catch (error) {
        if (attempt === 8) throw error;
        await this.page.keyboard.press('Escape');
      }
    }
  }

  /** Starts debugging as one does, and waits until the program stands at its first stop. */
  async debug(): Promise<void> {
    await this.page.keyboard.press('F5');
    await this.page.locator('.debug-toolbar').waitFor({ timeout: 30_000 });
    await this.clock().waitFor({ timeout: 30_000 });
    await this.frame();
    // The lower panes leave their room to the Variables pane.
    for (const title of ['Watch', 'Loaded Scripts', 'Breakpoints']) {
      const header = this.page.locator('.pane-header[aria-expanded="true"]', { hasText: title });
      if (await header.isVisible()) await header.click();
    }
  }

  private clock(): Locator {
    return this.page.locator('.statusbar-item [aria-label^="Simulated time"]').first();
  }

  /** Instructions since boot, as the clock in the status bar has it. */
  async instant(): Promise<number> {
    const label = await this.clock().getAttribute('aria-label');
    return Number(/step (\d+)/.exec(label ?? '')?.[1]);
  }

  /** Does what moves the machine, and waits until it stands elsewhere. */
  async move(act: () => Promise<void>): Promise<void> {
    const before = await this.instant();
    await act();
    await this.until(
      'another instant',
      () => this.instant(),
      (now) => now !== before,
    );
  }

  /** Presses a key of the debugger, and says in which frame the machine stands then. */
  async step(key: string): Promise<string> {
    const before = await this.frame();
    await this.move(() => this.page.keyboard.press(key));
    return this.settledFrame(before);
  }

  /**
   * The Call Stack is drawn a moment after the clock. Two stops in a row may be in the same place, so it waits, but not
   * for ever.
   */
  async settledFrame(before: string): Promise<string> {
    let last = '';
    for (let i = 0; i < 20; i++) {
      const frame = await this.frame();
      if (frame !== before && frame === last) return frame;
      last = frame;
      await this.page.waitForTimeout(60);
    }
    return last;
  }

  /** The frame on top of the thread that has stopped: `sys_read read.osim 7:28`. */
  async frame(): Promise<string> {
    const top = async () => {
      const stack = await this.callStack();
      // The others are just PAUSED; it says why.
      return stack[stack.findIndex((row) => /^P\d+ /.test(row) && !row.endsWith(' PAUSED')) + 1] ?? '';
    };
    return this.until('a frame', top, (row) => /\.osim \d+:\d+$/.test(row));
  }

  /** Scrolls the Variables pane until a row with this text is in sight, and gives its text. */
  async variable(text: RegExp): Promise<string> {
    const row = await this.variableRow(text);
    return plain(await row.innerText());
  }

  private async variableRow(text: RegExp): Promise<Locator> {
    const pane = this.page.locator('.debug-variables');
    // Where the mouse rests on a row, its hover comes up after a moment, and would take the wheel from the pane.
    await this.page.mouse.move(2, 2);
    for (let i = 0; i < 80; i++) {
      const index = (await this.variables()).findIndex((row) => text.test(row));
      if (index >= 0) return pane.locator('.monaco-list-row').nth(index);
      // From the top; twice, since what is asked for may come late.
      await this.wheel(pane, i % 40 === 0 ? -10_000 : 100);
      await this.page.waitForTimeout(60);
    }
    throw new Error(`the Variables pane has no ${text}: ${JSON.stringify(await this.variables())}`);
  }

  /** Turns the wheel over a list by so many pixels, wherever the mouse is. */
  private async wheel(pane: Locator, pixels: number): Promise<void> {
    const list = pane.locator('.monaco-list .monaco-scrollable-element').first();
    await list.dispatchEvent('wheel', { deltaY: pixels });
  }

  /** Opens a file of the kernel, chosen from the list by its name. */
  async openKernelFile(name: string): Promise<void> {
    const rows = this.page.locator('.quick-input-list .monaco-list-row');
    const first = rows.filter({ hasText: 'boot.osim' });
    // A list closes when something else takes the focus, such as a view that is still being made.
    for (let attempt = 0; attempt < 4; attempt++) {
      await this.command('OSim: Open a Kernel File');
      if (await isThere(first)) break;
    }
    await this.page.locator('.quick-input-widget input').first().fill(name.replace('.osim', ''));
    await rows.filter({ hasText: name }).click();
    await this.until(
      'the kernel file',
      () => this.activeTab(),
      (tab) => tab === name,
    );
  }

  /** Takes away the breakpoint of the line at which the machine has stopped. */
  async removeBreakpointHere(): Promise<void> {
    const dots = this.page.locator('.editor-group-container.active .codicon-debug-breakpoint');
    const before = await dots.count();
    await this.page.keyboard.press('F9');
    await this.until(
      'one breakpoint less',
      () => dots.count(),
      (now) => now < before,
    );
  }

  /** Clicks the glyph margin at the first visible line that contains `text`, until the red dot is there. */
  async clickBreakpoint(text: string): Promise<void> {
    // `Run | Debug` comes a moment after a program's text, and moves the lines below it. Kernel files have none.
    const lens = this.page.locator('.editor-group-container.active .codelens-decoration').first();
    await lens.waitFor({ timeout: 5000 }).catch(() => undefined);
    const line = this.line(text);
    const margin = this.page.locator('.editor-group-container.active .glyph-margin').first();
    const dots = this.page.locator('.editor-group-container.active .codicon-debug-breakpoint');
    const before = await dots.count();
    // The first click can come before the debug part of the workbench is there, or while lines are drawn anew.
    for (let attempt = 0; attempt < 6; attempt++) {
      await line.waitFor();
      const [row, column] = [await line.boundingBox(), await margin.boundingBox()];
      if (row && column) {
        const [x, y] = [column.x + 8, row.y + row.height / 2];
        await this.page.mouse.move(x, y + 1);
        await this.page.waitForTimeout(150);
        await this.page.mouse.click(x, y);
      }
      for (let i = 0; i < 50; i++) {
        await this.page.waitForTimeout(100);
        if ((await dots.count()) > before) return;
      }
    }
    await this.screenshot('no-breakpoint');
    throw new Error(`no breakpoint could be set at ${text}`);
  }

  /** The first visible line of the editor in front that contains `text`. The editor's blanks are of several kinds. */
  line(text: string): Locator {
    const pattern = new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(' ', '\\s'));
    return this.page.locator('.editor-group-container.active .view-line', { hasText: pattern }).first();
  }

  /** How many pieces of text are drawn as selected in the editor in front. */
  selected(): Promise<number> {
    return this.page.locator('.editor-group-container.active .view-overlays .selected-text').count();
  }

  /** The line where the debugger stands: the editor's tab, and the text of the highlighted line. */
  async stoppedAt(): Promise<{ file: string; line: string }> {
    const marker = this.page
      .locator('.codicon-debug-stackframe, .codicon-debug-breakpoint-stackframe, .codicon-debug-stackframe-focused')
      .first();
    await marker.waitFor();
    const box = await marker.boundingBox();
    const lines = this.page.locator('.editor-group-container.active .view-line');
    for (const line of await lines.all()) {
      const found = await line.boundingBox();
      if (box && found && Math.abs(found.y - box.y) < 4) {
        return { file: await this.activeTab(), line: plain(await line.innerText()) };
      }
    }
    return { file: await this.activeTab(), line: '' };
  }

  async activeTab(): Promise<string> {
    return plain(await this.page.locator('.editor-group-container.active .tab.active').innerText());
  }

  async callStack(): Promise<string[]> {
    return rows(this.page.locator('.debug-call-stack .monaco-list-row'));
  }

  async variables(): Promise<string[]> {
    return rows(this.page.locator('.debug-variables .monaco-list-row'));
  }

  /** Opens a row of the Variables pane, unless it is open. */
  expand(text: RegExp): Promise<void> {
    return this.fold(text, 'false');
  }

  collapse(text: RegExp): Promise<void> {
    return this.fold(text, 'true');
  }

  private async fold(text: RegExp, from: 'true' | 'false'): Promise<void> {
    // A click can meet a tree that is being drawn anew.
    for (let attempt = 0; attempt < 8; attempt++) {
      const row = await this.variableRow(text);
      if ((await row.getAttribute('aria-expanded')) !== from) return;
      await row.locator('.monaco-tl-twistie').click();
      await this.page.waitForTimeout(300);
    }
    throw new Error(`the row ${text} of the Variables pane does not open or close`);
  }

  /** Waits until `probe` is content; else says what was there. */
  async until<T>(what: string, probe: () => Promise<T>, isGood: (value: T) => boolean): Promise<T> {
    let value = await probe();
    for (let i = 0; i < 150; i++) {
      if (isGood(value)) return value;
      await this.page.waitForTimeout(100);
      value = await probe();
    }
    throw new Error(`waited in vain for ${what}; there was ${JSON.stringify(value)}`);
  }

  debugButton(name: 'step-into' | 'step-over' | 'step-back' | 'continue' | 'stop' | 'reverse-continue'): Locator {
    return this.page.locator(`.debug-toolbar .codicon-debug-${name}`);
  }

  /** The page inside the webview that was opened first, or as the `nth`. */
  webview(nth = 0): FrameLocator {
    return this.page.locator('iframe.webview.ready').nth(nth).contentFrame().frameLocator('#active-frame');
  }
}

async function rows(locator: Locator): Promise<string[]> {
  return (await locator.allInnerTexts()).map(plain);
}

/** One line, its many kinds of blanks made one. */
function plain(text: string): string {
  return text.replace(/[\s\u00a0]+/g, ' ').trim();
}

/** Whether an element comes into sight within a few seconds. */
async function isThere(element: Locator): Promise<boolean> {
  return element.waitFor({ timeout: 8000 }).then(
    () => true,
    () => false,
  );
}
