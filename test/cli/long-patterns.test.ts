/**
 * Long strings on a host that makes no good code of patterns any more, as V8 does in a process with very many of them:
 * a pattern that repeats takes its stack for each character then.
 */
import assert from 'node:assert/strict';
import { Folder } from './command.js';

const PROGRAM = `process p {
  assert(int(repeat("1", 8000000)) == null);
  assert(int("  -0x" + repeat("0", 1000000) + "1f\\n") == -31);
  assert(int(repeat("0", 1000000) + "x") == null);
  assert(int(repeat(" ", 1000000) + "0B101") == 5);
  print(len(str([repeat("\\"", 1000000)])));
  print(repeat("1", 1000000) + "é");
}
`;

describe('long strings', function () {
  this.timeout(60_000);

  it('need no stack of the host', () => {
    const folder = new Folder({ 'long.osim': PROGRAM });
    const options = { flags: ['--no-regexp-optimization'], maxBuffer: 2 ** 25 };
    const { status, stdout, stderr } = folder.osimWith(options, 'run', 'long.osim');
    folder.remove();
    assert.equal(status, 0, stderr.slice(0, 1000));
    assert.match(stdout.slice(-20), /1111é\n/);
  });
});
