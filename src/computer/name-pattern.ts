/**
 * Names with `*` for any characters, by which functions and tracepoints are chosen: `irq:*`, `sys_enter_*`. A pattern
 * comes from a user, so it never becomes a regular expression: that may try for ever.
 */
export class NamePattern {
  private readonly parts: readonly string[];

  constructor(pattern: string) {
    this.parts = pattern.trim().split('*');
  }

  /**
   * Whether the whole name matches. Each part is taken where it comes first: later ones find the most room that way.
   */
  test(name: string): boolean {
    const { parts } = this;
    const [first = '', last = ''] = [parts[0], parts[parts.length - 1]];
    if (parts.length === 1) return name === first;
    if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length) return false;
    const end = name.length - last.length;
    let at = first.length;
    for (let i = 1; i < parts.length - 1; i++) {
      const part = parts[i];
      const found = name.indexOf(part, at);
      if (found < 0 || found + part.length > end) return false;
      at = found + part.length;
    }
    return true;
  }
}
