import * as vscode from 'vscode';
import { breakAt, endAll, Session } from './session.js';
import { assert, fail, itOnce, lineOf, open, until, workspaceFile, write } from './support.js';

describe('debugging', () => {
  afterEach(endAll);

  it('F5 runs the file in front, without launch.json', async () => {
    const { document } = await open(workspaceFile('blocking-read.osim'));
    const line = breakAt(document, 'let n = read(');
    const session = await Session.begin(() => vscode.commands.executeCommand('workbench.action.debug.start'));
    await session.stop();
    assert.match(session.configuration.program, /blocking-read\.osim$/);
    const top = await session.top();
    assert.equal(top.line, line);
    assert.match(top.source?.path ?? '', /blocking-read\.osim$/);
    await session.end();
  });

  itOnce('F5 does not start what has errors, and leaves it to the editor to say so', async () => {
    const program = await write('broken.osim', 'process p {\n  print(nothing_of_the_kind);\n}\n');
    await open(program);
    const isError = ({ severity }: vscode.Diagnostic) => severity === vscode.DiagnosticSeverity.Error;
    await until('the error', () => vscode.languages.getDiagnostics(program).some(isError));
    const started: string[] = [];
    const listener = vscode.debug.onDidStartDebugSession(({ name }) => started.push(name));
    const begun = await vscode.debug.startDebugging(vscode.workspace.getWorkspaceFolder(program), {
      type: 'osim',
      request: 'launch',
      name: 'broken',
      program: program.fsPath || program.path,
    });
    listener.dispose();
    assert.equal(begun, false);
    assert.deepEqual(started, []);
    await vscode.workspace.fs.delete(program);
  });

  it('goes into the kernel, whose source opens read-only, and back', async () => {
    const { document } = await open(workspaceFile('blocking-read.osim'));
    const line = breakAt(document, 'let n = read(');
    const session = await Session.launch(document.uri);
    const { step } = await session.stop();
    await session.act('stepInto');
    assert.match((await session.top()).source?.path ?? '', /^osim-kernel:\//);
    const kernelFile = () => vscode.window.activeTextEditor?.document.uri.scheme === 'osim-kernel';
    await until('the kernel file in front', kernelFile);
    assert.equal(vscode.window.activeTextEditor?.document.languageId, 'osim');
    const back = await session.act('stepBack');
    assert.equal((await session.top()).line, line);
    assert.equal(back.step, step);
    await session.end();
  });

  itOnce('leaves nothing selected at a stop: a stray key would delete the statement', async () => {
    const text = 'process p {\n  let n = getpid(\n  );\n  let m = n;\n  let q = 1 / (m - n);\n}\n';
    const program = await write('selection.osim', text);
    const { document } = await open(program);
    const line = breakAt(document, 'let n =');
    const session = await Session.launch(program);
    await session.stop();
    const stands = async (scheme: string, at?: number) => {
      const editor = await until(`the cursor in ${scheme}, line ${at}`, () => {
        const front = vscode.window.activeTextEditor;
        return front?.document.uri.scheme === scheme && (!at || front.selection.start.line === at - 1) && front;
      });
      assert.ok(editor.selection.isEmpty, `selected: ${editor.document.getText(editor.selection)}`);
    };
    await stands(program.scheme, line);
    await session.act('stepInto');
    await stands('osim-kernel');
    await session.act('stepOut');
    await session.act('stepOver');
    await stands(program.scheme, line + 2);
    // At an exception, too.
    await session.act('continue');
    await stands(program.scheme, line + 3);
    await session.end();
  });

  itOnce('stops at breakpoints in kernel files', async () => {
    const { document } = await open(vscode.Uri.parse('osim-kernel:/fs/read.osim'));
    const line = breakAt(document, 'fn sys_read(');
    const session = await Session.launch(workspaceFile('blocking-read.osim'));
    await session.stop();
    const top = await session.top();
    assert.equal(top.name, 'sys_read');
    assert.ok(top.line - line < 2, `it stopped at line ${top.line}, the function is at ${line}`);
    await session.end();
  });

  itOnce('F5 in a kernel file runs the last program again', async () => {
    await open(vscode.Uri.parse('osim-kernel:/fs/read.osim'));
    await vscode.commands.executeCommand('workbench.action.closeOtherEditors');
    const session = await Session.begin(() => vscode.commands.executeCommand('workbench.action.debug.start'));
    assert.match(session.configuration.program, /blocking-read\.osim$/);
    await endAll();
  });

  itOnce('describes the machine to the Machine view', async () => {
    const { document } = await open(workspaceFile('blocking-read.osim'));
    breakAt(document, 'let n = read(');
    const session = await Session.launch(document.uri);
    const { time, cpus } = await session.stop();
    const snapshot = await session.snapshot();
    assert.equal(snapshot.time, time);
    const reader = snapshot.tasks.find(({ name }) => name === 'reader') ?? fail('no reader');
    assert.equal(reader.state, 'running');
    assert.equal(cpus[0].task, reader.pid);
    const fd = reader.fds.find((each) => each.fd === 3);
    assert.equal(snapshot.openFiles.find(({ id }) => id === fd?.file)?.name, '/etc/motd');
    await session.end();
  });

  it("runs a kernel of one's own: the files of a folder in place of the built-in ones", async () => {
    const original = await vscode.workspace.openTextDocument(vscode.Uri.parse('osim-kernel:/fs/read.osim'));
    const marked = original.getText().replace('fn sys_read(', 'fn my_mark() { return 1; }\n\nfn sys_read(');
    const own = await write('my-kernel/read.osim', marked);
    const { document } = await open(own);
    breakAt(document, 'fn sys_read(');
    const session = await Session.launch(workspaceFile('blocking-read.osim'), { kernel: 'my-kernel' });
    await session.stop();
    const top = await session.top();
    assert.equal(top.name, 'sys_read');
    assert.match(top.source?.path ?? '', /my-kernel\/read\.osim$/);
    await session.end();
  });

  itOnce('takes params, seed and scheduler from the configuration', async () => {
    const program = await write('params.osim', 'param n = 1;\nprocess p {\n  let m = n;\n  print(m);\n}\n');
    const { document } = await open(program);
    breakAt(document, 'print(m)');
    const session = await Session.launch(program, { params: { n: 42 }, seed: 7, scheduler: 'fifo' });
    await session.stop();
    assert.equal(await session.evaluate('m'), '42');
    await session.end();
  });

  it('runs a program without end, answers pause and stop', async () => {
    const program = await write('forever.osim', 'process p {\n  while (true) { }\n}\n');
    const session = await Session.launch(program);
    await session.runs();
    await session.act('pause');
    assert.match((await session.top()).source?.path ?? '', /forever\.osim$/);
    await session.end();
  });

  itOnce('stays when the run has ended, in no file, and goes back from there', async () => {
    const program = await write('short.osim', 'process p {\n  print("a");\n}\n');
    const editor = await open(program);
    const session = await Session.launch(program);
    await session.runEnds();
    assert.equal((await session.snapshot()).outcome, 'finished');
    assert.equal(vscode.window.activeTextEditor?.document.uri.toString(), editor.document.uri.toString());
    await session.act('stepBack');
    assert.equal((await session.snapshot()).outcome, null);
    await session.end();
  });

  itOnce('runs to the end without stopping when it is run, not debugged', async () => {
    const { document } = await open(workspaceFile('blocking-read.osim'));
    breakAt(document, 'let n = read(');
    const ended = new Promise<void>((resolve) => {
      const listening = vscode.debug.onDidTerminateDebugSession(() => {
        listening.dispose();
        resolve();
      });
    });
    await vscode.commands.executeCommand('osim.runFile', document.uri);
    await ended;
  });

  it('reads programs and their imports through the editor: a virtual workspace', async () => {
    const files: Record<string, string> = {
      '/main.osim': 'import "./lib.osim";\nprocess p {\n  let x = twice(21);\n  print(x);\n}\n',
      '/lib.osim': 'fn twice(n) { return n * 2; }\n',
    };
    const memory = vscode.workspace.registerFileSystemProvider('memory', new MemoryFiles(files), { isReadonly: true });
    const program = vscode.Uri.parse('memory:/main.osim');
    const { document } = await open(program);
    breakAt(document, 'print(x)');
    const session = await Session.launch(program);
    await session.stop();
    assert.equal(await session.evaluate('x'), '42');
    assert.equal(vscode.window.activeTextEditor?.document.uri.toString(), program.toString());
    await session.end();
    memory.dispose();
  });

  itOnce('does not start what is not there, and does not hang', async () => {
    for (const program of ['no-such-file.osim', 'osim-kernel:/fs/read.osim']) {
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      const config = { type: 'osim', request: 'launch', name: 'test', program };
      const folder = vscode.workspace.workspaceFolders![0];
      const started = await vscode.debug.startDebugging(folder, config);
      if (program.startsWith('no-such')) assert.equal(started, false);
      await endAll();
    }
  });

  itOnce('hovers whole paths, and shows values of the function it stands in', async () => {
    const program = await write('paths.osim', 'process p {\n  let r = { a: { b: 1 } };\n  print(r.a.b, "r.a");\n}\n');
    const { document } = await open(program);
    const line = lineOf(document, 'print(');
    breakAt(document, 'print(');
    const session = await Session.launch(program);
    await session.stop();
    assert.equal(await session.evaluate('r.a.b'), '1');
    const range = new vscode.Range(0, 0, line, 0);
    const { frameId } = vscode.debug.activeStackItem as vscode.DebugStackFrame;
    const values = await vscode.commands.executeCommand<vscode.InlineValueVariableLookup[]>(
      'vscode.executeInlineValueProvider',
      document.uri,
      range,
      { frameId, stoppedLocation: new vscode.Range(line, 0, line, 0) },
    );
    assert.deepEqual(
      values.map(({ variableName, range: { start } }) => [variableName, start.line]),
      [
        ['r', 1],
        ['r', 2],
      ],
    );
    await session.end();
  });
});

/** A file system that exists in the editor only. */
class MemoryFiles implements vscode.FileSystemProvider {
  private readonly changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.changed.event;

  constructor(private readonly files: Record<string, string>) {}

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  stat(uri: vscode.Uri): vscode.FileStat {
    const type = uri.path === '/' ? vscode.FileType.Directory : vscode.FileType.File;
    return { type, ctime: 0, mtime: 0, size: type === vscode.FileType.File ? this.readFile(uri).length : 0 };
  }

  readDirectory(): [string, vscode.FileType][] {
    return Object.keys(this.files).map((path) => [path.slice(1), vscode.FileType.File]);
  }

  readFile(uri: vscode.Uri): Uint8Array {
    const text = this.files[uri.path];
    if (text === undefined) throw vscode.FileSystemError.FileNotFound(uri);
    return new TextEncoder().encode(text);
  }

  createDirectory = readOnly;
  writeFile = readOnly;
  delete = readOnly;
  rename = readOnly;
}

function readOnly(): never {
  throw vscode.FileSystemError.NoPermissions();
}

describe('the verdict at the end of a run', () => {
  afterEach(endAll);

  const TEXT =
    'process p { print("a"); }\nprocess q { exit(3); }\nexpect stdout("p") == "a\\n";\nexpect stdout("p") == "b\\n", "it should";\n';

  /** What Problems shows of it: line, code, message. */
  function problems(program: vscode.Uri): [number, unknown, string][] {
    const ours = vscode.languages.getDiagnostics(program).filter(({ source }) => source === 'OSim');
    return ours.map(({ range, code, message }) => [range.start.line, code, message]);
  }

  /** As a launch configuration names it. */
  const named = (uri: vscode.Uri): string => (uri.scheme === 'file' ? uri.fsPath : uri.toString());

  async function runs(program: vscode.Uri, options?: vscode.DebugSessionOptions): Promise<void> {
    const ended = new Promise<void>((resolve) => {
      const watch = vscode.debug.onDidTerminateDebugSession(() => (watch.dispose(), resolve()));
    });
    await vscode.debug.startDebugging(
      undefined,
      { type: 'osim', request: 'launch', name: 'verdict', program: named(program), stopOnExit: false },
      options,
    );
    await ended;
  }

  for (const noDebug of [false, true]) {
    itOnce(`stands in Problems until the file is edited${noDebug ? ', without debugging too' : ''}`, async () => {
      const program = await write(`verdict-${noDebug ? 'run' : 'debug'}.osim`, TEXT);
      const editor = await open(program);
      await runs(program, { noDebug });
      await until('the problems', () => problems(program).length > 0);
      const [expected, end] = problems(program).sort(([a], [b]) => b - a);
      assert.deepEqual(expected, [3, 'expect-failed', 'expect stdout("p") == "b\\n" failed: it is "a\\n" (it should)']);
      assert.deepEqual(end?.slice(0, 2), [1, 'unexpected-end']);
      assert.match(String(end?.[2]), /^q \(pid 3\) exited with status 3: .*exit_code\("q"\) == 3/);
      await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), '// an edit\n'));
      assert.deepEqual(problems(program), []);
    });
  }

  itOnce('is void when the next run begins', async () => {
    const program = await write('verdict-again.osim', TEXT);
    const { document } = await open(program);
    await runs(program);
    await until('the problems', () => problems(program).length === 2);
    breakAt(document, 'print("a")');
    const session = await Session.launch(program);
    await session.stop();
    assert.deepEqual(problems(program), []);
    await session.end();
  });
});
