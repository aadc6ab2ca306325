import assert from 'node:assert/strict';
import type { DebugProtocol as P } from '@vscode/debugprotocol';
import { kernelFile } from '../kernel-file.js';
import { PROGRAM, clientFor, type Client } from './client.js';

const VALUES = `struct Point { x; y = 2; }
const LIMIT = 16;
enum Phase { WAIT, COPY = 5, DONE }
param clients = 3;
var served = 7;
var names = ["a", "b"];
shared var everyone = 4;
fn inner(a, ...rest) {
  let local = a + 1;
  return local;
}
process p {
  let n = 42;
  let s = "tab\\there";
  let list = [1, [2, 3], "x"];
  let point = Point { x: 1 };
  let m = map();
  m["k"] = 1;
  m[2] = "two";
  let buf = alloc(300);
  fill(buf, 'z');
  let f = inner;
  let many = [];
  for (i in 0..250) { push(many, i); }
  served = served + inner(1, 2, 3);
  names[0] = "c";
  everyone = everyone + 1;
  print(n);
}
`;
const AT_END = 28;

async function stoppedAt(line: number, text = VALUES): Promise<Client> {
  const client = clientFor(text);
  await client.launch(PROGRAM, { lines: [line] });
  await client.stop();
  return client;
}

async function children(client: Client, variable: P.Variable | undefined, more: object = {}): Promise<P.Variable[]> {
  return (await client.request('variables', { variablesReference: variable?.variablesReference, ...more })).variables;
}

describe('debugger: data', () => {
  it('shows locals as one would write them', async () => {
    const client = await stoppedAt(AT_END);
    const locals = await client.scope('Locals');
    const shown = Object.fromEntries([...locals].map(([name, { value }]) => [name, value]));
    assert.equal(shown['n'], '42');
    assert.equal(shown['s'], '"tab\\there"');
    assert.equal(shown['list'], '[1, [… 2], "x"]');
    assert.equal(shown['point'], 'Point {x: 1, y: 2}');
    assert.equal(shown['m'], 'map(2) {"k": 1, 2: "two"}');
    assert.equal(shown['f'], 'fn inner');
    assert.match(shown['buf'] ?? '', /^"z{64}"… \(300 bytes at 0x[0-9a-f]{8}\)$/);
    assert.match(shown['many'] ?? '', /^\[0, 1, 2, .*… 250 in all\]$/);
    assert.equal(locals.get('n')?.type, 'int');
    assert.equal(locals.get('point')?.type, 'Point');
    assert.ok(!locals.has('i'), 'the loop is over');
  });

  it('unfolds lists, records, maps and buffers, a page at a time', async () => {
    const client = await stoppedAt(AT_END);
    const locals = await client.scope('Locals');
    const names = (list: P.Variable[]): string[] => list.map(({ name, value }) => `${name}=${value}`);
    assert.deepEqual(names(await children(client, locals.get('list'))), ['0=1', '1=[2, 3]', '2="x"']);
    assert.deepEqual(names(await children(client, locals.get('point'))), ['x=1', 'y=2']);
    assert.deepEqual(names(await children(client, locals.get('m'))), ['"k"=1', '2="two"']);
    const many = locals.get('many');
    assert.equal(many?.indexedVariables, 250);
    const page = await children(client, many, { filter: 'indexed', start: 100, count: 100 });
    assert.equal(page.length, 100);
    assert.equal(page[0]?.name, '100');
    assert.equal(page[0]?.evaluateName, 'many[100]');
    assert.deepEqual(await children(client, many, { filter: 'indexed', start: 250, count: 100 }), []);
    assert.deepEqual(await children(client, many, { filter: 'named' }), []);
    const [byte] = await children(client, locals.get('buf'), { filter: 'indexed', start: 0, count: 1 });
    assert.equal(byte?.value, "122 'z'");
  });

  it('shows globals of the process, the shared one too, and hexadecimal when asked', async () => {
    const client = await stoppedAt(AT_END);
    const globals = await client.scope('Globals');
    assert.equal(globals.get('served')?.value, '9');
    assert.equal(globals.get('names')?.value, '["c", "b"]');
    assert.equal(globals.get('everyone')?.value, '5');
    assert.ok(globals.has('errno'));
    assert.ok(![...globals.keys()].some((name) => name.startsWith('_')), "libc's own are not shown");
    const [frame] = await client.frames();
    const { scopes } = await client.request('scopes', { frameId: frame?.id });
    const { variables } = await client.request('variables', {
      variablesReference: scopes[0].variablesReference,
      format: { hex: true },
    });
    assert.equal(variables.find(({ name }: P.Variable) => name === 'n').value, '0x2a');
  });

  it('shows a shared array by its elements, and sets one', async () => {
    const client = await stoppedAt(
      5,
      'shared var ring[3];\nshared var far[2000];\nprocess p {\n  ring[1] = 7;\n  print(ring[0], ring[1], far[1999]);\n}',
    );
    const ring = (await client.scope('Globals')).get('ring');
    assert.equal(ring?.value, '[0, 7, 0]');
    assert.equal(ring.type, 'array');
    const elements = await children(client, ring, { filter: 'indexed', start: 0, count: 10 });
    assert.deepEqual(
      elements.map(({ name, value, evaluateName }) => `${name}=${value} ${evaluateName}`),
      ['0=0 ring[0]', '1=7 ring[1]', '2=0 ring[2]'],
    );
    assert.equal(Number(elements[1]?.memoryReference) - Number(ring.memoryReference), 8);
    assert.equal(await client.evaluate('ring[1] + len(ring)'), '10');
    assert.match(await client.evaluate('far', 'watch'), /array of 2000, not in memory yet|\[0, 0/);
    assert.match(await client.refusal('evaluate', { expression: 'ring[3]', context: 'watch' }), /Index 3 is outside/);
    const [frame] = await client.frames();
    const set = (expression: string, value: string): Promise<unknown> =>
      client.request('setExpression', { expression, value, frameId: frame?.id });
    await set('ring[0]', '40');
    await set('far[1999]', '5');
    const refused = { expression: 'ring', value: '1', frameId: frame?.id };
    assert.match(await client.refusal('setExpression', refused), /`ring` is an array: assign to its elements/);
    const text = { expression: 'ring[0]', value: '"x"', frameId: frame?.id };
    assert.match(await client.refusal('setExpression', text), /A shared variable holds an integer/);
    await client.step('stepBack');
    await client.step('next');
    const ended = client.event('terminated');
    await client.request('continue', { threadId: client.threadId });
    await ended;
    assert.equal(client.output(), '40 7 5\n');
  });

  it('stops where an atomic operation, or one on an element, has changed a watched variable', async () => {
    const client = await stoppedAt(
      4,
      'shared var n = 1;\nshared var a[2];\nprocess p {\n  let i = 1;\n  atomic_add(n, 1);\n  a[i] = 5;\n  atomic_cas(a[0], 0, 9);\n  print(n);\n}',
    );
    const frameId = (await client.frames())[0]?.id;
    const breakpoints = [];
    for (const name of ['n', 'a']) {
      const { dataId } = await client.request('dataBreakpointInfo', { name, frameId });
      assert.ok(dataId, name);
      breakpoints.push({ dataId });
    }
    await client.request('setDataBreakpoints', { breakpoints });
    for (const behind of [6, 7, 8]) {
      const stopped = client.event('stopped');
      await client.request('continue', { threadId: client.threadId });
      const { body } = (await stopped) as P.StoppedEvent;
      assert.equal(body.reason, 'data breakpoint');
      assert.equal((await client.frames())[0]?.line, behind);
    }
  });

  it('shows of a lock who has it, and who sleeps until it is free', async () => {
    const client = await stoppedAt(
      10,
      'machine { quantum = 1000; } var m = mutex();\nshared var both[2] = mutex();\nfn f() { lock(m); unlock(m); lock(both[1]); }\nprocess p {\n  lock(m);\n  lock(both[1]);\n  let t = thread(f);\n  sleep(2000);\n  unlock(m);\n  sleep(2000);\n  print(t);\n}',
    );
    const globals = await client.scope('Globals');
    assert.equal(globals.get('m')?.value, 'mutex (free)');
    const [, second] = await children(client, globals.get('both'), { filter: 'indexed', start: 0, count: 2 });
    assert.equal(second?.value, 'mutex (held by thread 2)');
    assert.equal(second.type, 'mutex');
    await client.step('next');
    const now = (await client.scope('Globals')).get('both');
    const [, held] = await children(client, now, { filter: 'indexed', start: 0, count: 2 });
    const words = Object.fromEntries((await children(client, held)).map(({ name, value }) => [name, value]));
    assert.deepEqual(words, { owner: '0x80000002', type: '0', depth: '0', asleep: 'thread 3' });
  });

  it('shows what is in scope where a frame stands: parameters, a caller', async () => {
    const client = await stoppedAt(10);
    const inner = await client.scope('Locals');
    assert.deepEqual(
      [...inner].map(([name, { value }]) => `${name}=${value}`),
      ['a=1', 'rest=[2, 3]', 'local=2'],
    );
    const outer = await client.scope('Locals', 1);
    assert.equal(outer.get('n')?.value, '42');
    assert.ok(outer.has('many') && !outer.has('i'));
  });

  it('has a global on its page only once that was touched', async () => {
    const client = await stoppedAt(3, 'var g = 5;\nprocess p {\n  let a = 1;\n  g = g + a;\n}');
    assert.match((await client.scope('Globals')).get('g')?.value ?? '', /not in memory yet/);
    assert.match(
      (await client.ask('evaluate', { expression: 'g', frameId: (await client.frames())[0]?.id, context: 'watch' }))
        .message ?? '',
      /not in memory yet/,
    );
  });

  it('draws the PCB in the groups of the textbook, each summed up, each field with its meaning', async () => {
    const program =
      'process p {\n  let c = fork();\n  if (c == 0) { sleep(1000); exit(3); }\n  sigprocmask(SIG_BLOCK, [SIGTERM]);\n  raise(SIGTERM);\n  print(c);\n}';
    const client = await stoppedAt(6, program);
    const pcb = await client.scope('Process');
    assert.deepEqual(
      [...pcb].map(([group, { value }]) => `${group}: ${value}`),
      [
        'Identity: pid 2, p, user 0',
        'State: running',
        'Saved context: on the CPU: see its registers',
        'Scheduling: cpu 0, priority 20, nice 0',
        'Memory: 2 pages in 3 areas',
        'Files: 3 open',
        'Signals: pending: SIGTERM',
        'Family: child of 1, 1 child',
        `Accounting: ${pcb.get('Accounting')?.value ?? ''}`,
      ],
    );
    assert.match(pcb.get('Accounting')?.value ?? '', /^user \d+, kernel \d+ ticks$/);
    const meanings: string[] = [];
    for (const [group, { variablesReference, memoryReference }] of pcb) {
      assert.ok(memoryReference?.startsWith('0xc1'), `${group} lies in the kernel's memory`);
      for (const [name, { type, evaluateName }] of await client.variables(variablesReference)) {
        assert.match(type ?? '', /^\w+: ./, `the hover tells what ${name} is`);
        assert.match(evaluateName ?? '', /^kernel\.tasks\[2\]\.(process\.)?\w+$/);
        meanings.push(`${group} ${name} ${type ?? ''}`);
      }
    }
    assert.ok(meanings.includes('Accounting utime int: ticks in user mode'), meanings.join('\n'));
    assert.ok(meanings.some((line) => line.startsWith('Memory mm Mm: address space')));
  });

  it('gives with each row of the kernel an expression that leads to the same', async () => {
    const program =
      'process p {\n  let ends = pipe();\n  let buf = alloc(8);\n  if (fork() == 0) { read(ends[0], buf, 8); exit(0); }\n  sleep(1000);\n  print(1);\n}';
    const client = await stoppedAt(6, program);
    const kernel = await client.scope('Kernel');
    const rows = [
      ...(await client.scope('File descriptors')).values(),
      ...(await client.scope('Memory map')).values(),
      ...(await client.variables(kernel.get('wait queues')?.variablesReference ?? 0)).values(),
      ...kernel.values(),
    ].filter(({ evaluateName, variablesReference }) => evaluateName !== undefined && variablesReference > 0);
    assert.ok(rows.length > 12, rows.map(({ name }) => name).join(', '));
    assert.ok(rows.some(({ evaluateName }) => evaluateName?.endsWith('.waiting_on')));
    for (const { name, evaluateName, variablesReference } of rows) {
      const { variablesReference: found } = (await client.request('evaluate', { expression: evaluateName })) as {
        variablesReference: number;
      };
      const inside = async (reference: number): Promise<string[]> =>
        [...(await client.variables(reference)).values()].map((row) => `${row.name} ${row.value}`);
      assert.deepEqual(await inside(found), await inside(variablesReference), `${name}: ${evaluateName}`);
    }
  });

  it("draws the PCB of a kernel of one's own, whose struct has other fields", async () => {
    const { text } = kernelFile('task.osim');
    const own = text.replace(
      '  // Accounting\n',
      '  // Energy\n  joules = 7;                                        // what it has used\n\n  // Accounting\n',
    );
    const client = clientFor('process p {\n  print(1);\n}', { '/k/task.osim': own });
    await client.launch(PROGRAM, { lines: [2], kernel: '/k' });
    await client.stop();
    const pcb = await client.scope('Process');
    assert.deepEqual([...pcb.keys()].slice(-2), ['Accounting', 'Energy']);
    const energy = await client.variables(pcb.get('Energy')?.variablesReference ?? 0);
    assert.equal(energy.get('joules')?.value, '7');
    assert.equal(energy.get('joules')?.type, 'int: what it has used');
  });

  it('shows the process as its PCB, with codes in words, and everything behind it', async () => {
    const client = await stoppedAt(AT_END);
    const pcb = await client.scope('Process');
    const inside = async (group: string): Promise<Map<string, P.Variable>> =>
      client.variables(pcb.get(group)?.variablesReference ?? 0);
    const identity = await inside('Identity');
    assert.equal(identity.get('tid')?.value, '2');
    assert.equal(identity.get('pid')?.value, '2');
    assert.equal(identity.get('name')?.value, '"p"');
    assert.equal((await inside('State')).get('state')?.value, '0 TASK_RUNNING');
    assert.equal((await inside('Files')).get('umask')?.value, '0o22');
    const family = await inside('Family');
    assert.match(family.get('parent')?.value ?? '', /Process 1 init/);
    assert.ok(family.get('parent')?.memoryReference?.startsWith('0xc1'));
    const parent = await children(client, family.get('parent'));
    assert.equal(parent.find(({ name }) => name === 'pid')?.value, '1');
    assert.equal(parent.find(({ name }) => name === 'pid')?.evaluateName, 'kernel.tasks[2].process.parent.pid');
    const fds = await client.scope('File descriptors');
    assert.deepEqual([...fds.keys()], ['0', '1', '2']);
    const map = await client.scope('Memory map');
    assert.ok(
      [...map.values()].some(({ value }) => value.includes('[heap]') || value.includes('heap')),
      [...map.values()].map((v) => v.value).join('; '),
    );
    const cpu = await client.scope('CPU registers');
    assert.equal(cpu.get('mode')?.value, 'user');
    assert.match(cpu.get('pc')?.value ?? '', /^0x08[0-9a-f]{6} in p$/);
    const kernel = await client.scope('Kernel');
    assert.match(kernel.get('run queues')?.value ?? '', /cpu0: running 2/);
    const stats = await children(client, kernel.get('statistics'));
    assert.ok(stats.some(({ name }) => name === 'contextSwitches'));
  });

  it('unfolds every variable of every scope to some depth without a fault', async () => {
    const client = await stoppedAt(AT_END);
    let count = 0;
    const walk = async (reference: number, depth: number): Promise<void> => {
      const { variables } = await client.request('variables', { variablesReference: reference });
      for (const variable of variables as P.Variable[]) {
        count++;
        assert.equal(typeof variable.value, 'string');
        if (variable.variablesReference > 0 && depth > 0 && count < 20_000)
          await walk(variable.variablesReference, depth - 1);
      }
    };
    for (const frame of await client.frames()) {
      const { scopes } = await client.request('scopes', { frameId: frame.id });
      for (const scope of scopes as P.Scope[]) await walk(scope.variablesReference, 3);
    }
    assert.ok(count > 1000);
    assert.deepEqual(client.faults, []);
  });

  it('evaluates expressions that only look', async () => {
    const client = await stoppedAt(AT_END);
    for (const [expression, value] of [
      ['n + 1', '43'],
      ['list[1][0]', '2'],
      ['point.x == 1 && point.y > 1', 'true'],
      ['m["k"]', '1'],
      ['m["none"]', 'null'],
      ['len(many)', '250'],
      ['text(buf, 3)', '"zzz"'],
      ['buf[2]', '122'],
      ['s[0..3]', '"tab"'],
      ['LIMIT * 2', '32'],
      ['DONE', '6'],
      ['clients', '3'],
      ['served', '9'],
      ['inner', 'fn inner'],
      ['EAGAIN', '11'],
      ['errname(11)', '"EAGAIN"'],
      ['kernel.tasks[2].name', '"p"'],
      ['len(kernel.tasks)', '2'],
      ['pid', '2'],
      ['keys(m)', '["k", 2]'],
      ['max(n, 50)', '50'],
    ] as const) {
      assert.equal(await client.evaluate(expression, 'hover'), value, expression);
    }
  });

  it('refuses what would change something, and what is not there, in words', async () => {
    const client = await stoppedAt(AT_END);
    const [frame] = await client.frames();
    const refuse = (expression: string, context = 'watch'): Promise<string> =>
      client.refusal('evaluate', { expression, frameId: frame?.id, context });
    assert.match(await refuse('n = 3'), /may only look/);
    assert.match(await refuse('n++', 'hover'), /may only look/);
    assert.match(await refuse('read(0, buf, 1)'), /only look|act on/);
    assert.match(await refuse('inner(1)', 'repl'), /run on the machine/);
    assert.match(await refuse('nosuch'), /no `nosuch` here/);
    assert.match(await refuse('list[9]'), /outside/);
    assert.match(await refuse('n.x'), /field/);
    assert.match(await refuse('1 +'), /./);
    assert.match(await refuse('1 / 0'), /zero/);
    assert.deepEqual(client.faults, []);
  });

  it('does not change the run by looking at it', async () => {
    const client = await stoppedAt(AT_END);
    const { session } = client;
    const before = session.debuggee?.machine.registers.nextAddress;
    for (const scope of ['Locals', 'Globals', 'Process', 'File descriptors', 'Memory map', 'CPU registers', 'Kernel'])
      await client.scope(scope);
    await client.evaluate('[1, 2, { a: 3 }]');
    await client.request('osim/snapshot');
    assert.equal(session.debuggee?.machine.registers.nextAddress, before);
  });

  it('sets variables of every kind, and the program goes on with them', async () => {
    const client = await stoppedAt(AT_END);
    const [frame] = await client.frames();
    const { scopes } = await client.request('scopes', { frameId: frame?.id });
    const set = async (scope: number, name: string, value: string): Promise<string> =>
      (await client.request('setVariable', { variablesReference: scopes[scope].variablesReference, name, value }))
        .value;
    assert.equal(await set(0, 'n', '6 * 7 + 1'), '43');
    assert.equal(await set(1, 'served', '100'), '100');
    const locals = await client.scope('Locals');
    assert.equal(locals.get('n')?.value, '43');
    await client.request('setVariable', {
      variablesReference: locals.get('list')?.variablesReference,
      name: '0',
      value: '"one"',
    });
    await client.request('setVariable', {
      variablesReference: locals.get('point')?.variablesReference,
      name: 'y',
      value: 'n',
    });
    await client.request('setVariable', {
      variablesReference: locals.get('buf')?.variablesReference,
      name: '1',
      value: "'!'",
    });
    await client.request('setExpression', { expression: 'm["new"]', value: '5', frameId: frame?.id });
    assert.equal(await client.evaluate('list[0]'), '"one"');
    assert.equal(await client.evaluate('point.y'), '43');
    assert.equal(await client.evaluate('text(buf, 3)'), '"z!z"');
    assert.equal(await client.evaluate('m["new"]'), '5');
    assert.equal(await client.evaluate('served += 1', 'repl'), '101');
    assert.match(
      await client.refusal('setVariable', {
        variablesReference: scopes[0].variablesReference,
        name: 'n',
        value: 'nosuch',
      }),
      /nosuch/,
    );
    assert.match(
      await client.refusal('setVariable', { variablesReference: scopes[0].variablesReference, name: 'zz', value: '1' }),
      /no zz/,
    );
    const ended = client.event('terminated');
    await client.request('continue', { threadId: client.threadId });
    await ended;
    assert.equal(client.output(), '43\n');
  });

  it('keeps a value that was set when going back over it and forth, and forgets the future that it changed', async () => {
    const client = await stoppedAt(
      2,
      'process p {\n  let n = 1;\n  n = n + 1;\n  print(n);\n  n = n + 1;\n  print(n);\n}',
    );
    const steps: string[] = [];
    for (let i = 0; i < 4; i++) {
      await client.step('next');
      steps.push(await client.where());
    }
    assert.equal(client.output(), '2\n');
    for (let i = 0; i < 2; i++) await client.step('stepBack');
    assert.equal(await client.where(), 'test.osim:4 p');
    await client.evaluate('n = 50', 'repl');
    assert.match(client.output('console'), /changes the past/);
    await client.step('next');
    assert.equal(client.output(), '2\n50\n');
    await client.step('stepBack');
    assert.equal(await client.evaluate('n'), '50');
    await client.step('stepBack');
    assert.equal(await client.evaluate('n'), '1', 'before it was set');
    await client.step('next');
    assert.equal(await client.evaluate('n'), '50', 'it is set again when the step comes again');
  });

  it('marks what has changed since the last stop', async () => {
    const client = await stoppedAt(3, 'process p {\n  let a = 1; let b = 2;\n  a = 5;\n  b = 2;\n  print(a, b);\n}');
    const changed = async (): Promise<string[]> =>
      [...(await client.scope('Locals')).values()]
        .filter((v) => v.presentationHint?.attributes?.includes('changed'))
        .map(({ name }) => name);
    assert.deepEqual(await changed(), []);
    await client.step('next');
    assert.deepEqual(await changed(), ['a']);
    assert.deepEqual(await changed(), ['a'], 'asked twice, the same');
    await client.step('next');
    assert.deepEqual(await changed(), []);
  });

  it('refuses references of an earlier stop', async () => {
    const client = await stoppedAt(AT_END);
    const frames = await client.frames();
    await client.step('next');
    assert.match(await client.refusal('scopes', { frameId: frames[0]?.id }), /not exist any more/);
    assert.match(await client.refusal('variables', { variablesReference: 1 }), /not exist any more/);
  });

  it('completes names, fields and commands in the console', async () => {
    const client = await stoppedAt(AT_END);
    const [frame] = await client.frames();
    const complete = async (text: string): Promise<string[]> =>
      (await client.request('completions', { text, column: text.length + 1, frameId: frame?.id })).targets.map(
        ({ label }: P.CompletionItem) => label,
      );
    assert.deepEqual(await complete('poi'), ['point']);
    assert.deepEqual(await complete('1 + point.'), ['x', 'y']);
    assert.ok((await complete('kernel.ta')).includes('tasks'));
    assert.ok((await complete('q')).includes('queues'));
    assert.deepEqual(await complete('nosuch.'), []);
  });

  it('answers the console commands', async () => {
    const client = await stoppedAt(
      3,
      'process p {\n  let fd = open("/etc/x", O_RDWR | O_CREAT);\n  wait();\n}\nprocess q { sleep(1000); }',
    );
    const say = (line: string): Promise<string> => client.evaluate(line, 'repl');
    assert.match(await say('ps'), /^PID +PPID +STATE[\s\S]*\n2 .* p$/m);
    assert.match(await say('fds 2'), /3 .*\/etc\/x +O_RDWR/);
    assert.match(await say('fds'), /\/etc\/x/, 'of the process one has stopped in');
    assert.match(await say('queues'), /cpu0: runs 2 p/);
    assert.match(await say('cache'), /pages/);
    assert.match(await say('why 2'), /it runs/);
    assert.match(await say('help'), /goto-time/);
    assert.match(await client.refusal('evaluate', { expression: 'why 77', context: 'repl' }), /no process 77/);
    await client.step('next');
    const done = client.stop();
    await client.request('evaluate', { expression: 'goto-time 300', context: 'repl' });
    await done.catch(() => null);
  });

  it('goes to an instant, and runs until something holds', async () => {
    const client = await stoppedAt(2, 'process p {\n  let i = 0;\n  while (i < 1000) { i = i + 1; sleep(10); }\n}');
    const console = async (line: string): Promise<void> => {
      const done = client.stop();
      await client.request('evaluate', { expression: line, context: 'repl', frameId: (await client.frames())[0]?.id });
      await done;
    };
    await console('until i == 30');
    assert.equal(await client.evaluate('i'), '30');
    const { machine } = client.session.debuggee!;
    await console('goto-time 100');
    const steps = machine.steps;
    assert.ok(machine.time >= 100 && machine.time < 130, String(machine.time));
    await console('goto-time 5000');
    assert.ok(machine.time >= 5000 && machine.time < 5030, String(machine.time));
    await console('goto-time 100');
    assert.equal(machine.steps, steps);
  });
});
