/** Parts of the boxes of the files figure. */
import type { RingDetail } from '../../computer/views/files/detail.js';

/** Of the figure's font, about: SVG does not cut text off by itself. */
const CHARACTER = 7.1;

export function fitting(text: string, room: number): string {
  const most = Math.max(1, Math.floor(room / CHARACTER));
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

/** Places that are drawn at most; a ring may have thousands. */
const MOST_PLACES = 32;
const LINE = 20;

/** The two rings of an io_uring: which places are filled, from head to tail. */
export function Ring({ ring, x, y, width }: { ring: RingDetail; x: number; y: number; width: number }) {
  const { sqHead, sqTail, sqEntries, cqHead, cqTail, cqEntries } = ring;
  return (
    <>
      <Places name="SQ" head={sqHead} tail={sqTail} entries={sqEntries} x={x} y={y} width={width} />
      <Places name="CQ" head={cqHead} tail={cqTail} entries={cqEntries} x={x} y={y + LINE} width={width} />
    </>
  );
}

interface PlacesProps {
  name: string;
  head: number;
  tail: number;
  entries: number;
  x: number;
  y: number;
  width: number;
}

function Places({ name, head, tail, entries, x, y, width }: PlacesProps) {
  const shown = Math.min(entries, MOST_PLACES);
  const place = Math.min(12, (width - 30) / Math.max(1, shown));
  const filled = new Set<number>();
  for (let at = head; at !== tail && filled.size < entries; at++) filled.add(at % entries);
  return (
    <g class={`ring ${name}`}>
      <title>{`${name} of ${entries} places: head ${head}, tail ${tail}, ${filled.size} filled`}</title>
      <text class="dim" x={x} y={y + 13}>
        {name}
      </text>
      {Array.from({ length: shown }, (_, at) => (
        <rect
          key={at}
          class={filled.has(at) ? 'place filled' : 'place'}
          x={x + 26 + at * place}
          y={y + 3}
          width={Math.max(1, place - 1.5)}
          height="12"
        />
      ))}
    </g>
  );
}
