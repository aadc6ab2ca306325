/** The operating system as the build made it, for tests that run programs. */
import { readFileSync } from 'node:fs';
import type { Machine } from '../src/machine/machine.js';
import { createComputer, type Computer, type ComputerOptions, type System } from '../src/computer/computer.js';

function built(name: string): never {
  const file = new URL(`../dist/${name}`, import.meta.url);
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as never;
  } catch {
    throw new Error(`dist/${name} is not there: run \`npm run build\` first`);
  }
}

let loaded: System | undefined;

export function system(): System {
  loaded ??= {
    kernel: built('kernel.json'),
    library: built('libc.json'),
    libraryIndex: built('library.json'),
    parsedKernel: new Map(),
  };
  return loaded;
}

/** Runs to a step, or to the end: run() comes back earlier when there is much work in an instruction or an event. */
export function runTo(machine: Machine, step: number): void {
  while (!machine.outcome && machine.steps < step) machine.run(step - machine.steps);
}

/** A computer for a program given as text. Throws with the diagnostics when it does not compile. */
export function computerFor(text: string, options: Partial<ComputerOptions> = {}, on: System = system()): Computer {
  const { computer, problems } = createComputer(on, {
    uri: '/program.osim',
    read: (uri) => (uri === '/program.osim' ? text : undefined),
    ...options,
  });
  if (computer) return computer;
  const lines = problems
    .filter((p) => p.severity === 'error')
    .map((p) => `${p.from.line}:${p.from.column} ${p.message}`);
  throw new Error(`${lines.join('\n')}\n${text}`);
}
