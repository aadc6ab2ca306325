/**
 * Which calls the comparison makes, and which it leaves out: each name of the calls table is one or the other, so that
 * a new call is not forgotten.
 */
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { PROMISED_CALLS } from '../../src/language/calls.js';
import { generate } from './generate.js';
import { THREAD_WORDS } from './generate-threads.js';

/** Why calls are not compared. */
const REASONS: Readonly<Record<string, string>> = {
  'the comparison makes it itself: sequence.ts writes it into the program': 'fork',
  'it would end the actor, or put another program in its place, and with it the script of what comes next':
    'quick_exit atexit abort exec execv spawn',
  'C and the library make it of a call that is compared':
    'wait killpg getpgrp renameat fdatasync pipe accept tcp_listen pselect epoll_pwait sigwait memcpy isatty strerror ' +
    'WIFEXITED WEXITSTATUS WIFSIGNALED WCOREDUMP WTERMSIG WIFSTOPPED WSTOPSIG WIFCONTINUED',
  'the host answers by who runs the comparison, where, and on which machine':
    'getuid geteuid getgid getegid getcwd getrlimit nice setpriority getpriority sched_setaffinity sched_setattr sched_getattr sync',
  'test/kernel has the facts, observed on Linux; no random sequence yet':
    'readlink vmsplice io_uring_setup io_uring_prep io_uring_enter io_uring_cqe',
  'C has it as a part of the language or of its library, and no two answers are possible':
    'CMSG_SPACE CMSG_LEN once call_once tss_create tss_get tss_set tss_delete atomic_load atomic_store atomic_add atomic_xchg atomic_cas',
};
const LEFT_OUT = new Set(Object.values(REASONS).flatMap((names) => names.split(' ')));

/** The words' sources, without comments. */
function preludes(): string {
  const folder = new URL('./', import.meta.url);
  const files = readdirSync(folder).filter((name) => /^prelude.*\.osim$/.test(name));
  return files.map((name) => readFileSync(new URL(name, folder), 'utf8').replace(/\/\/.*/g, '')).join('\n');
}

describe('The calls that are compared with Linux', () => {
  it('are all of the table, but for those that are left out for a reason', () => {
    const text = preludes();
    const made = (name: string): boolean => new RegExp(`(?<![\\w.])${name}\\b(?!\\s*[:=])`).test(text);
    const names = [...PROMISED_CALLS.values()]
      .filter(({ group }) => group !== 'Library' && group !== 'Coroutines')
      .map(({ name }) => name);
    const forgotten = names.filter((name) => !made(name) && !LEFT_OUT.has(name));
    assert.deepEqual(forgotten, [], 'make it in a prelude of test/linux, or say here why not');
    const unknown = [...LEFT_OUT].filter((name) => !names.includes(name));
    assert.deepEqual(unknown, [], 'these are no calls of the table');
  });

  it('are made often enough: each word of threads and locks 50 times in 2,000 sequences', () => {
    const made = new Map<string, number>();
    for (let seed = 1; seed <= 2000; seed++) {
      for (const { word } of generate(seed)) made.set(word, (made.get(word) ?? 0) + 1);
    }
    // `fpi` is a way to `fwait`.
    const words = Object.keys(THREAD_WORDS).filter((word) => word !== 'fpi');
    assert.deepEqual(
      words.filter((word) => (made.get(word) ?? 0) < 50),
      [],
    );
  });
});
