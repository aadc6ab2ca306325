/**
 * The textbook's figure: fd tables → open file descriptions → inodes, pipes, sockets. What is shared has two arrows to
 * one box: a description after dup() or fork(), an inode after two open()s.
 */
import { useState } from 'preact/hooks';
import type { Snapshot } from '../../debugger/messages.js';
import { number, plural } from '../text.js';
import { useWidth } from '../width.js';
import { fitting, Ring } from './boxes.js';
import {
  centre,
  layFiles,
  LINE,
  rowY,
  targetName,
  type FileBox,
  type FilesLayout,
  type TableBox,
  type TargetBox,
} from './layout.js';

/** Narrower, the figure is scrolled in its own frame. */
const NARROWEST = 500;
const WIDEST = 1100;
/** Above the boxes. */
const HEAD = 26;
const MARGIN = 2;

interface Columns {
  width: number;
  table: { x: number; width: number };
  file: { x: number; width: number };
  target: { x: number; width: number };
}

function columnsIn(available: number): Columns {
  const width = Math.min(Math.max(available, NARROWEST), WIDEST);
  const box = Math.round(width * 0.26);
  const x = [MARGIN, Math.round((width - box) / 2) - 8, width - box - 28];
  return {
    width,
    table: { x: x[0], width: box - 16 },
    file: { x: x[1], width: box },
    target: { x: x[2], width: box },
  };
}

interface Arrow {
  key: string;
  from: string;
  to: string;
  path: string;
}

export function FilesFigure({ snapshot, previous }: { snapshot: Snapshot; previous: Snapshot | null }) {
  const [frame, available] = useWidth();
  const [lit, setLit] = useState<string | null>(null);
  if (snapshot.openFiles.length === 0) return <p class="none">No file is open.</p>;
  const layout = layFiles(snapshot.tasks, snapshot.openFiles);
  const columns = columnsIn(available - 1);
  const arrows = arrowsOf(layout, columns);
  const isLit = litWith(lit, arrows);
  const before = previous && new Map(previous.openFiles.map((file) => [file.id, file]));
  const height = layout.height + HEAD + MARGIN;
  const titles = [
    ['fd tables', columns.table],
    ['open file descriptions', columns.file],
    ['inodes, pipes, sockets', columns.target],
  ] as const;
  return (
    <div class="files-figure scroll" ref={frame} tabIndex={0} role="group" aria-label="Figure of open files">
      <svg
        width={columns.width}
        height={height}
        class={lit ? 'has-lit' : undefined}
        role="img"
        aria-label={summary(layout)}
        onMouseLeave={() => setLit(null)}
      >
        <defs>
          <marker id="files-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
            <path d="M0 0 L8 4 L0 8 z" class="head" />
          </marker>
        </defs>
        {titles.map(([title, { x, width }]) => (
          <text key={title} class="column-title" x={x} y={14}>
            {fitting(title, width + 60)}
          </text>
        ))}
        <g transform={`translate(0 ${HEAD})`}>
          {arrows.map(({ key, from, to, path }) => (
            <path
              key={key}
              d={path}
              class={`arrow${isLit(key) ? ' lit' : ''}`}
              marker-end="url(#files-arrow)"
              data-from={from}
              data-to={to}
            />
          ))}
          {layout.peers.map(([a, b]) => (
            <Peers key={`${a.id} ${b.id}`} a={a} b={b} columns={columns} isLit={lit === a.id || lit === b.id} />
          ))}
          {layout.tables.map((table) => (
            <Table key={table.id} table={table} column={columns.table} isLit={isLit} light={setLit} />
          ))}
          {layout.files.map((box) => (
            <Description
              key={box.id}
              box={box}
              column={columns.file}
              isLit={isLit(box.id)}
              isNew={before !== null && !before.has(box.file.id)}
              moved={before?.get(box.file.id)?.offset !== box.file.offset && before?.has(box.file.id) === true}
              light={setLit}
            />
          ))}
          {layout.targets.map((box) => (
            <Target key={box.id} box={box} column={columns.target} isLit={isLit(box.id)} light={setLit} />
          ))}
        </g>
      </svg>
    </div>
  );
}

function arrowsOf({ tables, files, targets }: FilesLayout, columns: Columns): Arrow[] {
  const fileBoxes = new Map(files.map((box) => [box.file.id, box]));
  const targetBoxes = new Map(targets.map((box) => [box.id, box]));
  const fromTables = tables.flatMap((table) =>
    table.rows.flatMap(({ fd, file }, row): Arrow[] => {
      const to = fileBoxes.get(file);
      if (!to) return [];
      const path = bow(columns.table.x + columns.table.width, rowY(table, row), columns.file.x, centre(to));
      return [{ key: `${table.id} ${fd}`, from: `${table.id} ${fd}`, to: to.id, path }];
    }),
  );
  const fromFiles = files.map((box): Arrow => {
    const to = targetBoxes.get(box.target);
    const path = bow(columns.file.x + columns.file.width, centre(box), columns.target.x, to ? centre(to) : 0);
    return { key: `${box.id} ${box.target}`, from: box.id, to: box.target, path };
  });
  return [...fromTables, ...fromFiles];
}

function bow(x1: number, y1: number, x2: number, y2: number): string {
  const reach = (x2 - x1) / 2;
  return `M${x1} ${y1} C${x1 + reach} ${y1} ${x2 - reach} ${y2} ${x2 - 1} ${y2}`;
}

/** What is connected with what the reader points at, in both directions. */
function litWith(lit: string | null, arrows: readonly Arrow[]): (id: string) => boolean {
  const all = new Set<string>();
  if (lit === null) return () => false;
  const follow = (id: string, way: 'from' | 'to'): void => {
    all.add(id);
    for (const arrow of arrows) {
      const isTable = way === 'from' && !id.includes(' ') && arrow.from.startsWith(`${id} `);
      if (arrow[way] !== id && !isTable) continue;
      all.add(arrow.key);
      all.add(arrow.from);
      follow(way === 'from' ? arrow.to : arrow.from, way);
    }
  };
  follow(lit, 'from');
  follow(lit, 'to');
  return (id) => all.has(id);
}

interface BoxProps {
  column: { x: number; width: number };
  light: (id: string) => void;
}

function Table({ table, column, isLit, light }: BoxProps & { table: TableBox; isLit: (id: string) => boolean }) {
  const { x, width } = column;
  return (
    <g class="box table" onMouseEnter={() => light(table.id)}>
      <title>{`The fd table of ${table.title}`}</title>
      <rect x={x} y={table.y} width={width} height={table.height} rx="3" />
      <text class="title" x={x + 8} y={table.y + 17}>
        {fitting(table.title, width - 12)}
      </text>
      {table.rows.map(({ fd, closeOnExec }, row) => {
        const y = rowY(table, row);
        const id = `${table.id} ${fd}`;
        return (
          <g key={fd} class={`row${isLit(id) ? ' lit' : ''}`} onMouseEnter={() => light(id)}>
            <title>{closeOnExec ? `fd ${fd}, closed by exec` : `fd ${fd}`}</title>
            <rect class="cell" x={x + 4} y={y - LINE / 2 + 1} width={width - 8} height={LINE - 2} rx="2" />
            <text x={x + 10} y={y + 4}>
              {fd}
            </text>
            {closeOnExec && width > 110 && (
              <text class="dim" x={x + 34} y={y + 4}>
                {fitting('CLOEXEC', width - 52)}
              </text>
            )}
            <circle cx={x + width} cy={y} r="2.5" />
          </g>
        );
      })}
    </g>
  );
}

interface DescriptionProps extends BoxProps {
  box: FileBox;
  isLit: boolean;
  isNew: boolean;
  moved: boolean;
}

function Description({ box, column, isLit, isNew, moved, light }: DescriptionProps) {
  const { x, width } = column;
  const { offset, flags, references } = box.file;
  const marks = `${isLit ? ' lit' : ''}${references > 1 ? ' shared' : ''}${isNew || moved ? ' changed' : ''}`;
  const facts = offset === null ? plural(references, 'fd') : `offset ${number(offset)}`;
  return (
    <g class={`box file${marks}`} onMouseEnter={() => light(box.id)}>
      <title>{`Open file description ${box.file.id}: ${flags}, ${plural(references, 'reference')}`}</title>
      <rect x={x} y={box.y} width={width} height={box.height} rx="3" />
      <text class="title" x={x + 8} y={box.y + 17}>
        {fitting(flags, width - 40)}
      </text>
      <text class="dim figure" x={x + width - 8} y={box.y + 17}>
        {references > 1 ? `×${references}` : ''}
      </text>
      <text x={x + 8} y={box.y + 37}>
        {fitting(facts, width - 14)}
      </text>
    </g>
  );
}

function Target({ box, column, isLit, light }: BoxProps & { box: TargetBox; isLit: boolean }) {
  const { x, width } = column;
  const { kind, name, inode, detail } = box.file;
  const ready = new Set(detail?.kind === 'epoll' ? detail.ready : []);
  return (
    <g class={`box target ${kind}${isLit ? ' lit' : ''}`} onMouseEnter={() => light(box.id)}>
      <title>{`${name}, ${kind}, inode ${inode.number}`}</title>
      <rect x={x} y={box.y} width={width} height={box.height} rx="3" />
      <text class="title" x={x + 8} y={box.y + 17}>
        {fitting(targetName(box.file), width - 14)}
      </text>
      {detail?.kind === 'ring' && <Ring ring={detail} x={x + 8} y={box.y + 24} width={width - 16} />}
      {box.lines.map((line, row) => {
        const isReady = detail?.kind === 'epoll' && ready.has(detail.interest[row].fd);
        return (
          <text key={row} class={isReady ? 'ready' : 'dim'} x={x + 8} y={rowY(box, row) + 4}>
            {fitting(isReady ? `● ${line}, ready` : line, width - 14)}
          </text>
        );
      })}
    </g>
  );
}

/** Two ends of one connection. */
function Peers({ a, b, columns, isLit }: { a: TargetBox; b: TargetBox; columns: Columns; isLit: boolean }) {
  const x = columns.target.x + columns.target.width;
  const [from, to] = [centre(a), centre(b)];
  return (
    <path class={`peers${isLit ? ' lit' : ''}`} d={`M${x} ${from} C${x + 30} ${from} ${x + 30} ${to} ${x} ${to}`}>
      <title>connected with each other</title>
    </path>
  );
}

function summary({ tables, files, targets }: FilesLayout): string {
  const shared = files.filter(({ file }) => file.references > 1).length;
  const held = `${plural(tables.length, 'fd table')}, ${plural(files.length, 'open file description')}`;
  return `${held}, ${shared} of them shared, ${plural(targets.length, 'end')}. The table below has the same.`;
}
