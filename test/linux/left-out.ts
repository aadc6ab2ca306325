/**
 * A comparison with a real Linux needs a compiler. At home a machine may lack one; where tests decide, that is a
 * failure.
 */
import assert from 'node:assert/strict';

/** Leaves a test out, and says so; on CI it fails, unless it is nothing that one can install. */
export function leaveOut(test: Mocha.Context, lack: string, installable = true): never {
  assert.ok(!process.env['CI'] || !installable, `this can not be left out on CI: ${lack}`);
  console.log(`\n      LEFT OUT: ${lack}\n`);
  test.skip();
}
