/** Mocha inside the extension host of Node. */
import Mocha from 'mocha';
import { report } from './report.js';

export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'bdd', color: false, timeout: 60_000, reporter: 'spec' });
  mocha.suite.emit('pre-require', globalThis as never, '', mocha);
  await import('./all.js');
  await report(mocha);
}
