/** The language server reads the imports of the folder that is open, or else of the document's own. */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import {
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type Diagnostic,
  type ProtocolConnection,
} from 'vscode-languageserver/node.js';
import { describePosix } from '../hosts.js';
import { HostileFolder, SECRET } from '../hostile-folder.js';

const osim = fileURLToPath(new URL('../../bin/osim.cjs', import.meta.url));

/** `osim lsp` as an editor runs it. */
class Server {
  private readonly process: ChildProcess;
  private readonly connection: ProtocolConnection;
  private readonly told = new Map<string, (diagnostics: Diagnostic[]) => void>();

  constructor() {
    this.process = spawn(process.execPath, [osim, 'lsp', '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
    const { stdin, stdout } = this.process;
    assert.ok(stdin && stdout);
    this.connection = createProtocolConnection(new StreamMessageReader(stdout), new StreamMessageWriter(stdin));
    this.connection.onNotification(
      'textDocument/publishDiagnostics',
      ({ uri, diagnostics }: { uri: string; diagnostics: Diagnostic[] }) => this.told.get(uri)?.(diagnostics),
    );
    this.connection.listen();
  }

  async start(rootUri: string | null): Promise<this> {
    await this.connection.sendRequest('initialize', { processId: null, rootUri, capabilities: {} });
    await this.connection.sendNotification('initialized', {});
    return this;
  }

  /** What it says of a document. */
  async diagnose(uri: string, text: string): Promise<string> {
    const told = new Promise<Diagnostic[]>((resolve) => this.told.set(uri, resolve));
    const textDocument = { uri, languageId: 'osim', version: 1, text };
    await this.connection.sendNotification('textDocument/didOpen', { textDocument });
    const diagnostics = await told;
    await this.connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
    return diagnostics.map((each) => `${each.range.start.line}: ${String(each.message)}`).join('\n');
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.process.on('exit', () => resolve());
      this.connection.dispose();
      this.process.stdin?.end();
    });
  }
}

describePosix('language server: files of the host', function () {
  this.timeout(60_000);
  let folder: HostileFolder;
  let server: Server;
  const uriOf = (name: string): string => pathToFileURL(`${folder.path}/${name}`).href;
  before(async () => (folder = await new HostileFolder().make()));
  after(() => folder.remove());
  afterEach(() => server.stop());

  it('are those in the folder of the document when none is open', async () => {
    server = await new Server().start(null);
    for (const [i, { path, says }] of folder.sources.entries()) {
      const said = await server.diagnose(uriOf(`main${i}.osim`), `import "${path}";\nprocess p { }\n`);
      assert.match(said, /^0: /);
      assert.match(said, says, path);
      assert.ok(!said.includes(SECRET), said);
    }
    folder.write('peers ü/50%.osim', 'fn peer() { return 1; }');
    assert.equal(
      await server.diagnose(uriOf('good.osim'), 'import "./peers ü/50%.osim";\nprocess p { peer(); }\n'),
      '',
    );
  });

  it('are those of the workspace, and may be in folders named as ours are', async () => {
    server = await new Server().start(`${uriOf('')}`);
    folder.write('std/peer.osim', 'fn peer() { return 1; }');
    folder.write('kernel/peer.osim', 'fn other() { return 1; }');
    const text = 'import "../std/peer.osim";\nimport "../kernel/peer.osim";\nprocess p { peer(); other(); }\n';
    assert.equal(await server.diagnose(uriOf('lessons/one.osim'), text), '');
    const secret = await server.diagnose(uriOf('lessons/two.osim'), 'import "../../outside/secret.osim";\n');
    assert.match(secret, /outside of the program's folder/);
  });
});
