/**
 * Whether a string contains another, in time that grows with their lengths and no faster, whatever they hold. The
 * host's own search is quick on most strings, and takes the product of the lengths on some ("aaaa…" in which "baaa…" is
 * sought).
 */

/** Up to so many bytes of a pattern the host's search is bounded well enough. */
const SHORT_PATTERN = 32;

export function contains(text: string, pattern: string): boolean {
  if (pattern.length <= SHORT_PATTERN || pattern.length > text.length) return text.includes(pattern);
  const borders = bordersOf(pattern);
  let matched = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i);
    while (matched > 0 && pattern.charCodeAt(matched) !== char) matched = borders[matched - 1];
    if (pattern.charCodeAt(matched) === char && ++matched === pattern.length) return true;
  }
  return false;
}

/**
 * For each prefix of the pattern the length of its longest border: what still matches after a mismatch (Knuth, Morris,
 * Pratt).
 */
function bordersOf(pattern: string): Int32Array {
  const borders = new Int32Array(pattern.length);
  let border = 0;
  for (let i = 1; i < pattern.length; i++) {
    const char = pattern.charCodeAt(i);
    while (border > 0 && pattern.charCodeAt(border) !== char) border = borders[border - 1];
    if (pattern.charCodeAt(border) === char) border++;
    borders[i] = border;
  }
  return borders;
}
