/** The panel's bundle in a plain browser, under the same content security policy as in a webview. */
import { readFileSync } from 'node:fs';
import { chromium, type Browser, type Page } from 'playwright-core';
import type { FromPanel, ToPanel } from '../../src/panel/messages.js';

const ORIGIN = 'http://panel.test';
const bundle = (name: string) => readFileSync(new URL(`../../dist/${name}`, import.meta.url), 'utf8');

const themes = {
  light: {
    '--vscode-foreground': '#333',
    '--vscode-editor-background': '#fff',
    '--vscode-editorWidget-background': '#f3f3f3',
  },
  dark: {
    '--vscode-foreground': '#ccc',
    '--vscode-editor-background': '#1f1f1f',
    '--vscode-editorWidget-background': '#252526',
  },
  contrast: {
    '--vscode-foreground': '#fff',
    '--vscode-editor-background': '#000',
    '--vscode-editorWidget-background': '#000',
    '--vscode-contrastBorder': '#6fc3df',
    '--vscode-contrastActiveBorder': '#f38518',
  },
  'contrast-light': {
    '--vscode-foreground': '#292929',
    '--vscode-editor-background': '#fff',
    '--vscode-editorWidget-background': '#fff',
    '--vscode-contrastBorder': '#0f4a85',
    '--vscode-contrastActiveBorder': '#006bbd',
  },
};
export type Theme = keyof typeof themes;

/** As VS Code tells a webview. */
const bodyClass: Record<Theme, string> = {
  light: 'vscode-light',
  dark: 'vscode-dark',
  contrast: 'vscode-high-contrast',
  'contrast-light': 'vscode-high-contrast vscode-high-contrast-light',
};

export function launchBrowser(): Promise<Browser> {
  const executablePath = process.env.CHROME_PATH;
  if (!executablePath) throw new Error('CHROME_PATH is not set: start these tests with npm test -- panel');
  const quiet = [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
  ];
  return chromium.launch({ executablePath, args: [...quiet, '--disable-component-update', '--disable-sync'] });
}

export interface Panel {
  page: Page;
  send(...messages: ToPanel[]): Promise<void>;
  sent: FromPanel[];
  /** Errors of the page and breaches of its policy: a test that leaves any has found a fault. */
  complaints: string[];
}

export async function openPanel(
  browser: Browser,
  options: { width?: number; height?: number; theme?: Theme; state?: unknown; take?: (sent: FromPanel) => void } = {},
): Promise<Panel> {
  const { width = 900, height = 800, theme = 'light', state, take } = options;
  const page = await browser.newPage({ viewport: { width, height } });
  const complaints: string[] = [];
  const sent: FromPanel[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.exposeFunction('toHost', (message: FromPanel) => {
    sent.push(message);
    take?.(message);
  });
  const colours = Object.entries(themes[theme]).map(([name, value]) => `${name}: ${value};`);
  const css = `:root { ${colours.join(' ')} } body { background: var(--vscode-editor-background); }\n${bundle('panel.css')}`;
  const api = `window.kept = ${JSON.stringify(state ?? null)};
    window.acquireVsCodeApi = () => ({ postMessage: (m) => toHost(m), getState: () => window.kept ?? undefined, setState: (s) => { window.kept = s; } });`;
  const html = `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>panel</title>
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src ${ORIGIN}; script-src 'nonce-n'">
    <link rel="stylesheet" href="/panel.css"></head>
    <body class="${bodyClass[theme]}"><div id="machine"></div><script nonce="n" src="/api.js"></script><script nonce="n" src="/panel.js"></script></body></html>`;
  const files: Record<string, [string, string]> = {
    '/': ['text/html', html],
    '/panel.css': ['text/css', css],
    '/panel.js': ['text/javascript', bundle('panel.js')],
    '/api.js': ['text/javascript', api],
  };
  await page.route('**/*', (route) => {
    const [contentType, body] = files[new URL(route.request().url()).pathname] ?? ['text/plain', ''];
    return route.fulfill({ contentType, body });
  });
  await page.goto(`${ORIGIN}/`);
  const send = async (...messages: ToPanel[]) => {
    for (const message of messages) {
      await page.evaluate(`window.dispatchEvent(new MessageEvent('message', { data: ${JSON.stringify(message)} }))`);
    }
  };
  return { page, send, sent, complaints };
}
