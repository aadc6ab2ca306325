import assert from 'node:assert/strict';
import { PROGRAM, clientFor } from './client.js';

const SERVER = `remote peer count 2 at 600 (i) {
  let s = connect(80);
  send(s, "ping");
  print("got", recv(s, 10));
}
fn answer(fd) {
  let buf = alloc(10);
  let n = read(fd, buf, 10);
  return write(fd, text(buf, n) + "!");
}
process server {
  let listener = tcp_listen(80);
  for (i in 0..2) {
    let fd = accept(listener);
    answer(fd);
    close(fd);
  }
}
`;

describe('debugger: remotes', () => {
  it('have no breakpoints: one in their code says why', async () => {
    const client = clientFor(SERVER);
    const set = await client.launch(PROGRAM, { lines: [3, 8] });
    assert.deepEqual(
      set.map(({ verified }) => verified),
      [false, true],
    );
    assert.match(set[0]?.message ?? '', /remote is another computer/);
    const byName = await client.request('setFunctionBreakpoints', {
      breakpoints: [{ name: 'peer' }, { name: 'answer' }],
    });
    assert.deepEqual(
      byName.breakpoints.map(({ verified }: { verified: boolean }) => verified),
      [false, true],
    );
  });

  it('do not get in the way of steps, and say everything once, however often one goes back', async () => {
    const client = clientFor(SERVER);
    await client.launch(PROGRAM, { lines: [15] });
    const stop = await client.stopped();
    client.threadId = stop.threadId;
    assert.equal(await client.where(), 'test.osim:15 server');
    const step = async (command: string): Promise<string> => {
      const stopped = client.stopped();
      await client.request(command, { threadId: client.threadId });
      await stopped;
      return client.where();
    };
    const { machine } = client.session.debuggee!;
    const before = machine.stateHash();
    assert.equal(await step('next'), 'test.osim:16 server');
    const after = machine.stateHash();
    assert.equal(await step('stepBack'), 'test.osim:15 server');
    assert.equal(machine.stateHash(), before);
    assert.equal(await step('next'), 'test.osim:16 server');
    assert.equal(machine.stateHash(), after);
    await client.request('continue', { threadId: client.threadId });
    await client.stopped();
    assert.equal(await step('reverseContinue'), 'test.osim:15 server');
    await client.breakpoints(PROGRAM, []);
    await client.request('continue', { threadId: client.threadId });
    await client.event('terminated');
    const said = client.events
      .filter(({ event }) => event === 'output')
      .map(({ body }) => (body as { output: string }).output)
      .join('');
    assert.deepEqual(said.match(/^peer.*$/gm), ['peer[0]: got ping!', 'peer[1]: got ping!']);
  });

  it("and the network are shown among the kernel's things", async () => {
    const client = clientFor(SERVER);
    await client.launch(PROGRAM, { lines: [8] });
    client.threadId = (await client.stopped()).threadId;
    const kernel = await client.scope('Kernel');
    const network = kernel.get('network');
    assert.match(network?.value ?? '', /^\d+ buffers free, \d+ filled, 0 to send, \d+ on the link$/);
    const rows = await client.variables(network?.variablesReference ?? 0);
    assert.deepEqual(
      [...rows.keys()],
      ['receive ring: free', 'receive ring: filled', 'to send', 'on the link', 'remotes'],
    );
    const remotes = await client.variables(rows.get('remotes')?.variablesReference ?? 0);
    assert.equal(remotes.get('0')?.value, 'peer[0], 10.0.1.1: waits for bytes');
    const connections = await client.variables(remotes.get('0')?.variablesReference ?? 0);
    assert.match(
      connections.get('0')?.value ?? '',
      /^port 32768 to our 80: ESTABLISHED, \d bytes not acknowledged, 0 to read$/,
    );
    const free = await client.variables(rows.get('receive ring: free')?.variablesReference ?? 0);
    assert.match(free.get('0')?.value ?? '', /^4096 bytes at physical 0x/);
    assert.ok(free.get('0')?.memoryReference);
  });
});
