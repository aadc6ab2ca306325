/** Pages by keyboard: from page to page, area to area, process to process. Those without a frame are skipped. */
import type { SpaceView } from '../../computer/views/memory/space.js';

export interface At {
  pid: number;
  address: number;
}

/** Where a key leads; null: nowhere; undefined: it means nothing here. */
export function moved(spaces: readonly SpaceView[], at: At | null, key: string): At | null | undefined {
  const meaning = KEYS[key];
  if (!meaning) return undefined;
  const space = spaces.find(({ pid }) => pid === at?.pid) ?? spaces.at(0);
  if (!space) return null;
  const areas = space.areas.map(({ pages }) => pages.map(({ address }) => address)).filter((all) => all.length > 0);
  const pages = areas.flat();
  const here = at && at.pid === space.pid ? pages.indexOf(at.address) : -1;
  if (here < 0 && meaning !== 'away') return pages.length > 0 ? { pid: space.pid, address: pages[0] } : null;
  const area = areas.findIndex((all) => all.includes(pages[here]));
  const to = (address: number | undefined): At => ({ pid: space.pid, address: address ?? pages[here] });
  switch (meaning) {
    case 'away':
      return null;
    case 'left':
      return to(pages[here - 1]);
    case 'right':
      return to(pages[here + 1]);
    case 'up':
      return to(areas[area + 1]?.[0]);
    case 'down':
      return to(areas[area - 1]?.[0]);
    case 'first':
      return to(pages[0]);
    case 'last':
      return to(pages.at(-1));
    case 'other': {
      const other = spaces.find(({ pid }) => pid !== space.pid);
      const same = other?.areas.flatMap((one) => one.pages).find(({ address }) => address >= pages[here]);
      return other && same ? { pid: other.pid, address: same.address } : to(undefined);
    }
  }
}

const KEYS: Partial<Record<string, 'left' | 'right' | 'up' | 'down' | 'first' | 'last' | 'other' | 'away'>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
  Home: 'first',
  End: 'last',
  PageUp: 'other',
  PageDown: 'other',
  Escape: 'away',
};
