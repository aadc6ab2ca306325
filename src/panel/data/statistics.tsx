/** What has been counted since boot, and by how much each count grew in this step. */
import type { Snapshot } from '../../debugger/messages.js';
import { number, words } from '../text.js';

export function Statistics({ snapshot, previous }: { snapshot: Snapshot; previous: Snapshot | null }) {
  return (
    <table class="statistics" aria-label="Statistics">
      <tbody>
        {Object.entries(snapshot.stats).map(([name, value]) => {
          const grown = previous ? value - (previous.stats[name] ?? 0) : 0;
          return (
            <tr key={name}>
              <th scope="row">{words(name)}</th>
              <td class={grown ? 'figure changed' : 'figure'}>{number(value)}</td>
              <td class="figure grown">{grown === 0 ? '' : (grown > 0 ? '+' : '−') + number(Math.abs(grown))}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
