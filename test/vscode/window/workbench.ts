/** A VS Code window driven from outside, as a person does it: mouse, keyboard, and what can be read on the screen. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium, type FrameLocator, type Locator, type Page } from 'playwright-core';
import { installExtension, startServer } from '../../../scripts/embedded-vscode.mjs';
import { chromeOptions } from '../../browser.mjs';
import { copyGallery } from '../gallery.mjs';

const SHOTS = 'out/screenshots';

export interface WindowOptions {
  theme?: string;
}

export class Workbench {
  private constructor(
    readonly page: Page,
    private readonly end: () => Promise<void>,
  ) {}

  /** A fresh server, profile and browser, with the packed extension installed and a copy of the gallery open. */
  static async open({ theme = 'Default Dark Modern' }: WindowOptions = {}): Promise<Workbench> {
    const data = mkdtempSync(path.join(tmpdir(), 'osim-window-'));
    const extensions = path.join(data, 'extensions');
    installExtension(path.resolve('dist/osim.vsix'), extensions);
    const userSettings = { 'workbench.colorTheme': theme, 'git.enabled': false, 'editor.minimap.enabled': false };
    const server = await startServer({ data, extensions, userSettings });
    const browser = await chromium.launch(chromeOptions());
    const page = await browser.newPage({ viewport: { width: 1500, height: 950 } });
    const workbench = new Workbench(page, async () => {
      await browser.close();
      await server.stop();
      rmSync(data, { recursive: true, force: true });
    });
    await page.goto(server.url(copyGallery(data)));
    await page.locator('.explorer-folders-view .monaco-list-row').first().waitFor({ timeout: 60_000 });
    mkdirSync(SHOTS, { recursive: true });
    return workbench;
  }

  close(): Promise<void> {
    return this.end();
  }

  async screenshot(name: string): Promise<void> {
    await this.page.screenshot({ path: `${SHOTS}/${name}.png` });
  }

  async openFile(name: string): Promise<void> {
    await this.page.locator('.explorer-folders-view .monaco-list-row', { hasText: name }).dblclick();
    await this.page.locator('.tab.active', { hasText: name }).waitFor();
    await this.page.locator('.monaco-editor .view-line').first().waitFor();
  }

  /** Runs a command by its title, as one does with F1. */
  async command(title: string): Promise<void> {
    await this.page.keyboard.press('F1');
    await this.page.locator('.quick-input-widget input').first().fill(`>${title}`);
    await this.page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first().waitFor();
    await this.page.keyboard.press('Enter');
  }

  /** Clicks the glyph margin at the first visible line that contains `text`, until the red dot is there. */
  async clickBreakpoint(text: string): Promise<void> {
    const line = this.page.locator('.monaco-editor .view-line', { hasText: text }).first();
    const margin = this.page.locator('.monaco-editor .glyph-margin').first();
    const dot = this.page.locator('.glyph-margin-widgets .codicon-debug-breakpoint').first();
    for (let attempt = 0; ; attempt++) {
      const [row, column] = [await line.boundingBox(), await margin.boundingBox()];
      if (!row || !column) throw new Error(`no line with ${text} is in sight`);
      await this.page.mouse.move(column.x + 8, row.y + row.height / 2 + 1);
      await this.page.waitForTimeout(150);
      await this.page.mouse.click(column.x + 8, row.y + row.height / 2);
      try {
        await dot.waitFor({ timeout: 1500 });
        return;
      } catch (error) {
        // The first click can come before the debug part of the workbench is there.
        if (attempt === 5) throw error;
      }
    }
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

  /** Opens the row of the Variables pane whose text begins so, unless it is open. */
  async expand(text: string | RegExp): Promise<void> {
    const row = this.page.locator('.debug-variables .monaco-list-row', { hasText: text }).first();
    await row.waitFor();
    if ((await row.getAttribute('aria-expanded')) === 'false') await row.locator('.monaco-tl-twistie').click();
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

  /** The page inside the webview that is in sight. */
  webview(): FrameLocator {
    return this.page.frameLocator('iframe.webview.ready').frameLocator('#active-frame');
  }
}

async function rows(locator: Locator): Promise<string[]> {
  return (await locator.allInnerTexts()).map(plain);
}

/** One line, its many kinds of blanks made one. */
function plain(text: string): string {
  return text.replace(/[\s\u00a0]+/g, ' ').trim();
}
