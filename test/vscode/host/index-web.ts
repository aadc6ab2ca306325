/** Mocha inside the web extension host: a worker without Node and without a page. */
import 'mocha/mocha.js';
import { report } from './report.js';

declare const mocha: Mocha & { setup(options: Mocha.MochaOptions): void };

export async function run(): Promise<void> {
  mocha.setup({ ui: 'bdd', color: false, timeout: 60_000, reporter: 'spec' });
  await import('./all.js');
  await report(mocha);
}
