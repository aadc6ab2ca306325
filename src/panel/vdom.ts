/**
 * A view is a function from a message to a tree of these nodes; `render` makes the page equal to it and touches only
 * what differs. So focus, scroll position and an opened detail survive each step of the debugger.
 * Text only ever becomes a text node: nothing of a program is read as HTML.
 */
export interface VNode {
  tag: string;
  /**
   * Among its siblings, what it is: an element with the same key is moved, not made anew. With a `#` in front it is
   * the same one wherever on the page it comes next, as a task's card that goes from one column to another.
   */
  key?: string;
  attributes: Record<string, string>;
  on: Record<string, (event: Event) => void>;
  children: (VNode | string)[];
}

type Child = VNode | string | number | null | undefined | false | Child[];
type Attribute = string | number | boolean | null | undefined | ((event: Event) => void);

/** `h('li', { class: 'task', onclick: open }, 'text')`; an attribute that is null or false is left out. */
export function h(tag: string, attributes: Record<string, Attribute> = {}, ...children: Child[]): VNode {
  const node: VNode = { tag, attributes: {}, on: {}, children: [] };
  for (const [name, value] of Object.entries(attributes)) {
    if (value == null || value === false) continue;
    if (name === 'key') node.key = String(value);
    else if (typeof value === 'function') node.on[name.slice(2)] = value;
    else node.attributes[name] = value === true ? '' : String(value);
  }
  append(node.children, children);
  return node;
}

function append(to: (VNode | string)[], children: Child[]): void {
  for (const child of children) {
    if (Array.isArray(child)) append(to, child);
    else if (typeof child === 'object' && child !== null) to.push(child);
    else if (child !== null && child !== undefined && child !== false) to.push(String(child));
  }
}

const SVG = 'http://www.w3.org/2000/svg';
const svgTags = new Set(['svg', 'path', 'line', 'rect', 'text', 'g', 'circle']);

/** What `patch` remembers of an element that it has made. */
const made = new WeakMap<Element, VNode>();

/** Elements whose key begins with `#`. */
const roaming = new Map<string, Element>();

/** Makes the children of `root` equal to `nodes`, and keeps the focus where it is. */
export function render(root: Element, nodes: VNode[]): void {
  const focused = document.activeElement;
  patch(root, nodes);
  if (focused instanceof HTMLElement && focused.isConnected && focused !== document.activeElement) {
    focused.focus({ preventScroll: true });
  }
  for (const [key, element] of roaming) if (!element.isConnected) roaming.delete(key);
}

function patch(parent: Element, nodes: (VNode | string)[]): void {
  const keyed = new Map<string, Element>();
  for (const child of parent.children) {
    const key = made.get(child)?.key;
    if (key !== undefined) keyed.set(key, child);
  }
  let at: ChildNode | null = parent.firstChild;
  for (const node of nodes) {
    if (typeof node === 'string') {
      if (at?.nodeType === 3) {
        if (at.nodeValue !== node) at.nodeValue = node;
        at = at.nextSibling;
      } else parent.insertBefore(document.createTextNode(node), at);
      continue;
    }
    const { key } = node;
    let element = key === undefined ? reusable(at, node) : key.startsWith('#') ? roaming.get(key) : keyed.get(key);
    if (element && element.localName !== node.tag) element = undefined;
    element ??= create(node.tag);
    if (key?.startsWith('#')) roaming.set(key, element);
    if (element === at) at = at.nextSibling;
    else parent.insertBefore(element, at);
    update(element, node);
  }
  while (at) {
    const next: ChildNode | null = at.nextSibling;
    at.remove();
    at = next;
  }
}

function reusable(at: ChildNode | null, node: VNode): Element | undefined {
  if (at?.nodeType !== 1) return undefined;
  const element = at as Element;
  return made.get(element)?.key === undefined && element.localName === node.tag ? element : undefined;
}

function create(tag: string): Element {
  return svgTags.has(tag) ? document.createElementNS(SVG, tag) : document.createElement(tag);
}

function update(element: Element, node: VNode): void {
  const before = made.get(element);
  made.set(element, node);
  for (const name of Object.keys(before?.attributes ?? {})) {
    if (!(name in node.attributes)) element.removeAttribute(name);
  }
  for (const [name, value] of Object.entries(node.attributes)) {
    // Compared with what was written last time: a detail that the reader has opened since stays open.
    if (before?.attributes[name] !== value) element.setAttribute(name, value);
  }
  for (const event of Object.keys(node.on)) {
    if (!before?.on[event]) element.addEventListener(event, (e) => made.get(element)?.on[event]?.(e));
  }
  patch(element, node.children);
}
