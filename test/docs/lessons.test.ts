/** The course: one list of all lessons, in chapters, each with a line that says what one learns. */
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { chaptersOf, introductionOf, isLesson, summaryOf } from '../../src/extension/course.js';
import { root } from '../std/program-run.js';

const folder = path.join(root, 'examples');
const read = (name: string): string => readFileSync(path.join(folder, name), 'utf8');
const chapters = chaptersOf(read('lessons.txt'));
const listed = chapters.flatMap(({ lessons }) => lessons);

describe('the course', () => {
  it('has each lesson once, and nothing that is not there', () => {
    const lessons = readdirSync(folder).filter((name) => name.endsWith('.osim') && isLesson(read(name)));
    const names = lessons.map((name) => name.replace(/\.osim$/, ''));
    assert.deepEqual([...listed].sort(), names.sort(), 'add the lesson to its chapter in examples/lessons.txt');
  });

  it('says in one line of each lesson what one learns', () => {
    const length = (name: string): number => summaryOf(read(`${name}.osim`)).length;
    const wrong = listed.filter((name) => length(name) < 40 || length(name) > 210);
    assert.deepEqual(wrong, [], 'the first sentence of a header stands in the list of lessons: 40 to 210 letters');
  });

  it('is read in the order in which it is written', () => {
    const list = '# about\n\nOne\n  a\n  b\r\n\nEmpty\n\nTwo\n  # not yet\n  c\n';
    assert.deepEqual(chaptersOf(list), [
      { title: 'One', lessons: ['a', 'b'] },
      { title: 'Two', lessons: ['c'] },
    ]);
  });

  it('takes the line from the header', () => {
    const text = '// The title: io.osim is\n// two. More.\n//\n// Not this.\nprocess p {}\n';
    assert.equal(summaryOf(text), 'The title: io.osim is two.');
    assert.equal(introductionOf(text), 'The title: io.osim is two. More.');
    assert.equal(summaryOf('process p {}\n'), '');
  });
});
