/** How long one waits before anything happens: cold processes, against one of Node that does nothing. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { median, type Bench, type Row } from './measure.js';

const OSIM = fileURLToPath(new URL('../../bin/osim.cjs', import.meta.url));
/** More than elsewhere: a process is over in no time, and its figure swings. */
const ROUNDS = 15;
const PROGRAM = 'process main { }\n';

/** Milliseconds until a process of Node has ended. */
function lasts(...words: string[]): number {
  const start = performance.now();
  const { status } = spawnSync(process.execPath, words, { stdio: 'ignore' });
  if (status !== 0) throw new Error(`node ${words.join(' ')} ended with status ${status}`);
  return performance.now() - start;
}

/** Milliseconds from the spawn of `osim debug` to the first stop of a program. */
function untilFirstStop(program: string): Promise<number> {
  const start = performance.now();
  const child = spawn(process.execPath, [OSIM, 'debug'], { stdio: ['pipe', 'pipe', 'ignore'] });
  let seq = 0;
  const send = (command: string, args: object): void => {
    const text = JSON.stringify({ seq: ++seq, type: 'request', command, arguments: args });
    child.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
  };
  let said = '';
  const stopped = new Promise<number>((resolve, reject) => {
    child.once('exit', (status) => reject(new Error(`osim debug ended with status ${status}: ${said}`)));
    child.stdout.setEncoding('utf8').on('data', (piece: string) => {
      const before = said;
      said += piece;
      const isNew = (event: string): boolean => said.includes(`"${event}"`) && !before.includes(`"${event}"`);
      if (isNew('initialized')) send('configurationDone', {});
      if (isNew('stopped')) resolve(performance.now() - start);
    });
  });
  send('initialize', { adapterID: 'osim' });
  send('launch', { program, stopOnEntry: true });
  return stopped.finally(() => child.removeAllListeners('exit').kill());
}

export const bench: Bench = {
  name: 'start',
  async run(): Promise<Row[]> {
    const folder = mkdtempSync(path.join(tmpdir(), 'osim-start-'));
    const program = path.join(folder, 'empty.osim');
    writeFileSync(program, PROGRAM);
    const contenders: Record<string, () => number | Promise<number>> = {
      node: () => lasts('-e', '0'),
      version: () => lasts(OSIM, '--version'),
      check: () => lasts(OSIM, 'check', program),
      run: () => lasts(OSIM, 'run', program),
      debug: () => untilFirstStop(program),
    };
    const figures = new Map(Object.keys(contenders).map((name) => [name, [] as number[]]));
    try {
      for (let round = 0; round <= ROUNDS; round++) {
        // The first round is for the disk's cache.
        for (const [name, make] of Object.entries(contenders)) {
          const figure = await make();
          if (round > 0) figures.get(name)?.push(figure);
        }
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    const of = (name: string): number => median(figures.get(name) ?? []);
    const row = { unit: 'ms', peer: 'node -e 0', theirs: of('node'), measured: true };
    return [
      { what: 'osim run of an empty program', ours: of('run'), ...row, target: { most: 4 } },
      { what: 'osim debug, from spawn to the first stop', ours: of('debug'), ...row, target: { most: 6 } },
      { what: 'osim check of an empty program', ours: of('check'), ...row, target: null },
      { what: 'osim --version', ours: of('version'), ...row, target: null },
    ];
  },
};
