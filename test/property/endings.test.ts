/**
 * However connections end, the kernel goes on, and nothing of them is left: random remotes against random servers, with
 * closed listeners, resets in every state, calls on what is over. OSIM_ENDINGS sets how many programs, OSIM_LONG makes
 * it many.
 */
import assert from 'node:assert/strict';
import { computerFor } from '../system.js';
import { endings } from './endings.js';
import { leftBehind } from './left-behind.js';

const PROGRAMS = Number(process.env['OSIM_ENDINGS'] ?? (process.env['OSIM_LONG'] ? 5000 : 30));

describe('connections', function () {
  this.timeout(3_600_000);

  it(`of ${PROGRAMS} programs end in every way, and leave nothing behind`, () => {
    let finished = 0;
    const resets = new Set<string>();
    for (let number = 0; number < PROGRAMS; number++) {
      const { text, seed } = endings(number);
      const computer = computerFor(text, { seed });
      computer.eventConsumers.push(({ name }) => void (name.includes('reset') && resets.add(name)));
      const { kind, report } = computer.run({ maxSteps: 4_000_000 });
      assert.notEqual(kind, 'panic', `program ${number}: ${report.join('\n')}`);
      if (kind !== 'finished') continue;
      finished++;
      assert.deepEqual(leftBehind(computer.machine), [], `program ${number}`);
    }
    assert.ok(finished > PROGRAMS / 2, `only ${finished} programs end`);
    assert.deepEqual([...resets].sort(), ['tcp_receive_reset', 'tcp_send_reset']);
  });
});
