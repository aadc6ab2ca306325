import assert from 'node:assert/strict';
import { COST_SETS, costTable, deviceTimes } from '../../src/machine/costs.js';
import { SettingError } from '../../src/machine/errors.js';

describe('costs', () => {
  it('are those of teaching unless another set is named', () => {
    assert.deepEqual(costTable({}), COST_SETS['teaching']);
    assert.deepEqual(costTable({ costs: 'linux' }), COST_SETS['linux']);
    assert.ok(Object.values(costTable({ costs: 'none' })).every((cost) => cost === 0));
  });

  it('can be set one by one, without changing the set', () => {
    const table = costTable({ costs: 'none', cost_syscall: 100, quantum: 20 });
    assert.equal(table.syscall, 100);
    assert.equal(table.context_switch, 0);
    assert.equal(COST_SETS['none']?.syscall, 0);
  });

  it('tell what is wrong with a setting', () => {
    const wrong = (settings: Record<string, number | string>, message: RegExp) =>
      assert.throws(
        () => costTable(settings),
        (error) => error instanceof SettingError && message.test(error.message),
      );
    wrong({ cost_sycall: 1 }, /no cost "sycall". The costs are: instruction, coroutine_switch, syscall, syscall_exit/);
    wrong({ cost_toString: 1 }, /no cost "toString"/);
    wrong({ costs: 'windows' }, /no cost set "windows": it is one of teaching, linux, none/);
    wrong({ cost_fork: -1 }, /cost_fork is a number of ticks, 0 or more, not -1/);
    wrong({ cost_fork: 'dear' }, /not "dear"/);
  });

  it('of devices go with the set, and can be set', () => {
    assert.equal(deviceTimes({}).disk_latency, 50);
    assert.equal(deviceTimes({ costs: 'linux', disk_latency: 9 }).disk_latency, 9);
    assert.throws(() => deviceTimes({ disk_latency: 0.5 }), SettingError);
  });
});
