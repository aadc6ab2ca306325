/**
 * The course: all lessons by chapter, in the order in which one learns. `examples/lessons.txt` is the one list of them:
 * a chapter is a line of its own, its lessons are the indented lines below. A lesson says itself what one learns.
 */

export interface Chapter {
  readonly title: string;
  /** Names of programs, without `.osim`. */
  readonly lessons: readonly string[];
}

/** The chapters of a list that have lessons. */
export function chaptersOf(list: string): Chapter[] {
  const chapters: { title: string; lessons: string[] }[] = [];
  for (const line of list.split(/\r?\n/)) {
    const text = line.trim();
    if (text === '' || text.startsWith('#')) continue;
    if (/^\s/.test(line)) chapters[chapters.length - 1]?.lessons.push(text);
    else chapters.push({ title: text, lessons: [] });
  }
  return chapters.filter(({ lessons }) => lessons.length > 0);
}

/** Whether a program is a lesson. One without a process does nothing: others import it. */
export function isLesson(program: string): boolean {
  return /^process /m.test(program);
}

/** The first paragraph of the comment that a program begins with. */
export function introductionOf(program: string): string {
  const paragraph = /^((?:\/\/[ \t]*\S.*\r?\n)+)/.exec(program)?.[1] ?? '';
  return paragraph
    .replace(/^\/\/ ?/gm, '')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Its first sentence: what one learns. */
export function summaryOf(program: string): string {
  const prose = introductionOf(program);
  return /^.*?[.](?= |$)/.exec(prose)?.[0] ?? prose;
}
