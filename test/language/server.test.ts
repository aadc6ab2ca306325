import assert from 'node:assert';
import { PassThrough } from 'node:stream';
import {
  createConnection,
  createProtocolConnection,
  ProposedFeatures,
  StreamMessageReader,
  StreamMessageWriter,
  type CodeAction,
  type CompletionItem,
  type Diagnostic,
  type DocumentSymbol,
  type Hover,
  type Location,
  type ProtocolConnection,
  type SemanticTokens,
  type SignatureHelp,
  type TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver/node.js';
import { startLanguageServer } from '../../src/language/server/server.js';
import { LIBRARY } from './fixture.js';

const URI = 'file:///lesson/main.osim';

/** A client that speaks the protocol with a server of its own. `|` in a text marks the cursor. */
class Client {
  readonly connection: ProtocolConnection;
  private readonly told = new Map<string, (diagnostics: Diagnostic[], version?: number) => void>();
  private version = 0;

  constructor(files: Record<string, string> = {}) {
    const up = new PassThrough();
    const down = new PassThrough();
    startLanguageServer(
      createConnection(ProposedFeatures.all, new StreamMessageReader(up), new StreamMessageWriter(down)),
    );
    this.connection = createProtocolConnection(new StreamMessageReader(down), new StreamMessageWriter(up));
    this.connection.onNotification(
      'textDocument/publishDiagnostics',
      ({ uri, diagnostics, version }: { uri: string; diagnostics: Diagnostic[]; version?: number }) =>
        this.told.get(uri)?.(diagnostics, version),
    );
    this.connection.onRequest('osim/readFile', ({ uri }: { uri: string }) =>
      files[uri] === undefined ? null : { text: files[uri] },
    );
    this.connection.listen();
  }

  async start(): Promise<this> {
    const std = { 'std:/loop.osim': '// Runs the loop.\nfn run_loop() { return 1; }\n' };
    await this.request('initialize', {
      processId: null,
      rootUri: null,
      capabilities: {},
      initializationOptions: { library: LIBRARY, std },
    });
    await this.connection.sendNotification('initialized', {});
    return this;
  }

  request<T>(method: string, params: unknown): Promise<T> {
    return this.connection.sendRequest(method, params as object);
  }

  /** Opens or changes a document; what the server says of it. */
  async diagnose(text: string, uri = URI): Promise<Diagnostic[]> {
    // What is told of an earlier text may still be on its way.
    const wanted = this.version + 1;
    const told = new Promise<Diagnostic[]>((resolve) =>
      this.told.set(uri, (diagnostics, version) => {
        if (version === wanted) resolve(diagnostics);
      }),
    );
    await this.set(text, uri);
    return told;
  }

  async set(text: string, uri = URI): Promise<void> {
    const version = ++this.version;
    const textDocument = { uri, languageId: 'osim', version, text };
    if (version === 1 || uri !== URI) await this.connection.sendNotification('textDocument/didOpen', { textDocument });
    else
      await this.connection.sendNotification('textDocument/didChange', {
        textDocument: { uri, version },
        contentChanges: [{ text }],
      });
  }

  /** Sets the document and asks about the cursor. */
  async ask<T>(method: string, marked: string, more: object = {}): Promise<T> {
    const offset = marked.indexOf('|');
    const text = marked.slice(0, offset) + marked.slice(offset + 1);
    await this.set(text);
    const before = marked.slice(0, offset).split('\n');
    const position = { line: before.length - 1, character: before[before.length - 1]?.length ?? 0 };
    return this.request<T>(`textDocument/${method}`, { textDocument: { uri: URI }, position, ...more });
  }

  async completions(marked: string): Promise<Map<string, CompletionItem>> {
    const items = await this.ask<CompletionItem[]>('completion', marked);
    return new Map(items.map((item) => [item.label, item]));
  }

  stop(): void {
    this.connection.dispose();
  }
}

function markdown(hover: Hover | null): string {
  return (hover?.contents as { value: string } | undefined)?.value ?? '';
}

const at = (location: Location | null): string =>
  location ? `${location.uri}:${location.range.start.line}:${location.range.start.character}` : 'nowhere';

describe('language server', function () {
  this.timeout(20_000);
  let client: Client;
  beforeEach(
    async () =>
      (client = await new Client({ 'file:///lesson/peers.osim': '// A peer.\nfn peer(n) { return n; }\n' }).start()),
  );
  afterEach(() => client.stop());

  it('tells what is wrong, as one types', async () => {
    const [first] = await client.diagnose('process p {\n  let x = 1\n}');
    assert.deepStrictEqual(
      [first?.code, first?.range.start, first?.source],
      ['missing-semicolon', { line: 1, character: 10 }, 'osim'],
    );
    assert.match(String(first?.message), /;` is missing after `1`.*\n.*ends with/);
    assert.deepStrictEqual(await client.diagnose('process p {\n  let x = 1;\n}'), []);
  });

  it('reads imports from the client and from the library', async () => {
    assert.deepStrictEqual(
      await client.diagnose('import "./peers.osim";\nimport "std/loop";\nprocess p { peer(1); run_loop(); }'),
      [],
    );
    const [missing] = await client.diagnose('import "./none.osim";');
    assert.strictEqual(missing?.code, 'import-not-found');
  });

  it('says of a call what it does, its errors, whether it blocks, and where the kernel does it', async () => {
    const page = markdown(await client.ask<Hover | null>('hover', 'process p { let n = re|ad(0, 1, 2); }'));
    for (const part of [
      'fn read(fd, buf, n)',
      'Reads up to n bytes',
      '`EAGAIN`',
      '**Blocks** yes',
      '[read.osim](osim-kernel:/fs/read.osim)',
      '**Returns** bytes read',
    ]) {
      assert.ok(page.includes(part), `${part} is not in\n${page}`);
    }
  });

  it('says what other names are', async () => {
    const hovers: [text: string, part: RegExp][] = [
      ['// Adds.\nfn add(a, b) { return a + b; }\nprocess p { a|dd(1, 2); }', /fn add\(a, b\)[\s\S]*Adds\./],
      ['const LIMIT = 16; // the most\nprocess p { print(LI|MIT); }', /const LIMIT = 16[\s\S]*the most/],
      ['process p { print(O_NON|BLOCK); }', /O_NONBLOCK = 2048 \(0x800\)/],
      ['process p { barrier_|wait(1); }', /Not in this kernel yet/],
      ['machine { cp|us = 1; }', /CPUs, from 1 to 8/],
      ['fn f(num) { return n|um; }', /parameter/],
      ['expect std|out("p") == "";', /wrote to the terminal/],
    ];
    for (const [text, part] of hovers) assert.match(markdown(await client.ask<Hover | null>('hover', text)), part);
    assert.strictEqual(await client.ask('hover', 'process p {| }'), null);
  });

  it('completes names in scope, the library and keywords', async () => {
    const items = await client.completions(
      'fn helper() { }\nvar total = 0;\nprocess p {\n  let mine = 1;\n  if (mine) { let hidden = 2; }\n  |\n}',
    );
    for (const name of ['mine', 'total', 'helper', 'read', 'O_RDONLY', 'while', 'let'])
      assert.ok(items.has(name), name);
    for (const name of ['hidden', '_trap', 'spend']) assert.ok(!items.has(name), name);
    assert.strictEqual(items.get('read')?.detail, 'read(fd, buf, n)');
    const resolved = await client.request<CompletionItem>('completionItem/resolve', items.get('read'));
    assert.match((resolved.documentation as { value: string }).value, /Reads up to n bytes[\s\S]*EAGAIN/);
  });

  it('completes in code that does not parse', async () => {
    assert.ok((await client.completions('fn f(first) {\n  let second = fi|')).has('first'));
    assert.ok((await client.completions('process p {\n  let x = 1;\n  print(|\n  let y = 2;\n}')).has('x'));
  });

  it('completes settings, attributes, declarations, fields and quoted names', async () => {
    const lists: [text: string, has: string[], not: string[]][] = [
      ['machine {\n  |\n}', ['cpus', 'scheduler'], ['read', 'process']],
      ['machine { scheduler = |; }', ['rr', 'priority'], ['cpus', 'read']],
      ['process p |{ }', ['count', 'nice'], ['read']],
      ['|', ['process', 'fn', 'machine'], ['read', 'let']],
      ['struct Conn { fd; got; }\nprocess p { let c = Conn { fd: 1 }; print(c.|); }', ['fd', 'got'], ['read']],
      ['enum Phase { WAIT, COPY }\nprocess p { print(Phase.|); }', ['WAIT', 'COPY'], ['read']],
      ['process server { }\nexpect stdout("|") == "";', ['server'], ['read']],
      ['process server { }\nexpect |;', ['stdout', 'outcome'], ['read']],
      ['remote r { | }', ['connect', 'recv', 'repeat'], ['fork']],
      ['// re|', [], ['read']],
      ['process p { print("re|"); }', [], ['read']],
    ];
    for (const [text, has, not] of lists) {
      const items = await client.completions(text);
      for (const name of has)
        assert.ok(items.has(name), `${text}: no ${name} in ${[...items.keys()].slice(0, 10).join()}`);
      for (const name of not) assert.ok(!items.has(name), `${text}: ${name}`);
    }
  });

  it('shows the parameters of the call that is being written', async () => {
    const helps: [text: string, label: string | undefined, active: number][] = [
      ['process p { read(1, |', 'read(fd, buf, n)', 1],
      ['process p { read(1, alloc(2), |); }', 'read(fd, buf, n)', 2],
      ['process p { print(1, 2, 3, |); }', 'print(...values)', 0],
      ['fn f(a, b = 2) { }\nprocess p { f(|); }', 'f(a, b = 2)', 0],
      ['remote r { print(1, |); }', 'print(...values)', 0],
      ['remote r { recv(1, |); }', 'recv(s, n)', 1],
      ['process p { read(1, 2, 3); |', undefined, 0],
      ['fn f(|', undefined, 0],
    ];
    for (const [text, label, active] of helps) {
      const help = await client.ask<SignatureHelp | null>('signatureHelp', text);
      assert.strictEqual(help?.signatures[0]?.label, label, text);
      if (label) assert.strictEqual(help?.activeParameter, active, text);
    }
  });

  it('goes to declarations: here, in imports, in the library and in the kernel', async () => {
    const places: [text: string, place: string][] = [
      ['fn f() { }\nprocess p { f|(); }', `${URI}:0:3`],
      ['process p { let x = 1; print((x|)); }', `${URI}:0:16`],
      ['import "./peers.osim";\nprocess p { pe|er(1); }', 'file:///lesson/peers.osim:1:3'],
      ['import "./pe|ers.osim";', 'file:///lesson/peers.osim:0:0'],
      ['import "std/loop";\nprocess p { run_lo|op(); }', 'osim-std:/loop.osim:1:3'],
      ['process p { re|ad(1, 2, 3); }', 'osim-std:/libc.osim:16:3'],
      ['kernel;\nfn f() { spe|nd(1); }', 'osim-kernel:/intrinsics.osim:2:10'],
      ['process p { | }', 'nowhere'],
    ];
    for (const [text, place] of places)
      assert.strictEqual(at(await client.ask<Location | null>('definition', text)), place, text);
  });

  it('finds references and renames them, but not the library', async () => {
    const text = 'fn f(n) { return n; }\nprocess p { let n = f|(1); print((f)(n)); }';
    const found = await client.ask<Location[]>('references', text, { context: { includeDeclaration: true } });
    assert.deepStrictEqual(
      found.map(({ range }) => `${range.start.line}:${range.start.character}`),
      ['0:3', '1:20', '1:33'],
    );
    const edit = await client.ask<WorkspaceEdit>('rename', text, { newName: 'g' });
    assert.strictEqual(
      apply(text.replace('|', ''), edit.changes?.[URI] ?? []),
      'fn g(n) { return n; }\nprocess p { let n = g(1); print((g)(n)); }',
    );
    await assert.rejects(client.ask('rename', 'process p { re|ad(1, 2, 3); }', { newName: 'g' }), /library/);
    await assert.rejects(client.ask('rename', text, { newName: 'while' }), /word of the language/);
    await assert.rejects(client.ask('rename', text, { newName: '1a' }), /not a name/);
    assert.strictEqual((await client.ask<unknown[]>('documentHighlight', 'fn f(n) { return n| + n; }')).length, 3);
  });

  it('renames in open files that import', async () => {
    await client.diagnose('import "./main.osim";\nprocess q { shared_fn(); }', 'file:///lesson/other.osim');
    const edit = await client.ask<WorkspaceEdit>('rename', 'fn shared|_fn() { }', { newName: 'ours' });
    // The entry was opened second, so its change came as an opening.
    assert.deepStrictEqual(Object.keys(edit.changes ?? {}).sort(), [URI, 'file:///lesson/other.osim']);
  });

  it('lists symbols and folds', async () => {
    const text =
      '// one\n// two\nmachine {\n  cpus = 1;\n}\nenum E { A, B }\nprocess p {\n  if (1) {\n    x();\n  }\n}\n';
    await client.set(text);
    const symbols = await client.request<DocumentSymbol[]>('textDocument/documentSymbol', {
      textDocument: { uri: URI },
    });
    assert.deepStrictEqual(
      symbols.map((symbol) => [symbol.name, symbol.children?.map((child) => child.name)]),
      [
        ['machine', ['cpus']],
        ['E', ['A', 'B']],
        ['p', undefined],
      ],
    );
    const folds = await client.request<{ startLine: number; endLine: number }[]>('textDocument/foldingRange', {
      textDocument: { uri: URI },
    });
    assert.deepStrictEqual(
      folds.map(({ startLine, endLine }) => [startLine, endLine]).sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0)),
      [
        [0, 1],
        [2, 3],
        [6, 9],
        [7, 8],
      ],
    );
  });

  it('colours by meaning', async () => {
    await client.set('var g = 1;\nfn f(a) { return a.b + g; }');
    const { data } = await client.request<SemanticTokens>('textDocument/semanticTokens/full', {
      textDocument: { uri: URI },
    });
    // deltaLine, deltaStart, length, type, modifiers: g, f, a, a, b, g.
    const rows = Array.from({ length: data.length / 5 }, (_, i) => data.slice(i * 5, i * 5 + 5).join());
    assert.deepStrictEqual(rows, ['0,4,1,1,9', '1,3,1,0,1', '0,2,1,2,1', '0,12,1,2,0', '0,2,1,3,0', '0,4,1,1,8']);
  });

  it('formats, and offers to mend', async () => {
    await client.set('process p{let x=1;}');
    const edits = await client.request<TextEdit[]>('textDocument/formatting', {
      textDocument: { uri: URI },
      options: { tabSize: 2, insertSpaces: true },
    });
    assert.deepStrictEqual(
      edits.map((edit) => edit.newText),
      ['process p { let x = 1; }\n'],
    );
    // What is no program yet stays as it is: the formatter would leave out what it does not understand.
    for (const broken of ['process p{ @ let x=1;}', `process p{ ${'['.repeat(200)} } fn f(){}`, 'fn f(){ "open }']) {
      await client.set(broken);
      const none = await client.request<TextEdit[]>('textDocument/formatting', {
        textDocument: { uri: URI },
        options: { tabSize: 2, insertSpaces: true },
      });
      assert.deepStrictEqual(none, [], broken);
    }
    for (const [wrong, right] of [
      ['process p { let x = 1 }', 'process p { let x = 1; }'],
      ['process p { prnt(1); }', 'process p { print(1); }'],
      ['process p { print(1; }', 'process p { print(1); }'],
    ] as const) {
      const diagnostics = await client.diagnose(wrong);
      const range = diagnostics[0]?.range;
      const actions = await client.request<CodeAction[]>('textDocument/codeAction', {
        textDocument: { uri: URI },
        range,
        context: { diagnostics },
      });
      assert.strictEqual(apply(wrong, actions[0]?.edit?.changes?.[URI] ?? []), right);
    }
  });

  it('answers about documents that it does not know, and about any text', async () => {
    const textDocument = { uri: 'file:///nowhere.osim' };
    const position = { line: 3, character: 7 };
    for (const method of [
      'hover',
      'definition',
      'completion',
      'signatureHelp',
      'documentHighlight',
      'documentSymbol',
      'foldingRange',
      'formatting',
      'semanticTokens/full',
    ]) {
      await client.request(`textDocument/${method}`, {
        textDocument,
        position,
        options: { tabSize: 2, insertSpaces: true },
      });
    }
    for (const text of [
      '',
      '(',
      '}'.repeat(50),
      `fn f() { x = ${'('.repeat(5000)}`,
      'process p { let x = ; x.| }',
      '"',
      '/*',
      'machine { = ',
    ]) {
      const marked = text.includes('|') ? text : `${text}|`;
      for (const method of ['hover', 'definition', 'completion', 'signatureHelp', 'documentHighlight'])
        await client.ask(method, marked);
      await client.request('textDocument/semanticTokens/full', { textDocument: { uri: URI } });
    }
  });
});

function apply(text: string, edits: readonly TextEdit[]): string {
  const lines = text.split('\n');
  const offset = ({ line, character }: { line: number; character: number }): number =>
    lines.slice(0, line).reduce((sum, each) => sum + each.length + 1, 0) + character;
  return [...edits]
    .sort((a, b) => offset(b.range.start) - offset(a.range.start))
    .reduce(
      (result, edit) => result.slice(0, offset(edit.range.start)) + edit.newText + result.slice(offset(edit.range.end)),
      text,
    );
}
