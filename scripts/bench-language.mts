/**
 * How long the language takes, as an editor sees it: `npx tsx scripts/bench-language.mts`.
 * Bundles the server as it ships, starts it, opens a file of 500 lines and types in it. Prints medians of nine.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import esbuild from 'esbuild';
import { createProtocolConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node.js';
import { checkProgram } from '../src/language/checks.js';
import { formatSource } from '../src/language/format.js';
import { buildLibraryIndex, type LibraryIndex } from '../src/language/library.js';
import { loadProgram } from '../src/language/names.js';
import { parseSource } from '../src/language/parse.js';

const ROUNDS = 9;
const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** A program of about so many lines, of the kind that people write. */
function program(lines: number): string {
  const piece = (i: number): string => `// Serves one peer: reads until it has a line, answers, and counts.
fn serve_${i}(fd, limit = 64) {
  let buf = alloc(limit);
  let got = 0;
  while ((got = read(fd, buf, limit)) > 0) {
    if (got == limit && fd != ${i}) { continue; }
    for (let i = 0; i < got; i++) {
      total_${i} += buf[i] * ${i} + (i & 0xff) % 7;
    }
    switch (got) {
      case 1: print("one", text(buf, got)); break;
      default: print("peer", fd, "said", text(buf, got));
    }
  }
  return { got: got, total: total_${i} };
}
var total_${i} = 0;
process server_${i} count 2 at ${i} (k) {
  let fd = open("/etc/motd", O_RDONLY);
  if (fd == -1) { print(strerror(errno)); exit(1); }
  serve_${i}(fd);
  close(fd);
}
`;
  const parts = ['file "/etc/motd" = "Welcome\\n";\n'];
  for (let i = 0; parts.join('').split('\n').length < lines; i++) parts.push(piece(i));
  return parts.join('');
}

function library(): LibraryIndex {
  const folder = join(root, 'src/std');
  const files = readdirSync(folder).filter((name) => name.endsWith('.osim'));
  const sources = files.map((name) => ({ path: `src/std/${name}`, text: readFileSync(join(folder, name), 'utf8') }));
  const intrinsics = 'src/kernel/intrinsics.osim';
  return buildLibraryIndex([...sources, { path: intrinsics, text: readFileSync(join(root, intrinsics), 'utf8') }]);
}

/** Median and, since other work on the machine only ever adds, the least. */
function median(times: readonly number[]): string {
  const sorted = [...times].sort((a, b) => a - b);
  const shown = (time: number | undefined): string => (time ?? 0).toFixed(time && time > 100 ? 0 : 1);
  return `${shown(sorted[sorted.length >> 1])} (${shown(sorted[0])})`;
}

function repeat(action: () => void): number[] {
  for (let i = 0; i < 5; i++) action();
  return Array.from({ length: ROUNDS }, () => {
    const start = performance.now();
    action();
    return performance.now() - start;
  });
}

/** One life of the server: start to first diagnostics, then some keystrokes. */
async function session(server: string, text: string, index: LibraryIndex): Promise<{ cold: number; keys: number[] }> {
  const start = performance.now();
  const child = spawn(process.execPath, [server, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const connection = createProtocolConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  let told = (): void => {};
  const diagnostics = (): Promise<void> => new Promise((resolve) => (told = resolve));
  connection.onNotification('textDocument/publishDiagnostics', () => told());
  connection.listen();
  await connection.sendRequest('initialize', {
    processId: null,
    rootUri: null,
    capabilities: {},
    initializationOptions: { library: index },
  });
  await connection.sendNotification('initialized', {});
  const uri = 'file:///bench.osim';
  const first = diagnostics();
  await connection.sendNotification('textDocument/didOpen', {
    textDocument: { uri, languageId: 'osim', version: 1, text },
  });
  await first;
  const cold = performance.now() - start;
  const keys: number[] = [];
  const place = text.indexOf('let got') + 'let '.length;
  for (let i = 0; i < 30; i++) {
    const typed = text.slice(0, place) + 'abcdefghij'.slice(0, 1 + (i % 10)) + text.slice(place);
    const next = diagnostics();
    const key = performance.now();
    await connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version: i + 2 },
      contentChanges: [{ text: typed }],
    });
    await next;
    keys.push(performance.now() - key);
  }
  connection.dispose();
  child.kill();
  return { cold, keys: keys.slice(10) };
}

const folder = mkdtempSync(join(tmpdir(), 'osim-bench-'));
try {
  const server = join(folder, 'server.cjs');
  const options = {
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    logLevel: 'error',
  } as const;
  await esbuild.build({ ...options, entryPoints: [join(root, 'src/language/server/node.ts')], outfile: server });
  const index = library();
  console.log(`Node ${process.version}, ${cpus().length} CPUs; milliseconds: median (least) of ${ROUNDS} or more`);
  const row = (cells: readonly string[]): void => console.log(cells.map((cell) => cell.padEnd(16)).join(''));
  row(['lines', 'parse', 'load and check', 'format', 'server, cold', 'keystroke']);
  for (const lines of [200, 500, 2000]) {
    const text = program(lines);
    const load = (): ReturnType<typeof loadProgram> => loadProgram('file:///bench.osim', () => text, index);
    const parse = repeat(() => void parseSource(text, 'bench'));
    const all = repeat(() => void checkProgram(load(), index));
    const format = repeat(() => void formatSource(text));
    const lives = [];
    for (let i = 0; i < ROUNDS; i++) lives.push(await session(server, text, index));
    const cold = median(lives.map((life) => life.cold));
    const keys = median(lives.flatMap((life) => life.keys));
    row([String(lines), median(parse), median(all), median(format), cold, keys]);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
