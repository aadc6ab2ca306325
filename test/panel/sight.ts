/** What tests of views on real runs have in common: a browser for all, and for each a page that must not complain. */
import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import type { Machine } from '../../src/machine/machine.js';
import { openLive, type Live, type LiveOptions } from './live.js';
import { launchBrowser } from './page.js';

export class Sight {
  live!: Live;
  /** Of all tests of a `describe`. */
  browser!: Browser;

  constructor(private readonly view: string) {}

  /** Opens the view on a program that stands at its entry. */
  async open(example: string, options: LiveOptions = {}): Promise<Live> {
    const state = { version: 2, view: this.view, folded: {}, scroll: {}, own: {} };
    return (this.live = await openLive(this.browser, example, { state, width: 1000, ...options }));
  }

  /** Opens it on a program that has run to its end. */
  async toEnd(example: string, options: LiveOptions = {}): Promise<Live> {
    await this.open(example, { stopOnExit: true, ...options });
    assert.ok(await this.goOn());
    await this.live.settled();
    return this.live;
  }

  /** Runs to the next stop; false if the program has ended. */
  async goOn(): Promise<boolean> {
    const { client, settled } = this.live;
    const stopped = client.stop().then(() => true);
    await client.request('continue', { threadId: 1 });
    const goes = await Promise.race([stopped, client.ended().then(() => false)]);
    if (goes) await settled();
    return goes;
  }

  /** Does what takes the debugger elsewhere, and waits until the view shows that. */
  async going(act: () => Promise<unknown>): Promise<void> {
    const stopped = this.live.client.stop();
    await act();
    await stopped;
    await this.live.settled();
  }

  /** Goes to a step or a time. */
  seek(to: { step?: number; time?: number }): Promise<void> {
    return this.going(() => this.live.client.request('osim/seek', to));
  }

  get machine(): Machine {
    const { debuggee } = this.live.client.session;
    assert.ok(debuggee);
    return debuggee.machine;
  }
}

/** To be called in a `describe`. */
export function sightOf(view: string): Sight {
  const sight = new Sight(view);
  before(async () => {
    sight.browser = await launchBrowser();
  });
  after(() => sight.browser.close());
  afterEach(async () => {
    assert.deepEqual(sight.live.complaints, []);
    await sight.live.close();
  });
  return sight;
}
