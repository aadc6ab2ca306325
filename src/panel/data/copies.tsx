/**
 * The copies of each call, by kind: how often, and how many bytes. It shows which copies a call like sendfile() saves.
 */
import type { CopiesView, Snapshot } from '../../debugger/messages.js';
import { number, plural } from '../text.js';

const KINDS = ['dma', 'toUser', 'fromUser', 'kernel'] as const;
const TITLES = ['DMA', 'to user', 'from user', 'in the kernel'];

export function Copies({ snapshot, previous }: { snapshot: Snapshot; previous: Snapshot | null }) {
  if (snapshot.copies.length === 0) return <p class="none">Nothing has been copied.</p>;
  const before = new Map(previous?.copies.map((row) => [row.call, row]));
  return (
    <div class="scroll" tabIndex={0} role="group" aria-label="Table of copies">
      <table aria-label="Copies">
        <thead>
          <tr>
            <th scope="col">call</th>
            {TITLES.map((title) => (
              <th key={title} scope="col" class="figure">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {snapshot.copies.map((row) => (
            <Row key={row.call} row={row} before={previous ? before.get(row.call) : row} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ row, before }: { row: CopiesView; before: CopiesView | undefined }) {
  return (
    <tr>
      <th scope="row">{row.call}</th>
      {KINDS.map((kind) => {
        const [count, bytes] = [row.copies[kind], row.bytes[kind]];
        const grown = count !== (before?.copies[kind] ?? 0);
        return (
          <td key={kind} class={grown ? 'figure changed' : 'figure'}>
            {count > 0 && number(count)}
            {count > 0 && <small> {plural(bytes, 'byte')}</small>}
          </td>
        );
      })}
    </tr>
  );
}
