/** The comment that a lesson begins with, as sentences, and which of them a walk has to take a reader through. */

export interface Header {
  /** Without comment signs, its blanks made one. */
  text: string;
  /** The numbered items of "Watch for", in order; one item without a number when there are none. */
  items: string[];
}

export function headerOf(program: string): Header {
  const lines = /^(?:\/\/.*\r?\n)+/.exec(program)?.[0] ?? '';
  return headerFrom(lines.replace(/^\/\/ ?/gm, ''));
}

export function headerFrom(comment: string): Header {
  const text = plain(comment);
  const watch = /\bWatch for: /.exec(text);
  const told = watch ? text.slice(watch.index + watch[0].length) : text;
  const items = told.split(/(?=\(\d\) )/).filter((part) => /^\(\d\) /.test(part));
  return { text, items: items.length > 0 ? items.map((item) => item.trim()) : [told] };
}

/** What is told to the reader to do, or what can be counted in the editor: no such sentence may be without a walk. */
const PROMISE =
  /\b([Tt]ry|[Bb]reak on|breakpoint|[Ss]tep (into|over|on)|[Ll]ook at|[Ss]ee|Open the|Pause|Take out|[Cc]ompare|Press|pane|Machine view|Tasks|Queues|osim run|launch configuration)\b|--\w/;

/** Sentences of a header that promise something to whoever does what they say. */
export function promisesOf({ text }: Header): string[] {
  return text.split(/(?<=[.?!:])["”]?\s+(?=[("A-Z`*_])/).filter((sentence) => PROMISE.test(sentence));
}

export function plain(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
