/**
 * Every flag and option that a program may name is one that does something: a kernel test names it, or
 * docs/differences.md says what it does not do. A new name without either is found here.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../std/program-run.js';

/** Beginnings of names that are flags, options or kinds of sockets, event files and rings. */
const BEGINNINGS = [
  ...['MSG', 'SO', 'TCP', 'UDP', 'SOCK', 'SHUT', 'SCM', 'AF', 'SOL', 'IPPROTO', 'SOMAXCONN'],
  ...['EPOLL', 'EPOLL_CTL', 'POLL', 'EFD', 'TFD', 'SFD', 'IOSQE', 'IORING_OP', 'IORING_SETUP', 'IORING_ENTER'],
  ...['IORING_FSYNC', 'IORING_TIMEOUT'],
];
/** What is no flag though its name begins like one: reasons of SIGIO (`si_code`). */
const NO_FLAG = /^POLL_/;

function read(...parts: string[]): string {
  return readFileSync(path.join(root, ...parts), 'utf8');
}

/** The names of constants in the library's interface that begin so. */
function names(abi: string): string[] {
  const begins = new RegExp(`^(${BEGINNINGS.join('|')})(_|[A-Z]|$)`);
  return [...abi.matchAll(/^const (\w+) =/gm)]
    .flatMap(([, name]) => (name === undefined ? [] : [name]))
    .filter((name) => begins.test(name) && !NO_FLAG.test(name));
}

/** Those that neither a test nor the list of differences names. */
function unspoken(all: readonly string[], tests: string, differences: string): string[] {
  return all.filter((name) => {
    const word = new RegExp(`\\b${name}\\b`);
    return !word.test(tests) && !word.test(differences);
  });
}

describe('flags and options', () => {
  const tests = readdirSync(path.join(root, 'test/kernel'))
    .filter((name) => name.endsWith('.osim'))
    .map((name) => read('test/kernel', name).replace(/\/\/.*$/gm, ''))
    .join('\n');
  const all = names(read('src/std/abi.osim'));

  it('are many', () => assert.ok(all.length > 100, `${all.length}`));

  it('each do something that a test sees, or are a difference', () =>
    assert.deepEqual(unspoken(all, tests, read('docs/differences.md')), []));

  it('are found when they are new', () =>
    assert.deepEqual(unspoken(names('const MSG_NEW = 1;\nconst OTHER = 2;\nconst POLL_IN = 1;'), tests, ''), [
      'MSG_NEW',
    ]));
});
