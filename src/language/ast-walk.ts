/** Going through a syntax tree without knowing each kind of node. */
import type { AstNode } from 'langium';

/** The node's children, in the order of the text as far as the grammar keeps it. */
export function childrenOf(node: AstNode): AstNode[] {
  const children: AstNode[] = [];
  const properties = node as unknown as Record<string, unknown>;
  for (const key of Object.keys(properties)) {
    if (key.startsWith('$')) continue;
    const value = properties[key];
    if (Array.isArray(value)) {
      for (const element of value) if (isNode(element)) children.push(element);
    } else if (isNode(value)) {
      children.push(value);
    }
  }
  return children;
}

/** Visits a node and all below it, parents first. With `false` from the visitor, what is below is left out. */
export function walk(root: AstNode, visit: (node: AstNode) => boolean | void): void {
  const pending: AstNode[] = [root];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (visit(node) === false) continue;
    const children = childrenOf(node);
    for (let i = children.length - 1; i >= 0; i--) pending.push(children[i]);
  }
}

/** The closest node around this one (itself excluded) of one of the given types. */
export function enclosing(node: AstNode, ...types: string[]): AstNode | undefined {
  let current = node.$container;
  while (current && !types.includes(current.$type)) current = current.$container;
  return current;
}

function isNode(value: unknown): value is AstNode {
  return typeof value === 'object' && value !== null && '$type' in value;
}
