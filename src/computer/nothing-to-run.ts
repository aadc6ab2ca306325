import type { Computer } from './computer.js';

/** Why a program starts nothing, and what to add; null if it has a process. It is no error: others may import it. */
export function nothingToRun({ loaded, compiled }: Pick<Computer, 'loaded' | 'compiled'>): string | null {
  if (compiled.image.processes.length > 0) return null;
  const isMain = loaded.entry.ast.items.some((item) => item.$type === 'Fn' && item.name === 'main');
  const cure = isMain ? 'Make one of fn main(): process main { … }' : 'Declare one: process main { print("hello"); }';
  return `starts nothing: it has no process. ${cure}`;
}
