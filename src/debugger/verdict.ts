/** At the end of a run: what each `expect` found, and who ended badly without being expected to, at their lines. */
import type { ExpectResult } from '../computer/expects.js';
import type { UnnamedEnding } from '../computer/unnamed-endings.js';
import { verdictOf } from '../computer/verdict.js';
import type { Client } from './client.js';
import type { Debuggee } from './debuggee.js';
import { VERDICT_EVENT, type Check, type VerdictEvent } from './messages.js';

/**
 * Prints a line for each check, which leads to its place, and sends them all. Returns the exit status of `osim run`.
 */
export function tellVerdict(client: Client, { computer }: Debuggee): number {
  const { expects, endings, status } = verdictOf(computer);
  // A program that expects nothing is no test: how its processes end is its own matter.
  const checks = expects.length === 0 ? [] : [...expects.map(ofExpect), ...endings.map(ofEnding)];
  const { uri } = computer.loaded.entry;
  const source = client.sourceOf(uri);
  for (const { ok, text, found, line } of checks) {
    const words = found === null ? text : `${text}: ${found}`;
    client.print(`${ok ? '✓' : '✗'} ${words}`, ok ? 'console' : 'stderr', {
      source,
      line: client.lineToClient(line),
    });
  }
  const failed = checks.filter(({ ok }) => !ok).length;
  if (checks.length > 0)
    client.print(failed === 0 ? 'All that was expected is so.' : `${failed} of ${checks.length} failed.`);
  client.event(VERDICT_EVENT, { path: source.path ?? uri, checks } satisfies VerdictEvent);
  return status;
}

/** A run begins: the results of the last run no longer hold. */
export function forgetVerdict(client: Client, { computer }: Debuggee): void {
  const { uri } = computer.loaded.entry;
  client.event(VERDICT_EVENT, { path: client.sourceOf(uri).path ?? uri, checks: [] } satisfies VerdictEvent);
}

function ofExpect({ text, ok, actual, error, why, line }: ExpectResult): Check {
  const reason = why === null ? '' : ` (${why})`;
  const found = ok ? null : `${error ?? `it is ${JSON.stringify(actual)}`}${reason}`;
  return { kind: 'expect', line, ok, text: `expect ${oneLine(text)}`, found };
}

function ofEnding({ text, line }: UnnamedEnding): Check {
  return { kind: 'ending', line, ok: false, text, found: null };
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}
