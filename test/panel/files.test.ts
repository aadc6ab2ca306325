/** The files figure in a real browser: its arrows are compared with the kernel's own tables, read independently. */
import assert from 'node:assert/strict';
import { processOf, tasksOf, tidOf } from '../../src/computer/inspect.js';
import { field, globalRecords, integer, kernelRecord, members, record } from '../../src/computer/kernel-records.js';
import { MapValue } from '../../src/machine/values.js';
import { sightOf } from './sight.js';

const OBJECTS = `process server {
  let ends = pipe();
  let pair = socketpair();
  let ep = epoll_create1();
  epoll_ctl(ep, EPOLL_CTL_ADD, ends[0], EPOLLIN | EPOLLET);
  epoll_ctl(ep, EPOLL_CTL_ADD, pair[0], EPOLLIN);
  if (fork() == 0) {
    write(ends[1], "five!");
    pause();
  }
  sleep(500);
  write(pair[1], "seven..");
  sleep(500);
}
`;

describe('panel: files', function () {
  this.timeout(60_000);
  const sight = sightOf('files');
  const open = (example: string, lines: number[]) => sight.open(example, { lines });
  const goOn = () => sight.goOn();
  const arrows = () =>
    sight.live.page
      .locator('.files-figure .arrow')
      .evaluateAll((all) =>
        all.map((arrow) => `${arrow.getAttribute('data-from')} → ${arrow.getAttribute('data-to')}`),
      );

  /** What the kernel's tables say: descriptor to description, description to inode. */
  const inKernel = (): string[] => {
    const { machine } = sight;
    const found = new Set<string>();
    for (const task of tasksOf(machine)) {
      const process = processOf(task);
      const fds = field(record(process, 'files'), 'fds');
      if (!(fds instanceof MapValue) || tidOf(task) !== integer(process, 'pid')) continue;
      for (const [fd, value] of fds.entries) {
        const file = record(kernelRecord<'FdEntry'>(value), 'file');
        if (file) found.add(`table${tidOf(task)} ${String(fd)} → file${integer(file, 'id')}`);
      }
    }
    for (const file of globalRecords(machine, 'file_table')) {
      const inner = kernelRecord(field(file, 'private'));
      const end =
        inner?.shape.name === 'Socket'
          ? `socket${integer<'Socket'>(inner as never, 'id')}`
          : inner
            ? `object${integer(file, 'id')}`
            : `inode${integer(record(file, 'inode'), 'ino')}`;
      found.add(`file${integer(file, 'id')} → ${end}`);
    }
    return [...found].sort();
  };

  it('has the arrows of the kernel’s tables, at each step of fd-table', async () => {
    await open('fd-table', [20, 24, 28, 31, 34, 35]);
    let stops = 0;
    for (; await goOn(); stops++) assert.deepEqual((await arrows()).sort(), inKernel());
    assert.ok(stops >= 6);
  });

  it('shows what is shared as two arrows into one box', async () => {
    await open('fd-table', [30]);
    await goOn();
    const all = await arrows();
    const to = (box: string) => all.filter((arrow) => arrow.endsWith(`→ ${box}`)).length;
    const boxes = [...new Set(all.map((arrow) => arrow.split(' → ')[1]))];
    assert.ok(
      boxes.some((box) => box.startsWith('file') && to(box) === 2),
      'dup: two descriptors of one description',
    );
    assert.ok(
      boxes.some((box) => box.startsWith('inode') && to(box) === 2),
      'two descriptions of one inode',
    );
  });

  it('shows pipes, the ends of sockets, and what an epoll watches and has ready', async () => {
    await open(OBJECTS, [13]);
    await goOn();
    assert.deepEqual((await arrows()).sort(), inKernel());
    const texts = await sight.live.page.locator('.files-figure .target').allTextContents();
    assert.ok(
      texts.some((text) => /pipe.*5 bytes in it.*1 to read, 1 to write/.test(text)),
      texts.join('\n'),
    );
    assert.ok(
      texts.some((text) => /7 bytes to receive/.test(text)),
      texts.join('\n'),
    );
    assert.ok(
      texts.some((text) => /● fd 3: IN\|ET, ready.*● fd 5: IN, ready/.test(text)),
      texts.join('\n'),
    );
    assert.equal(await sight.live.page.locator('.files-figure .peers').count(), 1);
  });

  it('lights the way from a descriptor to what it stands for', async () => {
    await open('fd-table', [30]);
    await goOn();
    await sight.live.page.locator('.files-figure .row').nth(5).hover();
    const lit = await sight.live.page
      .locator('.files-figure .arrow.lit')
      .evaluateAll((all) => all.map((arrow) => arrow.getAttribute('data-from')));
    assert.equal(lit.length, 2);
    assert.match(lit[0] ?? '', /^table2 5$/);
    assert.equal(await sight.live.page.locator('.files-figure .file.lit, .files-figure .target.lit').count(), 2);
  });

  it('shows the two rings of an io_uring, as the kernel has their heads and tails', async () => {
    await open('io-5-uring', []);
    await sight.live.client.request('setFunctionBreakpoints', { breakpoints: [{ name: 'io_uring_complete' }] });
    await sight.live.client.request('setFunctionBreakpoints', { breakpoints: [{ name: 'io_uring_submit_req' }] });
    assert.ok(await goOn());
    const { machine } = sight;
    const ring = globalRecords(machine, 'file_table')
      .map((file) => kernelRecord(field(file, 'private')))
      .find((inner) => inner?.shape.name === 'Ring') as never;
    const entries = Number(field<'Ring'>(ring, 'entries'));
    const [frame] = members(field<'Ring'>(ring, 'frames')) as number[];
    const titles = await sight.live.page.locator('.files-figure .ring title').allTextContents();
    const word = (at: number) => machine.memory.load(frame + at, 4);
    assert.deepEqual(titles, [
      `SQ of ${entries} places: head ${word(0)}, tail ${word(4)}, ${word(4) - word(0)} filled`,
      `CQ of ${2 * entries} places: head ${word(8)}, tail ${word(12)}, ${word(12) - word(8)} filled`,
    ]);
    assert.ok(word(4) - word(0) > 0, 'something is being submitted');
    assert.equal(await sight.live.page.locator('.files-figure .SQ .filled').count(), word(4) - word(0));
  });
});
