/** What TIME_WAIT keeps of a connection is shown among the kernel's things, as long as it lasts. */
import assert from 'node:assert/strict';
import { PROGRAM, clientFor } from './client.js';

const TEXT = `machine { tcp_time_wait = 5000; }
process server {
  let l = socket();
  bind(l, 80);
  listen(l, 5);
  let c = socket();
  connect(c, 80);
  let s = accept(l);
  close(s);
  close(c);
  getpid();
  sleep(6000);
  getpid();
}
`;

describe('debugger: TIME_WAIT', () => {
  it('is listed with both ends and the time that is left, and gone when it is over', async () => {
    const client = clientFor(TEXT);
    await client.launch(PROGRAM, { lines: [8, 11, 13] });
    client.threadId = (await client.stopped()).threadId;
    assert.equal((await client.scope('Kernel')).get('TIME_WAIT'), undefined);
    await client.request('continue', { threadId: client.threadId });
    await client.stopped();
    const row = (await client.scope('Kernel')).get('TIME_WAIT');
    assert.equal(row?.value, '1');
    const rows = await client.variables(row?.variablesReference ?? 0);
    const text = rows.get('0')?.value ?? '';
    assert.match(text, /^TCP 127\.0\.0\.1:80 ⇄ 127\.0\.0\.1:32768, for \d+ more ticks$/);
    const left = Number(/for (\d+)/.exec(text)?.[1]);
    assert.ok(left > 4000 && left <= 5000, text);
    await client.request('continue', { threadId: client.threadId });
    await client.stopped();
    assert.equal((await client.scope('Kernel')).get('TIME_WAIT'), undefined);
  });
});
