import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ESLint } from 'eslint';
import ts from 'typescript';
import { kernelLayout } from '../../scripts/kernel-layout.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const layoutFile = path.join(root, 'src/computer/kernel-layout.ts');
const abi = path.join(root, 'src/std/abi.osim');

/** Files of the disk, from one program to the next. */
const parsed = new Map<string, ts.SourceFile | undefined>();

/** What `npm run check` would say of these files, `replaced` ones in place of those on the disk. */
function mistakes(files: readonly string[], replaced: ReadonlyMap<string, string>): string[] {
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(path.join(root, 'tsconfig.json'), (file) => ts.sys.readFile(file)).config,
    ts.sys,
    root,
  );
  const host = ts.createCompilerHost(options);
  const { fileExists, getSourceFile } = host;
  host.fileExists = (file) => replaced.has(path.resolve(file)) || fileExists(file);
  host.getSourceFile = (file, language) => {
    const text = replaced.get(path.resolve(file));
    if (text !== undefined) return ts.createSourceFile(file, text, language);
    if (!parsed.has(file)) parsed.set(file, getSourceFile(file, language));
    return parsed.get(file);
  };
  const program = ts.createProgram(files, { ...options, types: [] }, host);
  return files.flatMap((file) =>
    program.getSemanticDiagnostics(program.getSourceFile(file)).map(({ messageText, start = 0 }) => {
      const { line } = ts.getLineAndCharacterOfPosition(program.getSourceFile(file) as ts.SourceFile, start);
      return `${path.basename(file)}:${line + 1} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
    }),
  );
}

describe('the names of the kernel', function () {
  this.timeout(120_000);

  it('are known to the compiler: one that the kernel does not have is an error', () => {
    const file = path.join(root, 'src/computer/fixture.ts');
    const lines = [
      "import { callKernel, constant, field, flag, globalRecord, integer, record } from './kernel-records.js';",
      "import type { KernelEvent, KernelRecord } from './kernel-records.js';",
      "import type { Machine } from '../machine/machine.js';",
      "export function right(m: Machine, task: KernelRecord<'Task'>) {",
      "  return [integer(record(task, 'process'), 'pid'), flag(task, 'on_cpu'), globalRecord(m, 'stats')];",
      '}',
      "export function wrong(m: Machine, task: KernelRecord<'Task'>, { name, fields }: KernelEvent) {",
      "  field(task, 'sttae');",
      "  integer(task, 'on_cpu');",
      "  integer(record(task, 'waiting_on'), 'pid');",
      "  globalRecord(m, 'page_cahce');",
      "  constant(m, 'TASK_ZOMBI');",
      "  callKernel(m, 'send_singal', []);",
      "  if (name === 'sched_swich') return;",
      "  if (name === 'sched_switch') integer(fields, 'next_pdi');",
      '}',
    ];
    const found = mistakes([file], new Map([[file, lines.join('\n')]]));
    assert.deepEqual(
      found.map((mistake) => Number(/:(\d+) /.exec(mistake)?.[1])),
      [8, 9, 10, 11, 12, 13, 14, 15],
      found.join('\n'),
    );
  });

  it('are those of its sources: a field that is renamed there is an error here', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'osim-kernel-'));
    try {
      cpSync(path.join(root, 'src/kernel'), folder, { recursive: true });
      for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
        if (!name.endsWith('.osim')) continue;
        const file = path.join(folder, name);
        writeFileSync(file, readFileSync(file, 'utf8').replace(/\bwait_channel\b/g, 'wait_reason'));
      }
      const inspect = path.join(root, 'src/computer/inspect.ts');
      assert.deepEqual(mistakes([inspect], new Map()), []);
      const found = mistakes([inspect], new Map([[layoutFile, kernelLayout(folder, abi, '')]]));
      assert.equal(found.length, 1, found.join('\n'));
      assert.match(found[0] ?? '', /^inspect\.ts:\d+ Argument of type '"wait_channel"' is not assignable/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('are not to be got around: each way to read by a name that the compiler does not look at is refused', async () => {
    const lines = [
      "export const a = (m: any) => m.kernelGlobal('tasks');",
      "export const b = (m: any) => m.callKernel('send_signal', []);",
      "export const c = (r: any) => r.fieldNamed('pid');",
      "export const d = (p: any) => p.functionNamed('schedule', 'kernel');",
      "export const e = (r: any) => r.shape.fields.indexOf('pid');",
      "export const f = (r: any) => r.shape.name === 'Task';",
    ];
    const eslint = new ESLint({
      cwd: root,
      ruleFilter: ({ ruleId }) => ruleId === 'no-restricted-syntax',
      overrideConfig: { languageOptions: { parserOptions: { projectService: false } } },
    });
    for (const folder of ['computer/processes.ts', 'debugger/stack.ts', 'cli/run.ts', 'extension/clock.ts']) {
      const filePath = path.join(root, 'src', folder);
      const [result] = await eslint.lintText(lines.join('\n'), { filePath });
      const refused = result?.messages.filter(({ ruleId }) => ruleId === 'no-restricted-syntax') ?? [];
      assert.deepEqual(
        refused.map(({ line }) => line),
        [1, 2, 3, 4, 5, 6],
        folder,
      );
    }
  });
});
