/** What a student sees who steps into an I/O model: what it leaves behind in the kernel, and how that comes back. */
import assert from 'node:assert/strict';
import type { DebugProtocol as P } from '@vscode/debugprotocol';
import { PROGRAM, clientFor, type Client } from './client.js';

/** Steps until a place is reached. */
async function stepUntil(client: Client, command: 'next' | 'stepIn', wanted: RegExp, most = 2000): Promise<string> {
  const places: string[] = [];
  while (places.length < most) {
    await client.step(command);
    places.push(await client.where());
    if (wanted.test(places[places.length - 1] ?? '')) return places[places.length - 1] ?? '';
  }
  throw new Error(`${String(wanted)} was not reached; the last places: ${places.slice(-8).join(', ')}`);
}

async function names(client: Client): Promise<string[]> {
  return (await client.frames()).map(({ name }) => name);
}

/** What the Variables pane shows below a path of names, beginning with a local of the top frame. */
async function shown(client: Client, ...path: string[]): Promise<P.Variable> {
  let within = await client.scope('Locals');
  let variable: P.Variable | undefined;
  for (const name of path) {
    variable = within.get(name);
    if (!variable) throw new Error(`no ${name} among ${[...within.keys()].join(', ')}`);
    within = variable.variablesReference ? await client.variables(variable.variablesReference) : new Map();
  }
  assert.ok(variable);
  return variable;
}

const value = async (client: Client, ...path: string[]): Promise<string> => (await shown(client, ...path)).value;

const EPOLL = `process server {
  let ends = pipe();
  let ep = epoll_create1();
  epoll_ctl(ep, EPOLL_CTL_ADD, ends[0], EPOLLIN | EPOLLET);
  if (fork() == 0) {
    sleep(500);
    write(ends[1], "hello");
    exit(0);
  }
  let events = epoll_wait(ep, 8);
  print(events);
}`;

describe('debugger: epoll, from the entry on the wait queue to the ready list', () => {
  it('epoll_ctl() leaves an entry on the queue of the file, with the function that a wake-up will call', async () => {
    const client = clientFor(EPOLL);
    await client.launch(PROGRAM, { lines: [4] });
    await client.stop();
    await stepUntil(client, 'stepIn', / ep_enter$/);
    assert.deepEqual((await names(client)).slice(0, 3), ['ep_enter', 'poll_wait', 'pipe_poll']);
    assert.equal(await value(client, 'queue', 'entries'), 'List 0');
    await client.step('stepOut');
    await stepUntil(client, 'next', / ep_insert$/);
    assert.equal(await value(client, 'item'), 'EpItem fd 3');
    assert.match(await value(client, 'item', 'events'), / EPOLLIN\|EPOLLERR\|EPOLLHUP\|EPOLLET$/);
    assert.equal(await value(client, 'item', 'entries', '0'), 'WaitEntry fd 3 → ep_poll_callback');
    assert.equal(await value(client, 'item', 'entries', '0', 'wake'), 'fn ep_poll_callback');
    assert.equal(await value(client, 'item', 'entries', '0', 'queue'), 'WaitQueue pipe read: 1 waiting');
    assert.equal(await value(client, 'item', 'epoll'), 'EventPoll 1 watched, 0 ready');
  });

  it('epoll_wait() enters the queue of the epoll, and loses the CPU', async () => {
    const client = clientFor(EPOLL);
    await client.launch(PROGRAM, { functions: ['ep_wait'] });
    await client.stop();
    assert.equal((await names(client)).pop(), 'server');
    await stepUntil(client, 'stepIn', / prepare_to_wait$/);
    const { threadId } = client;
    assert.equal(await value(client, 'queue'), 'WaitQueue epoll_wait');
    await client.step('stepOut');
    await stepUntil(client, 'next', / ep_wait$/);
    assert.equal(await value(client, 'entry', 'wake'), 'fn wake_and_leave');
    assert.equal(await value(client, 'entry', 'queue'), 'WaitQueue epoll_wait: 1 waiting');
    assert.match(await value(client, 'me', 'state'), /TASK_INTERRUPTIBLE/);
    for (let i = 0; i < 80 && client.threadId === threadId; i++) await client.step('stepIn');
    assert.notEqual(client.threadId, threadId, 'Step Into goes on in whoever has the CPU now');
  });

  it('a write() calls the function, which puts the item on the ready list and wakes who waits', async () => {
    const client = clientFor(EPOLL);
    await client.launch(PROGRAM, { functions: ['ep_poll_callback', 'ep_send_events'] });
    await client.stop();
    const stack = await names(client);
    assert.deepEqual(stack.slice(0, 4), ['ep_poll_callback', 'wake_entries', 'wake_up', 'pipe_write']);
    assert.ok(stack.includes('sys_write'));
    assert.equal(await value(client, 'entry'), 'WaitEntry fd 3 → ep_poll_callback');
    assert.equal(await value(client, 'entry', 'private', 'epoll'), 'EventPoll 1 watched, 0 ready');
    assert.equal(await value(client, 'entry', 'private', 'epoll', 'queue'), 'WaitQueue epoll_wait: 1 waiting');
    await stepUntil(client, 'stepIn', / wake_up$/);
    assert.deepEqual((await names(client)).slice(0, 3), ['wake_up', 'ep_make_ready', 'ep_poll_callback']);
    const [, , callback] = await client.frames();
    assert.equal(await client.evaluate('item.epoll', 'watch', 2), 'EventPoll 1 watched, 1 ready', callback?.name);
    assert.equal(await client.evaluate('item.epoll.ready.first', 'watch', 2), 'EpItem fd 3');

    await client.step('continue');
    assert.equal(await value(client, 'ep'), 'EventPoll 1 watched, 1 ready');
    assert.equal((await names(client)).pop(), 'server', 'the one that waited');
    await stepUntil(client, 'next', / server$/);
    assert.match(await client.where(), /^test\.osim:11 /);
    assert.equal(await client.evaluate('events[0].data'), '3');
  });
});

const SIGIO = `fn on_io(sig, info) {
  let fd = info.fd;
  news = fd;
}
var news = -1;
process p {
  let ends = pipe();
  sigaction(SIGIO, on_io);
  fcntl(ends[0], F_SETSIG, SIGIO);
  fcntl(ends[0], F_SETOWN, getpid());
  fcntl(ends[0], F_SETFL, O_ASYNC | O_NONBLOCK);
  if (fork() == 0) {
    sleep(100);
    write(ends[1], "hello");
    exit(0);
  }
  let i = 0;
  while (news < 0) {
    i++;
  }
  print(news);
}`;

describe('debugger: SIGIO, from the write to the frame on the user stack, and back', () => {
  it('the write() sends the signal, to the owner that F_SETOWN set', async () => {
    const client = clientFor(SIGIO);
    await client.launch(PROGRAM, { functions: ['tell_about_io'] });
    await client.stop();
    const stack = await names(client);
    assert.deepEqual(stack.slice(0, 4), ['tell_about_io', 'tell_owner', 'send_sigio', 'pipe_write']);
    assert.equal(await value(client, 'p'), 'Process 2 p');
    assert.equal(await value(client, 'owner', 'sig'), '29 SIGIO');
    assert.equal(await value(client, 'owner', 'fd'), '3');
  });

  it('the kernel builds the frame of the handler on the user stack; its return leads back', async () => {
    const client = clientFor(SIGIO);
    await client.launch(PROGRAM, { functions: ['run_handler', 'on_io'] });
    await client.stop();
    const interrupted = (await client.frames()).pop();
    assert.equal(interrupted?.name, 'p');
    assert.ok(interrupted.line === 18 || interrupted.line === 19, 'in the loop, where it called nothing');
    assert.deepEqual((await names(client)).slice(-3), ['exit_to_user', 'irq_entry', 'p']);
    assert.match(await value(client, 'action', 'handler'), /fn on_io$/);
    assert.equal(await value(client, 'info', 'signo'), '29 SIGIO');
    assert.match(await value(client, 'info', 'band'), /POLLIN$/);
    const counter = await client.evaluate('i', 'watch', (await client.frames()).length - 1);

    await stepUntil(client, 'next', / exit_to_user$/);
    assert.deepEqual(
      await names(client),
      ['exit_to_user', 'irq_entry', '_handle (signal handler: SIGIO)', 'p'],
      'still in the kernel, and the frame is there',
    );
    // There may be another interrupt, or a page fault, before the handler's first line.
    await client.step('continue');
    assert.deepEqual(await names(client), ['on_io', '_handle (signal handler: SIGIO)', 'p']);
    assert.equal(await value(client, 'info', 'signo'), '29');
    assert.equal(await value(client, 'info', 'fd'), '3');
    assert.equal(await value(client, 'sig'), '29');

    await stepUntil(client, 'stepIn', / sys_rt_sigreturn$/);
    assert.ok((await names(client)).includes('_handle (signal handler: SIGIO)'));
    await stepUntil(client, 'next', / p$/);
    assert.deepEqual(await names(client), ['p']);
    assert.ok(Math.abs(Number(await client.evaluate('i')) - Number(counter)) <= 1, 'it goes on where it was');
    assert.equal(await client.evaluate('news'), '3');
  });
});
