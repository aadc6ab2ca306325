// Arrows go one way: extension, cli → debugger, panel → computer → machine, compiler → isa, language.
// So that the scheduler can be changed without reading the debugger, and the simulator runs in a browser's worker.

/** A folder and the folders that it may import from. */
const layers = {
  language: [],
  // The instruction set: what compiler and machine agree on.
  isa: [],
  compiler: ['isa', 'language'],
  machine: ['compiler', 'isa', 'language'],
  computer: ['machine', 'compiler', 'isa', 'language'],
  panel: ['debugger/messages', 'debugger/snapshot-changes', 'computer', 'machine', 'compiler', 'isa', 'language'],
  debugger: ['computer', 'machine', 'compiler', 'isa', 'language'],
  cli: ['debugger', 'panel', 'computer', 'machine', 'compiler', 'isa', 'language'],
  extension: [
    'debugger/messages',
    'debugger/snapshot-changes',
    'panel',
    'computer',
    'machine',
    'compiler',
    'isa',
    'language',
  ],
};

/** Files that only ever run in Node. */
const nodeOnly = ['-node\\.ts$'];

module.exports = {
  forbidden: [
    ...Object.entries(layers).map(([layer, below]) => ({
      name: `layer-${layer}`,
      comment: `src/${layer} may import only from: ${[layer, ...below].join(', ')}. See docs/architecture.md.`,
      severity: 'error',
      from: { path: `^src/${layer}/` },
      to: { path: '^src/', pathNot: [layer, ...below].map((l) => `^src/${l}(/|\\.ts$)`) },
    })),
    {
      name: 'vscode-only-in-extension',
      comment: 'Only src/extension may import vscode: everything else runs in any editor, in a terminal and in a test.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/extension/' },
      to: { path: '^vscode$' },
    },
    {
      name: 'runs-in-a-browser',
      comment: 'This folder runs in a browser worker too, so it must not import from Node. Only *-node.ts files may.',
      severity: 'error',
      from: { path: '^src/(machine|compiler|isa|language|computer|debugger|panel)/', pathNot: nodeOnly },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'no-cycles-between-files',
      comment: 'Two files that need each other, if only for a type, are one file or miss a third.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/language/generated/' },
      to: { circular: true },
    },
    {
      name: 'not-to-dev-dependency',
      comment: 'What is shipped may not rely on a dev dependency.',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev'], pathNot: ['@types/', '@vscode/debugprotocol'] },
    },
    {
      name: 'no-unresolved',
      comment: 'This import leads nowhere.',
      severity: 'error',
      from: { path: '^src/' },
      to: { couldNotResolve: true, pathNot: '^vscode$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
