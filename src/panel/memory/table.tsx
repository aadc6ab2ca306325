/** The figures of the address spaces in words. */
import type { AreaView, PageView, SpaceView } from '../../computer/views/memory/space.js';
import { number } from '../text.js';
import { PAGE_SIZE } from './layout.js';
import { hex } from './space.js';

const COUNTS: readonly [string, (area: AreaView) => number][] = [
  ['pages', ({ start, end }) => Math.ceil((end - start) / PAGE_SIZE)],
  ['present', ({ pages }) => pages.length],
  ['its own', inState('own')],
  ['shared', inState('shared')],
  ['copy-on-write', inState('cow')],
  ['dirty', ({ pages }) => pages.filter(({ isDirty }) => isDirty).length],
];

function inState(wanted: PageView['state']): (area: AreaView) => number {
  return ({ pages }) => pages.filter(({ state }) => state === wanted).length;
}

export function AreaTable({ space: { pid, name, areas } }: { space: SpaceView }) {
  return (
    <div class="scroll" tabIndex={0} role="group" aria-label={`Table of the areas of ${pid} ${name}`}>
      <table aria-label={`Areas of ${pid} ${name}`}>
        <caption>
          {pid} {name}
        </caption>
        <thead>
          <tr>
            <th scope="col">area</th>
            <th scope="col">from</th>
            <th scope="col">access</th>
            {COUNTS.map(([title]) => (
              <th key={title} scope="col" class="figure">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {[...areas].reverse().map((area) => (
            <tr key={area.start}>
              <th scope="row">{area.name || 'mmap'}</th>
              <td>{hex(area.start)}</td>
              <td>{area.access}</td>
              {COUNTS.map(([title, of]) => (
                <td key={title} class="figure">
                  {number(of(area))}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
