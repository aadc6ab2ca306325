/** Open file descriptions, each once: who refers to it, its offset, and the inode, pipe or socket behind it. */
import type { OpenFileView, Snapshot } from '../../debugger/messages.js';
import { number } from '../text.js';

const COLUMNS = ['held by', 'file', 'offset', 'flags', 'inode', 'size', 'buffered'];
const FIGURES = ['offset', 'inode', 'size', 'buffered'];

export function OpenFiles({ snapshot, previous }: { snapshot: Snapshot; previous: Snapshot | null }) {
  if (snapshot.openFiles.length === 0) return <p class="none">No file is open.</p>;
  const before = new Map(previous?.openFiles.map((file) => [file.id, file]));
  const holders = holdersOf(snapshot);
  return (
    <div class="scroll" tabIndex={0} role="group" aria-label="Table of open files">
      <table aria-label="Open files">
        <thead>
          <tr>
            {COLUMNS.map((title) => (
              <th key={title} scope="col" class={FIGURES.includes(title) ? 'figure' : undefined}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {snapshot.openFiles.map((file) => (
            <Row
              key={file.id}
              file={file}
              before={before.get(file.id)}
              holders={holders.get(file.id) ?? []}
              isNew={previous !== null && !before.has(file.id)}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface RowProps {
  file: OpenFileView;
  before: OpenFileView | undefined;
  holders: string[];
  isNew: boolean;
}

function Row({ file, before, holders, isNew }: RowProps) {
  const figure = (now: number | null, was: number | null | undefined) => (
    <td class={before && was !== now ? 'figure changed' : 'figure'}>{now === null ? '' : number(now)}</td>
  );
  return (
    <tr class={isNew ? 'new' : undefined}>
      <td>{holders.join(' · ')}</td>
      <th scope="row">
        {file.name} {file.kind !== file.name && <small>{file.kind}</small>}
      </th>
      {figure(file.offset, before?.offset)}
      <td>{file.flags}</td>
      <td class="figure">{file.inode.number}</td>
      {figure(file.inode.size, before?.inode.size)}
      {figure(file.inode.buffered, before?.inode.buffered)}
    </tr>
  );
}

/** For each open file, who holds it: `2: fd 0, 1`. A process's threads count once. */
function holdersOf(snapshot: Snapshot): Map<number, string[]> {
  const holders = new Map<number, string[]>();
  for (const task of snapshot.tasks) {
    if (task.tgid !== task.pid) continue;
    const fdsOf = new Map<number, number[]>();
    for (const { fd, file } of task.fds) fdsOf.set(file, [...(fdsOf.get(file) ?? []), fd]);
    for (const [file, fds] of fdsOf) {
      holders.set(file, [...(holders.get(file) ?? []), `${task.pid}: fd ${fds.join(', ')}`]);
    }
  }
  return holders;
}
