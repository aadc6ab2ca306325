/** The course as documents show it, from examples/lessons.txt and the headers of the lessons. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { chaptersOf, introductionOf, summaryOf, type Chapter } from '../src/extension/course.js';

const BEGIN = '<!-- lessons: `npm run docs` makes this list from examples/lessons.txt -->';
const END = '<!-- end of lessons -->';

export class LessonsPages {
  private readonly chapters: readonly Chapter[];

  constructor(private readonly examples: string) {
    this.chapters = chaptersOf(readFileSync(path.join(examples, 'lessons.txt'), 'utf8'));
  }

  /** The README with its list of lessons as it is now. */
  readme(text: string): string {
    const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
    if (begin < 0 || end < begin) throw new Error(`README.md has no place for the lessons:\n${BEGIN}\n${END}`);
    const line = (name: string): string => `- \`${name}\`: ${summaryOf(this.program(name))}`;
    const list = this.chapters.map(({ title, lessons }) => `**${title}**\n\n${lessons.map(line).join('\n')}`);
    return `${text.slice(0, begin)}${BEGIN}\n\n${list.join('\n\n')}\n\n${text.slice(end)}`;
  }

  /** docs/lessons.md: each lesson with its introduction. */
  page(made: string): string {
    const lesson = (name: string): string =>
      `**[\`${name}\`](../examples/${name}.osim)**\\\n${introductionOf(this.program(name))}`;
    const chapters = this.chapters.map(({ title, lessons }) => `## ${title}\n\n${lessons.map(lesson).join('\n\n')}`);
    const about =
      'All lessons, in the order of a course. Each is a program in `examples/` whose first comment goes on to say what to watch for. In VS Code, **OSim: Open an Example** lists them in this order and opens a copy of your own.';
    return `${['# The lessons', about, made, ...chapters].join('\n\n')}\n`;
  }

  private program(name: string): string {
    return readFileSync(path.join(this.examples, `${name}.osim`), 'utf8');
  }
}
