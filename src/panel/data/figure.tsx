/**
 * The way of data: devices, the kernel's buffers, the memory of processes, with the border between them, and arrows
 * that say how often and how many bytes were copied. The copy that happened last is lit.
 */
import type { DataPathAnswer, LastCopy } from '../../computer/views/data/copy.js';
import { DATA_PATH_REQUEST, type CopyKinds, type Snapshot } from '../../debugger/messages.js';
import { useAsked } from '../asked.js';
import type { Page } from '../page.js';
import { number, plural } from '../text.js';
import { toEvent } from '../timeline/keys.js';
import { useWidth } from '../width.js';
import { CopyArrow, Place } from './arrows.js';
import { countOfCopies, said } from './said.js';
import { figureIn, type Figure } from './geometry.js';

const COPIES = 'copy_*';

export function DataPath({ snapshot, page }: { snapshot: Snapshot; page: Page }) {
  const [frame, available] = useWidth();
  const answer = useAsked(page, DATA_PATH_REQUEST, {});
  const figure = figureIn(available - 1);
  const last = answer?.last ?? null;
  // What came after the stop before has just happened.
  const isFresh = last !== null && last.step > (page.model.previous?.step ?? -1);
  return (
    <div class={`data-path${isFresh ? ' fresh' : ''}`}>
      <div class="toolbar" role="group" aria-label="Copies">
        <button onClick={() => void toEvent(page, true, COPIES)} title="Go to the copy before">
          ◂ copy
        </button>
        <button
          onClick={() => void toEvent(page, false, COPIES)}
          title="Go to the next copy, as far as the run has come"
        >
          copy ▸
        </button>
        <p class="last-copy" role="status" aria-live="polite">
          {last ? said(last) : 'Nothing has been copied.'}
        </p>
      </div>
      <div class="scroll" ref={frame} tabIndex={0} role="group" aria-label="Figure of the data's way">
        <Drawing figure={figure} snapshot={snapshot} answer={answer} />
      </div>
    </div>
  );
}

interface DrawingProps {
  figure: Figure;
  snapshot: Snapshot;
  answer: DataPathAnswer | null;
}

function Drawing({ figure, snapshot, answer }: DrawingProps) {
  const { width, height, border, hardware, inKernel: note, boxes, arrows, direct, isNarrow } = figure;
  const last = answer?.last ?? null;
  const lit = litBy(last);
  const sum = (kind: keyof CopyKinds) => ({
    copies: snapshot.copies.reduce((all, row) => all + row.copies[kind], 0),
    bytes: snapshot.copies.reduce((all, row) => all + row.bytes[kind], 0),
  });
  const [toUser, fromUser, inKernel] = [sum('toUser'), sum('fromUser'), sum('kernel')];
  const { pages, dirty } = snapshot.pageCache;
  const pipes = waiting(snapshot, 'pipe');
  const sockets = waiting(snapshot, 'socket');
  const copies = { ...answer?.dma, toUser, fromUser };
  const whose = last && last.pid > 0 ? `${last.pid} ${last.task}` : '';
  const buffer = last?.address != null ? `at 0x${last.address.toString(16).padStart(8, '0')}` : '';
  const facts = [plural(toUser.bytes, 'byte') + ' in', plural(fromUser.bytes, 'byte') + ' out'].join(', ');
  return (
    <svg
      width={width}
      height={height}
      role="img"
      aria-label={`${countOfCopies(toUser.copies)} to user memory, ${countOfCopies(fromUser.copies)} from it. The table of copies has the same.`}
    >
      <defs>
        {['', '-lit'].map((name) => (
          <marker
            key={name}
            id={`copy-head${name}`}
            class={`copy-head${name}`}
            viewBox="0 0 8 8"
            refX="6"
            refY="4"
            markerWidth="12"
            markerHeight="12"
            markerUnits="userSpaceOnUse"
            orient="auto"
          >
            <path d="M0 0 L8 4 L0 8 z" />
          </marker>
        ))}
      </defs>
      <rect class="space" x="0" y={border} width={width} height={hardware - border} />
      <line class="border" x1="0" x2={width} y1={border} y2={border} />
      <line class="hardware" x1="0" x2={width} y1={hardware} y2={hardware} />
      <text class="space-name" x="2" y="13">
        user space
      </text>
      <text class="space-name end" x={width - 2} y={border + 15}>
        kernel space
      </text>
      <text class="space-name" x="2" y={height - 5}>
        devices
      </text>
      <Place
        box={boxes.user}
        lit={lit.has('user')}
        title="memory of processes"
        facts={[facts, [whose, buffer].join(' ')]}
      />
      <Place
        box={boxes.cache}
        kind="buffer"
        lit={lit.has('cache')}
        title="page cache"
        facts={[plural(pages, 'page'), `${number(dirty)} dirty`]}
      />
      <Place
        box={boxes.pipe}
        kind="buffer"
        lit={lit.has('pipe')}
        title={isNarrow ? 'pipes' : 'pipe buffers'}
        facts={[plural(pipes.bytes, 'byte'), plural(pipes.count, 'pipe')]}
      />
      <Place
        box={boxes.socket}
        kind="buffer"
        lit={lit.has('socket')}
        title={isNarrow ? 'sockets' : 'socket buffers'}
        facts={[plural(sockets.bytes, 'byte'), plural(sockets.count, 'socket')]}
      />
      <g
        class={`in-kernel${last?.way === 'kernel' ? ' lit' : ''}`}
        data-way="kernel"
        data-copies={inKernel.copies}
        data-bytes={inKernel.bytes}
      >
        <text x={note.x} y={note.y}>{`↻ ${countOfCopies(inKernel.copies)}`}</text>
        <text x={note.x} y={note.y + 15}>
          {plural(inKernel.bytes, 'byte')}
        </text>
        <text x={note.x} y={note.y + 30}>
          {isNarrow ? 'in the kernel' : 'within the kernel'}
        </text>
      </g>
      <Place box={boxes.disk} kind="device" lit={lit.has('disk')} title="disk" facts={['DMA']} />
      <Place
        box={boxes.net}
        kind="device"
        lit={lit.has('net')}
        title={isNarrow ? 'network' : 'network card'}
        facts={['DMA']}
      />
      {(Object.keys(arrows) as (keyof typeof arrows)[]).map((way) => (
        <CopyArrow
          key={way}
          way={way}
          line={arrows[way]}
          moved={copies[way] ?? { copies: 0, bytes: 0 }}
          isLit={last?.way === way && last.buffer !== 'user'}
          bytes={last?.bytes ?? 0}
          isNarrow={isNarrow}
        />
      ))}
      {last?.buffer === 'user' && (
        <path
          class="copy-arrow dma lit direct"
          marker-end="url(#copy-head-lit)"
          d={directWay(figure, last.way === 'diskOut')}
        >
          <title>DMA past the page cache</title>
        </path>
      )}
      {last?.buffer === 'user' && (
        <text class="lit-bytes" x={direct.x + 8} y={direct.label}>
          {`${number(last.bytes)} now`}
        </text>
      )}
    </svg>
  );
}

/** From the disk, past the page cache, into the memory of the process; or back. */
function directWay({ boxes: { disk, user }, direct: { x } }: Figure, isOut: boolean): string {
  const [low, high] = [disk.y + disk.height / 2, user.y + user.height + 3];
  const start = disk.x + disk.width;
  return isOut ? `M${x} ${high} V${low} H${start + 2}` : `M${start} ${low} H${x} V${high}`;
}

/** Which boxes the last copy has to do with. */
function litBy(last: LastCopy | null): ReadonlySet<string> {
  if (!last) return new Set();
  const { kind, way, buffer } = last;
  const device = way.startsWith('disk') ? 'disk' : way.startsWith('net') ? 'net' : null;
  return new Set(
    [kind === 'toUser' || kind === 'fromUser' ? 'user' : null, buffer, device].filter((name) => name !== null),
  );
}

/** Pipes or sockets that are open, each once, and the bytes that wait in them. */
function waiting({ openFiles }: Snapshot, kind: 'pipe' | 'socket'): { count: number; bytes: number } {
  const all = new Map(
    openFiles.filter((file) => file.kind === kind).map(({ inode }) => [inode.number, inode.buffered ?? 0]),
  );
  return { count: all.size, bytes: [...all.values()].reduce((sum, bytes) => sum + bytes, 0) };
}
