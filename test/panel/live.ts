/** The page on a real run: a debug session in this process answers it, as the extension lets one do in VS Code. */
import path from 'node:path';
import type { Browser } from 'playwright-core';
import type { PartialSnapshot, SnapshotPart, StateEvent } from '../../src/debugger/messages.js';
import type { FromPanel, ToPanel } from '../../src/panel/messages.js';
import { Client, root, type LaunchOptions } from '../debugger/client.js';
import { openPanel, type Panel, type Theme } from './page.js';

export interface Live extends Panel {
  client: Client;
  /** The page shows what the machine is now. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

export interface LiveOptions extends LaunchOptions {
  width?: number;
  height?: number;
  theme?: Theme;
  state?: unknown;
}

/** @param example its name, or the program itself */
export async function openLive(browser: Browser, example: string, options: LiveOptions = {}): Promise<Live> {
  const { width, height, theme, state, ...launch } = options;
  const isText = example.includes('\n');
  const program = isText ? '/folder/program.osim' : path.join(root, 'examples', `${example}.osim`);
  const client = new Client(isText ? { [program]: example } : {});
  let parts: SnapshotPart[] = [];
  let version = 0;
  /** What is on its way to the page. */
  let work: Promise<unknown> = Promise.resolve();
  const post = (message: ToPanel): Promise<void> => panel.send(message);
  const then = (next: () => Promise<unknown>): void => {
    work = work.then(next);
  };
  const snapshot = async (): Promise<void> => {
    if (parts.length === 0) return;
    const response = await client.ask('osim/snapshot', { parts });
    if (response.success)
      await post({ type: 'snapshot', snapshot: response.body as PartialSnapshot, version: ++version });
  };
  const take = (message: FromPanel): void => {
    if (message.type === 'ready' || message.type === 'shows') {
      parts = message.parts;
      then(snapshot);
    } else if (message.type === 'seek') void client.ask('osim/seek', { step: message.step, time: message.time });
    else if (message.type === 'ask')
      then(async () => {
        const { id, query, args } = message;
        const { success, body, message: reason } = await client.ask(query, args);
        await post(
          success ? { type: 'answer', id, answer: body as never } : { type: 'refused', id, reason: reason ?? '' },
        );
      });
  };
  const panel = await openPanel(browser, { width, height, theme, state, take });
  let seen = 0;
  client.onEvent = ({ event, body }) => {
    if (event !== 'osim/state') return;
    const told = body as StateEvent;
    then(async () => {
      await post({ type: 'state', state: told });
      if (!told.running) await snapshot();
      seen++;
    });
  };
  await client.launch(program, { stopOnEntry: true, ...launch });
  await client.stop();
  const settled = async (): Promise<void> => {
    for (let before = -1; before !== seen;) {
      before = seen;
      await work;
      await panel.page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
      await work;
    }
  };
  const close = async (): Promise<void> => {
    client.session.close();
    await panel.page.close();
  };
  return { ...panel, client, settled, close };
}
