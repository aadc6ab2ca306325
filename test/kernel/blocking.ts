/** Who writes what a task's sleep is made of: from the kernel's sources, by the project's own parser. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { AstUtils, type AstNode } from 'langium';
import {
  isAssignment,
  isFn,
  isMember,
  isNameRef,
  isStruct,
  isStructLiteral,
  type Fn,
  type Struct,
} from '../../src/language/generated/ast.js';
import { parseSource } from '../../src/language/parse.js';
import { kernelFolder, kernelPaths } from '../kernel-file.js';

export interface Write {
  /** The function that writes. */
  by: string;
  field: string;
  /** The names on the right side: `TASK_ZOMBIE`. */
  names: Set<string>;
}

export interface BlockingCode {
  /** Assignments to a field. */
  writes: Write[];
  /** For each struct, the functions that make one. */
  makers: Map<string, Set<string>>;
  structs: Struct[];
}

/** Of the kernel's sources, or of one text in their place. */
export function blockingCode(text?: string): BlockingCode {
  const code: BlockingCode = { writes: [], makers: new Map(), structs: [] };
  const texts =
    text === undefined ? kernelPaths.map((file) => readFileSync(path.join(kernelFolder, file), 'utf8')) : [text];
  for (const source of texts) {
    for (const item of parseSource(source, 'kernel.osim').ast.items) {
      if (isFn(item)) addFunction(code, item);
      if (isStruct(item)) code.structs.push(item);
    }
  }
  return code;
}

function addFunction(code: BlockingCode, fn: Fn): void {
  for (const node of AstUtils.streamAst(fn)) {
    if (isAssignment(node) && isMember(node.target)) {
      code.writes.push({ by: fn.name, field: node.target.name, names: namesIn(node.value) });
    } else if (isStructLiteral(node)) {
      const makers = code.makers.get(node.struct) ?? new Set();
      code.makers.set(node.struct, makers.add(fn.name));
    }
  }
}

function namesIn(value: AstNode): Set<string> {
  const names = [...AstUtils.streamAst(value)].filter(isNameRef).map(({ name }) => name);
  return new Set(names);
}
