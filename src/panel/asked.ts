/** What a view asks the session for, anew at each stop; the last answer stays until the next one is there. */
import { useEffect, useState } from 'preact/hooks';
import type { ViewQueries, ViewQuery } from '../debugger/messages.js';
import { Refused, type Page } from './page.js';

export function useAsked<Q extends ViewQuery>(
  page: Page,
  query: Q,
  args: ViewQueries[Q]['args'],
): ViewQueries[Q]['answer'] | null {
  type Answer = ViewQueries[Q]['answer'];
  const [known, setKnown] = useState<{ run: number; answer: Answer } | null>(null);
  const { run, stop, state } = page.model;
  const isStopped = state?.running !== true;
  useEffect(() => {
    let isWanted = isStopped;
    if (!isWanted) return;
    const taken = (answer: Answer): void => {
      if (isWanted) setKnown({ run, answer });
    };
    // Refused: the machine runs again, and there will be another stop.
    page.ask(query, args).then(taken, (error) => {
      if (!(error instanceof Refused)) throw error;
    });
    return () => {
      isWanted = false;
    };
  }, [run, stop, isStopped, JSON.stringify(args)]);
  return known?.run === run ? known.answer : null;
}
