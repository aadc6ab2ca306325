/**
 * From what the parser says ("mismatched token in rule X") to what a beginner can act on. The explanations are tried in
 * order, the most particular first: habits from other languages, then misplaced words, then what is missing.
 * None of them names a rule of the grammar or lists token sequences.
 */
import type { Fault } from './fault.js';
import { habits } from './habits.js';
import { misplaced } from './misplaced.js';
import { missing } from './missing.js';
import { atToken, capital, describe, shorten, type Site } from './site.js';

export function explain(site: Site): Fault {
  for (const explanation of [...habits, ...misplaced, ...missing]) {
    const fault = explanation(site);
    if (fault) return fault;
  }
  return {
    ...atToken(site),
    code: 'unexpected-token',
    message: `${capital(describe(site.token))} can't stand ${site.before ? `after \`${shorten(site.before.image)}\`` : 'here'}.`,
    hint: 'Check the line for a missing or superfluous word or sign.',
  };
}
