/** The loops of the kernel, and what each calls: from the sources, by the project's own parser. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { AstUtils, type AstNode } from 'langium';
import {
  isCall,
  isDoWhile,
  isFn,
  isFor,
  isForIn,
  isNameRef,
  isWhile,
  type Fn,
} from '../../src/language/generated/ast.js';
import { parseSource } from '../../src/language/parse.js';
import { kernelFolder, kernelPaths } from '../kernel-file.js';

export interface KernelLoop {
  /** `file.osim function`: where it is. */
  place: string;
  /** Its head, on one line: `while (to.left > 0)`. */
  head: string;
  /** The functions that its body or head calls by name. */
  calls: Set<string>;
}

export interface KernelCode {
  loops: KernelLoop[];
  /** What each function calls by name, outside of its loops and in them. */
  callsOf: Map<string, Set<string>>;
}

export function kernelCode(): KernelCode {
  const code: KernelCode = { loops: [], callsOf: new Map() };
  for (const file of kernelPaths) {
    const { ast, text } = parseSource(readFileSync(path.join(kernelFolder, file), 'utf8'), file);
    for (const item of ast.items) if (isFn(item)) addFunction(code, path.basename(file), item, text);
  }
  return code;
}

function addFunction(code: KernelCode, file: string, fn: Fn, text: string): void {
  code.callsOf.set(fn.name, callsIn(fn));
  for (const node of AstUtils.streamAst(fn)) {
    if (!isFor(node) && !isForIn(node) && !isWhile(node) && !isDoWhile(node)) continue;
    const { offset, end } = node.$cstNode!;
    const body = node.body.$cstNode!;
    const head = isDoWhile(node) ? text.slice(body.end, end) : text.slice(offset, body.offset);
    const oneLine = head.replace(/\s+/g, ' ').trim().replace(/;$/, '');
    code.loops.push({ place: `${file} ${fn.name}`, head: oneLine, calls: callsIn(node) });
  }
}

function callsIn(node: AstNode): Set<string> {
  const calls = new Set<string>();
  for (const inner of AstUtils.streamAst(node))
    if (isCall(inner) && isNameRef(inner.callee)) calls.add(inner.callee.name);
  return calls;
}
