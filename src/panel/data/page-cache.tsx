/** The page cache: how often it helped, and what it holds. */
import type { Snapshot } from '../../debugger/messages.js';
import { number, plural } from '../text.js';

export function PageCache({ snapshot, previous }: { snapshot: Snapshot; previous: Snapshot | null }) {
  const { pages, dirty, hits, misses, list } = snapshot.pageCache;
  const known = new Set(previous?.pageCache.list.map(({ inode, index, state }) => `${inode}.${index}.${state}`));
  const summary = `${plural(pages, 'page')}, ${number(dirty)} dirty · ${plural(hits, 'hit')}, ${number(misses)} missed`;
  if (list.length === 0) return <p>{summary}</p>;
  return (
    <>
      <p>{summary}</p>
      <div class="scroll" tabIndex={0} role="group" aria-label="Table of pages">
        <table aria-label="Pages in the page cache">
          <thead>
            <tr>
              <th scope="col">file</th>
              <th scope="col">state</th>
              <th scope="col">begins with</th>
            </tr>
          </thead>
          <tbody>
            {list.map(({ inode, name, index, state, text }) => (
              <tr
                key={`${inode}.${index}`}
                class={previous && !known.has(`${inode}.${index}.${state}`) ? 'new' : undefined}
              >
                <th scope="row">
                  {name}
                  <small> page {index}</small>
                </th>
                <td>{state}</td>
                <td class="bytes">{text}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
