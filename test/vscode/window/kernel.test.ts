/**
 * The promise of the whole project, kept in a real window: from a line of a program into the kernel, through the
 * context switch to another process, and all the way back.
 */
import assert from 'node:assert/strict';
import { Workbench } from './workbench.js';
import { kernelFile } from '../../kernel-file.js';

const PROGRAM = `machine { quantum = 100000; }
file "/etc/motd" = "Welcome to OSim.\\n";

process reader {
  let fd = open("/etc/motd", O_RDONLY);
  let buf = alloc(32);
  let n = read(fd, buf, 32);
  print(text(buf, n));
}

process worker {
  compute(1000);
}
`;

/**
 * Each step takes a real window half a second: `npm test` goes to schedule() by a breakpoint, and over what the six
 * steps call. The long tests step into everything.
 */
const LONG = process.env['OSIM_LONG'] !== undefined;

const SWITCH = kernelFile('switch.osim').text.split('\n');

/** Line of `switch_to` by the number of the step that its comment names. */
const sixSteps = new Map(
  SWITCH.flatMap((text, i): [number, string][] => {
    const step = /\/\/ ([1-6]) {2}/.exec(text)?.[1];
    return step ? [[i + 1, step]] : [];
  }),
);

describe('a step into read()', function () {
  this.bail(true);
  this.timeout(300_000);
  let workbench: Workbench;
  /** Frames and instants from schedule() to the other process. */
  const path: { frame: string; instant: number }[] = [];
  let start = 0;

  before(async () => {
    workbench = await Workbench.open({ programs: { 'two.osim': PROGRAM } });
    await workbench.openFile('two.osim');
    await workbench.clickBreakpoint('let n = read(');
    await workbench.clickBreakpoint('print(text');
    await workbench.debug();
  });
  after(() => workbench?.close());
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench?.screenshot('kernel-failed');
  });

  const lineOf = (frame: string) => Number(/:?(\d+):\d+$/.exec(frame)?.[1]);
  const callsTheSwitch = (frame: string) => /^schedule/.test(frame) && SWITCH[lineOf(frame) - 1].includes('switch_to(');
  const note = async (frame: string) => path.push({ frame, instant: await workbench.instant() });
  /** Waits until a row of a scope says what it should: the Variables pane is drawn a moment after the stop. */
  const expectIn = async (scope: RegExp, row: RegExp, text: RegExp) => {
    const read = async () => {
      await workbench.expand(scope);
      return workbench.variable(row).catch(() => '');
    };
    await workbench.until(`${row} with ${text}`, read, (found) => text.test(found));
    await workbench.collapse(scope);
  };
  const stack = async () => (await workbench.callStack()).join('\n');
  const STATE = /^State =/;

  it('begins at the breakpoint, every process in the Call Stack', async () => {
    start = await workbench.instant();
    assert.match(await workbench.frame(), /^reader two\.osim 7:/);
    const threads = await stack();
    assert.match(threads, /P\d+ reader · RUNNING cpu0/);
    assert.match(threads, /P\d+ worker · (READY|RUNNABLE)/i);
    assert.equal(await workbench.selected(), 0, 'a key would replace what is selected');
    await workbench.collapse(/^Locals/);
    await expectIn(/^File descriptors/, /^3 = /, /\/etc\/motd .*offset 0/);
    await expectIn(/^Process/, STATE, /running/);
  });

  it('lands in the kernel, in read.osim', async () => {
    assert.match(await workbench.step('F11'), /^sys_read read\.osim \d+/);
    await workbench.until(
      'the kernel source',
      () => workbench.activeTab(),
      (tab) => tab === 'read.osim',
    );
    const below = /sys_read read\.osim.*\n.*reader two\.osim/s;
    await workbench.until(
      'the frames below',
      () => stack(),
      (text) => below.test(text),
    );
  });

  it('goes on to schedule(), the process blocked by its own action', async () => {
    const frame = () => workbench.frame();
    for (let i = 0; i < (LONG ? 400 : 4) && !/^schedule switch\.osim/.test(await frame()); i++) {
      await workbench.move(() => workbench.page.keyboard.press('F11'));
    }
    if (!LONG) {
      await workbench.settledFrame('');
      await workbench.openKernelFile('switch.osim');
      await workbench.clickBreakpoint('let rq = this_rq();');
      await workbench.move(() => workbench.page.keyboard.press('F5'));
      assert.match(await workbench.settledFrame(''), /^schedule switch\.osim/);
      await workbench.removeBreakpointHere();
    }
    assert.match(await workbench.settledFrame(''), /^schedule switch\.osim/);
    await expectIn(/^Process/, STATE, /blocked/);
    await note(await frame());
  });

  it('takes the six steps of the switch, and arrives in the other process', async () => {
    assert.equal(sixSteps.size, 6);
    const seen = new Set<string>();
    let frame = await workbench.frame();
    for (let i = 0; i < 150 && !/^worker two\.osim/.test(frame); i++) {
      frame = await workbench.step(LONG || callsTheSwitch(frame) ? 'F11' : 'F10');
      await note(frame);
      const step = /switch\.osim/.test(frame) ? sixSteps.get(lineOf(frame)) : undefined;
      if (step) seen.add(step);
    }
    assert.deepEqual([...seen].sort(), ['1', '2', '3', '4', '5', '6']);
    assert.match(frame, /^worker two\.osim 12:/);
    const threads = await stack();
    assert.match(threads, /P\d+ worker · RUNNING/);
    assert.match(threads, /P\d+ reader · BLOCKED/);
  });

  it('is drawn by the Machine view', async () => {
    await workbench.command('OSim: Show the Machine');
    const machine = workbench.webview();
    await machine.getByRole('application', { name: 'Timeline' }).waitFor();
    await machine.getByText('As a table').click();
    await machine
      .getByRole('row', { name: /reader.*in the kernel: read/ })
      .first()
      .waitFor();
    await workbench.screenshot('kernel-timeline');
    await machine.getByRole('tab', { name: 'States' }).click();
    await machine.getByRole('region', { name: 'Blocked' }).getByText('reader').waitFor();
    await machine.getByRole('region', { name: 'Running' }).getByText('worker').waitFor();
    await workbench.screenshot('kernel-machine');
    await machine.getByRole('region', { name: 'Blocked' }).getByRole('button', { name: 'reader' }).click();
    await workbench.until(
      'the line of the reader',
      () => workbench.activeTab(),
      (tab) => tab === 'two.osim',
    );
  });

  it('goes back over these steps, each the last one undone', async () => {
    // The long tests go back over all of them.
    const steps = path.slice(LONG ? 0 : -9, -1).reverse();
    assert.ok(steps.length >= 8);
    for (const { frame, instant } of steps) {
      const before = await workbench.frame();
      await workbench.move(() => workbench.debugButton('step-back').click());
      const now = { frame: await workbench.settledFrame(before), instant: await workbench.instant() };
      assert.deepEqual(now, { frame, instant });
    }
  });

  it('runs back to the breakpoint, where everything is as it was', async () => {
    await workbench.debugButton('reverse-continue').click();
    await workbench.until(
      'the first instant',
      () => workbench.instant(),
      (now) => now === start,
    );
    assert.match(await workbench.settledFrame(''), /^reader two\.osim 7:/);
    await expectIn(/^File descriptors/, /^3 = /, /offset 0/);
    await expectIn(/^Process/, STATE, /running/);
    await expectIn(/^Kernel/, /^page cache/, /0 pages/);
  });

  it('ends with the page in the cache, the bytes in the buffer and the offset moved', async () => {
    await workbench.debugButton('continue').click();
    await workbench.until(
      'the next line',
      () => workbench.frame(),
      (frame) => /^reader two\.osim 8:/.test(frame),
    );
    await expectIn(/^File descriptors/, /^3 = /, /offset 17/);
    await expectIn(/^Kernel/, /^page cache/, /1 pages?, 0 dirty/);
    await workbench.expand(/^Locals/);
    assert.match(await workbench.variable(/^buf = /), /Welcome to OSim\./);
    await workbench.screenshot('kernel-end');
  });

  it('stops when it is told to', async () => {
    await workbench.page.keyboard.press('Shift+F5');
    await workbench.page.locator('.debug-toolbar').waitFor({ state: 'hidden' });
  });
});
