/** The order of the kernel’s folders is held by `npm run check`, which reads the kernel as it is: what it finds. */
import assert from 'node:assert/strict';
import { exceptionsIn, faultsOfOrder, type KernelText } from '../../scripts/kernel-order.mjs';

const file = (path: string, body: string): KernelText => ({ path, text: `kernel;\n${body}\n` });

describe('the order of the kernel’s folders', () => {
  const below = file('lib/list.osim', 'fn low(x) { return high(x); }');
  const above = file('fs/read.osim', 'fn high(x) { return x; }\nfn use(x) { return low(x); }');
  const upward = 'lib/list.osim low -> fs/read.osim high';

  it('finds a call that goes up, and says where it stands', () => {
    assert.deepEqual(faultsOfOrder([below, above], []), [`lib/list.osim:2: calls up: ${upward}`]);
  });

  it('lets it pass by name, with a reason', () => {
    assert.deepEqual(faultsOfOrder([below, above], [{ call: upward, reason: 'it must' }]), []);
    assert.deepEqual(faultsOfOrder([below, above], exceptionsIn(upward)), [
      `kernel-order.txt: ${upward} has no reason`,
    ]);
  });

  it('goes by what a name is bound to: a local of that name, or a function that is handed over, is no call', () => {
    const local = file('lib/list.osim', 'fn low(high) { return high(1); }\nfn ops() { return [use]; }');
    assert.deepEqual(faultsOfOrder([local, above], []), []);
  });

  it('tells of an exception that nothing needs, of a file in no folder, and of two files with one name', () => {
    const stray = file('notes.osim', 'fn note() {}');
    const twin = file('lib/read.osim', 'fn twin() {}');
    assert.deepEqual(
      faultsOfOrder([above, file('lib/list.osim', 'fn low(x) {}'), stray, twin], exceptionsIn('a b -> c d | x')),
      [
        'notes.osim: this file is in none of the folders boot, event, proc, unix, net, ipc, fs, names, cache, drivers, signal, mm, policy, sched, lib',
        "read.osim: two files have this name; a user's kernel is matched by names",
        'kernel-order.txt: there is no call a b -> c d',
      ],
    );
  });
});
