/**
 * Strings of more than 4 KiB. The host's own strings join in no time, but are copied whole when one looks into one that
 * was joined: `s += "a"; s[0]` in a loop would take time that grows with the square of the length. So a long string is
 * a balanced tree whose leaves are strings of the host's: joining, slicing and indexing take the logarithm of the
 * length, at any length and in any order. Like every string it never changes; what it remembers is only for speed.
 *
 * The tree is an AVL tree by height. A short piece that is joined to a short leaf becomes one leaf with it.
 */

/** Bytes of the longest string that is one of the host's. */
export const SHORT = 4096;
/** Bytes up to which two leaves become one. */
const LEAF = 1024;

type Node = string | LongString;

export class LongString {
  readonly length: number;
  private readonly height: number;
  /** All of it, once somebody has asked for it. */
  private text: string | null = null;
  /** The leaf that was looked into last, and where it begins: whoever walks through finds it again. */
  private leaf = '';
  private leafAt = 0;

  private constructor(
    private readonly left: Node,
    private readonly right: Node,
  ) {
    this.length = left.length + right.length;
    this.height = 1 + Math.max(LongString.heightOf(left), LongString.heightOf(right));
  }

  /** A string of the host's as a value: itself, unless it is long. */
  static of(text: string): string | LongString {
    if (text.length <= SHORT) return text;
    const whole = new LongString(text, '');
    whole.text = text;
    return whole;
  }

  static join(a: string | LongString, b: string | LongString): string | LongString {
    if (typeof a === 'string' && typeof b === 'string' && a.length + b.length <= SHORT) return a + b;
    return LongString.joined(a, b);
  }

  private static joined(a: Node, b: Node): Node {
    if (a.length === 0) return b;
    if (b.length === 0) return a;
    if (typeof a === 'string') {
      if (typeof b === 'string') return a.length + b.length <= LEAF ? a + b : new LongString(a, b);
      if (typeof b.left === 'string' && a.length + b.left.length <= LEAF) return new LongString(a + b.left, b.right);
    } else if (typeof b === 'string' && typeof a.right === 'string' && a.right.length + b.length <= LEAF) {
      return new LongString(a.left, a.right + b);
    }
    const slope = LongString.heightOf(a) - LongString.heightOf(b);
    if (slope > 1) return LongString.balanced((a as LongString).left, LongString.joined((a as LongString).right, b));
    if (slope < -1) return LongString.balanced(LongString.joined(a, (b as LongString).left), (b as LongString).right);
    return new LongString(a, b);
  }

  /** A node of two whose heights differ by two at most: one rotation, or two. */
  private static balanced(a: Node, b: Node): Node {
    const slope = LongString.heightOf(a) - LongString.heightOf(b);
    if (slope > 1) {
      const { left, right } = a as LongString;
      if (typeof right === 'string' || LongString.heightOf(left) >= right.height)
        return new LongString(left, new LongString(right, b));
      return new LongString(new LongString(left, right.left), new LongString(right.right, b));
    }
    if (slope < -1) {
      const { left, right } = b as LongString;
      if (typeof left === 'string' || LongString.heightOf(right) >= left.height)
        return new LongString(new LongString(a, left), right);
      return new LongString(new LongString(a, left.left), new LongString(left.right, right));
    }
    return new LongString(a, b);
  }

  /** The byte at an index that must be there. */
  charCodeAt(index: number): number {
    if (this.text !== null) return this.text.charCodeAt(index);
    const inLeaf = index - this.leafAt;
    if (inLeaf >= 0 && inLeaf < this.leaf.length) return this.leaf.charCodeAt(inLeaf);
    let [node, at]: [Node, number] = [this, 0];
    while (typeof node !== 'string') {
      const { left, right }: LongString = node;
      if (index - at < left.length) node = left;
      else [node, at] = [right, at + left.length];
    }
    this.leaf = node;
    this.leafAt = at;
    return node.charCodeAt(index - at);
  }

  slice(from: number, to: number): string | LongString {
    if (to - from > SHORT) return LongString.part(this, from, to);
    const pieces: string[] = [];
    LongString.gather(this, from, to, pieces);
    return pieces.join('');
  }

  /** All of it, as a string of the host's. */
  toString(): string {
    if (this.text === null) {
      const pieces: string[] = [];
      LongString.gather(this, 0, this.length, pieces);
      this.text = pieces.join('');
    }
    return this.text;
  }

  private static heightOf(node: Node): number {
    return typeof node === 'string' ? 0 : node.height;
  }

  private static part(node: Node, from: number, to: number): Node {
    if (from === 0 && to === node.length) return node;
    if (typeof node === 'string') return node.slice(from, to);
    const { left, right } = node;
    const middle = left.length;
    if (to <= middle) return LongString.part(left, from, to);
    if (from >= middle) return LongString.part(right, from - middle, to - middle);
    return LongString.joined(LongString.part(left, from, middle), LongString.part(right, 0, to - middle));
  }

  private static gather(node: Node, from: number, to: number, into: string[]): void {
    if (from >= to) return;
    if (typeof node === 'string') {
      into.push(from === 0 && to === node.length ? node : node.slice(from, to));
      return;
    }
    const { left, right } = node;
    const middle = left.length;
    LongString.gather(left, from, Math.min(to, middle), into);
    LongString.gather(right, Math.max(0, from - middle), to - middle, into);
  }
}

/** Whether a value is a string, of any length. */
export function isText(value: unknown): value is string | LongString {
  return typeof value === 'string' || value instanceof LongString;
}
