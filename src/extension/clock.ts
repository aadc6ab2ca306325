import * as vscode from 'vscode';
import type { StateEvent } from '../debugger/messages.js';
import type { MachineFeed } from './machine-feed.js';

/** The simulated clock in the status bar: the tick, and who has the CPU. */
export class Clock implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem('osim.clock', vscode.StatusBarAlignment.Left, 50);
  private readonly subscriptions: vscode.Disposable[];

  constructor(feed: MachineFeed) {
    this.item.name = vscode.l10n.t('OSim Clock');
    this.item.command = 'osim.showMachine';
    this.subscriptions = [
      this.item,
      feed.onDidChange((message) => {
        if (message.type === 'state') this.show(message.state);
        else if (message.type === 'ended') this.item.hide();
      }),
    ];
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private show(state: StateEvent): void {
    const owners = state.cpus.map(({ mode, task, name }) =>
      mode === 'idle' ? 'idle' : `${task === 0 ? 'idle' : name} (${mode})`,
    );
    const shown =
      owners.length > 2 ? `${owners.filter((o) => o !== 'idle').length}/${owners.length} CPUs` : owners.join(' · ');
    this.item.text = `$(clock) ${state.time.toLocaleString('en')} · ${shown}`;
    const lines = state.cpus.map((cpu, i) => `- CPU ${cpu.id}: ${owners[i]}, ${vscode.l10n.t('tick')} ${cpu.clock}`);
    const title = vscode.l10n.t('Simulated time {0}, step {1}', state.time, state.step);
    this.item.tooltip = new vscode.MarkdownString([title, '', ...lines].join('\n'));
    this.item.accessibilityInformation = { label: `${title}. ${owners.join(', ')}` };
    this.item.show();
  }
}
