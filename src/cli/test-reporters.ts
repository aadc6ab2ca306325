/** The forms of `osim test`'s report. */
import type { ExpectResult } from '../computer/expects.js';
import { visible, visibleJson } from '../language/visible.js';
import { plural } from './problems.js';
import type { FileResult } from './test-result.js';

export interface Reporter {
  file(result: FileResult): void;
  end(results: readonly FileResult[]): void;
}

export type ReporterMaker = (write: (text: string) => void) => Reporter;

/** For a person: a line for each `expect`, then the sums. */
const spec: ReporterMaker = (write) => {
  const line = (text: string): void => write(`${visible(text)}\n`);
  return {
    file({ file, ok, expects, endings, problems, notes, outcome }) {
      line(file);
      for (const problem of problems) line(`  ${problem}`);
      for (const expect of expects) {
        line(`  ${expect.ok ? '✓' : '✗'} ${expect.text}${expect.why === null ? '' : `  (${expect.why})`}`);
        if (!expect.ok) line(`      line ${expect.line}: ${foundText(expect)}`);
      }
      for (const ending of endings) line(`  ✗ line ${ending.line}: ${ending.text}`);
      for (const note of notes) line(`  ${note}`);
      if (expects.length === 0 && endings.length === 0)
        line(`  ${ok ? `✓ ${outcome ?? 'compiles'}` : `✗ ${outcome ?? 'has errors'}`}`);
    },
    end(results) {
      const { passed, failed } = sums(results);
      write(`\n${passed} passed, ${failed} failed, in ${plural(results.length, 'file')}\n`);
    },
  };
};

const json: ReporterMaker = (write) => ({
  file() {},
  end(results) {
    const files = results.map(({ file, ok, outcome, time, expects, endings, problems, notes }) => {
      return { file, ok, outcome, time, expects, endings, problems, notes };
    });
    write(`${visibleJson({ ...sums(results), files }, 2)}\n`);
  },
});

/** JUnit's XML, which CI servers read: a suite for each file, a case for each `expect`. */
const junit: ReporterMaker = (write) => ({
  file() {},
  end(results) {
    const { passed, failed } = sums(results);
    write('<?xml version="1.0" encoding="UTF-8"?>\n');
    write(`<testsuites tests="${passed + failed}" failures="${failed}">\n`);
    for (const result of results) write(suite(result));
    write('</testsuites>\n');
  },
});

export const REPORTERS: Readonly<Record<string, ReporterMaker>> = { spec, json, junit };

/**
 * Each `expect` is a test, and so is each end that none names. A file without any, or one that failed for another
 * reason, counts as one.
 */
function sums(results: readonly FileResult[]): { passed: number; failed: number } {
  let passed = 0;
  let failed = 0;
  for (const result of results) {
    const failedExpects = result.expects.filter(({ ok }) => !ok).length;
    const failures = failedExpects + result.endings.length;
    passed += result.expects.length - failedExpects + (result.ok && result.expects.length === 0 ? 1 : 0);
    failed += failures + (!result.ok && failures === 0 ? 1 : 0);
  }
  return { passed, failed };
}

function suite(result: FileResult): string {
  const { file, expects, endings, ok, problems, notes } = result;
  const { passed, failed } = sums([result]);
  const cases = expects.map((expect) => testCase(file, expect.text, expect.ok ? null : foundText(expect)));
  for (const { process, line, text } of endings)
    cases.push(testCase(file, `end of ${process}`, `line ${line}: ${text}`));
  const explained = endings.length > 0 || expects.some((expect) => !expect.ok);
  const ownFailure = !ok && !explained ? [...problems, ...notes].map(visible).join('\n') : null;
  if (cases.length === 0 || ownFailure !== null) cases.push(testCase(file, 'runs', ownFailure));
  return `  <testsuite name="${xml(file)}" tests="${passed + failed}" failures="${failed}">\n${cases.join('')}  </testsuite>\n`;
}

function testCase(file: string, name: string, failure: string | null): string {
  const head = `    <testcase classname="${xml(file)}" name="${xml(name)}"`;
  return failure === null ? `${head}/>\n` : `${head}>\n      <failure message="${xml(failure)}"/>\n    </testcase>\n`;
}

function foundText({ actual, error, why }: ExpectResult): string {
  return `${error ?? `actual: ${JSON.stringify(actual)}`}${why === null ? '' : ` (${why})`}`;
}

/** Text for an attribute. Many characters XML can not have at all; here they are escapes, as elsewhere. */
function xml(text: string): string {
  return text
    .split('\n')
    .map(visible)
    .join('\n')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#10;');
}
