/** Header against walk: what is quoted and is not there, and what is promised and is not walked. */
import { headerOf, plain, promisesOf, type Header } from './header.js';
import { faultsOf, quotesOf, type Walk } from './walk.js';

const SHORTEST_QUOTE = 12;

export function brokenPromises(header: Header | string, walk: unknown): string[] {
  const { text, items } = typeof header === 'string' ? headerOf(header) : header;
  const faults = faultsOf(walk);
  if (faults.length > 0) return faults;
  const quotes = quotesOf(walk as Walk).map(plain);
  const isQuoted = (part: string): boolean => quotes.some((quote) => part.includes(quote) || quote.includes(part));
  return [
    ...quotes.filter((quote) => quote.length < SHORTEST_QUOTE).map((quote) => `too short for a quote: "${quote}"`),
    ...quotes.filter((quote) => !text.includes(quote)).map((quote) => `not in the header: "${quote}"`),
    ...items.filter((item) => !isQuoted(item)).map((item) => `no step walks through: "${item}"`),
    ...promisesOf({ text, items })
      .filter((sentence) => !isQuoted(sentence.replace(/^\(\d\) /, '')))
      .map((sentence) => `promised, and not walked: "${sentence}"`),
  ];
}
