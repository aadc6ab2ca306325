/** Runs what has been defined; the last line of the log carries the counts to test/vscode/run-in-host.mjs. */
export function report(mocha: Mocha): Promise<void> {
  return new Promise((resolve, reject) => {
    const counts = { passed: 0, failed: 0, skipped: 0 };
    const runner = mocha.run((failures) => {
      console.log(`OSIM_TEST_COUNTS ${JSON.stringify(counts)}`);
      if (failures > 0) reject(new Error(`${failures} tests failed`));
      else resolve();
    });
    runner.on('pass', () => counts.passed++);
    runner.on('fail', () => counts.failed++);
    runner.on('pending', () => counts.skipped++);
  });
}
