import assert from 'node:assert/strict';
import { Workbench } from './workbench.js';

describe('the window of VS Code', () => {
  let workbench: Workbench;
  before(async () => {
    workbench = await Workbench.open();
  });
  after(() => workbench.close());
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench.screenshot('window-failed');
  });

  it('stops at a breakpoint that was set with the mouse, and draws the machine', async () => {
    await workbench.openFile('blocking-read.osim');
    await workbench.clickBreakpoint('read(');
    await workbench.page.keyboard.press('F5');
    await workbench.page.locator('.debug-toolbar').waitFor({ timeout: 30_000 });
    const { file, line } = await workbench.stoppedAt();
    assert.equal(file, 'blocking-read.osim');
    assert.match(line, /read\(/);
    await workbench.command('OSim: Show the Machine');
    await workbench.webview().getByRole('heading', { name: 'Blocked' }).waitFor();
    await workbench.screenshot('window-machine');
  });
});
