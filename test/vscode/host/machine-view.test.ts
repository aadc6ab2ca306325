import * as vscode from 'vscode';
import { until } from './support.js';

describe('the Machine view', () => {
  const tab = () =>
    vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).find(({ label }) => label === 'OSim: Machine');

  it('opens beside the program, once', async () => {
    await vscode.commands.executeCommand('osim.showMachine');
    const opened = await until('its tab', tab);
    await vscode.commands.executeCommand('osim.showMachine');
    await until('one tab only', () => tab() === opened || tab()?.label === opened.label);
    await vscode.window.tabGroups.close(tab()!);
  });
});
