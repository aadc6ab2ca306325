/**
 * A folder with a program's files, and beside it what the program must not reach: by links, `..`, devices, pipes. For
 * the tests of every part that reads files on a program's behalf.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Stands in every file outside: no message may have it. */
export const SECRET = 'SECRETWORD';

export interface Way {
  /** What the program writes between the quotes. */
  path: string;
  /** What it is told. */
  says: RegExp;
}

const outside = /outside of the program's folder/;
const notFile = /it is not a file/;

/** Ways to a file named `name` + extension that must all be refused. */
function ways(ext: string): Way[] {
  return [
    { path: `./link${ext}`, says: outside },
    { path: `./chain${ext}`, says: outside },
    { path: `./folder/secret${ext}`, says: outside },
    { path: `../outside/secret${ext}`, says: outside },
    { path: `./sub/../../outside/secret${ext}`, says: outside },
    { path: `./sub/up/../../../outside/secret${ext}`, says: outside },
    { path: `./device${ext}`, says: outside },
    { path: `./fifo${ext}`, says: notFile },
    { path: `./socket${ext}`, says: notFile },
    { path: `./directory${ext}`, says: notFile },
    { path: `./loop${ext}`, says: /links go round in a circle/ },
    { path: `./large${ext}`, says: /it has 16777217 bytes; at most 16777216 are read/ },
    { path: `./sub/%2e%2e/%2e%2e/outside/secret${ext}`, says: /no (such )?file/ },
    { path: `./..%2foutside%2fsecret${ext}`, says: /no (such )?file/ },
    { path: `./..\\\\outside\\\\secret${ext}`, says: /separated by \// },
    { path: `./link${ext}\\0.osim`, says: /zero byte/ },
    { path: `./\\xff${ext}`, says: /not UTF-8/ },
    { path: `./${'n'.repeat(300)}${ext}`, says: /name is too long/ },
  ];
}

export class HostileFolder {
  private readonly base = realpathSync(mkdtempSync(path.join(tmpdir(), 'osim-hostile-')));
  /** The program's folder. */
  readonly path = path.join(this.base, 'inside');
  private readonly listener = net.createServer();

  /** For `import` and `scheduler`. */
  readonly sources = ways('.osim');
  /** For `file … from`. */
  readonly data: Way[] = [
    ...ways('.txt'),
    { path: '/etc/passwd', says: /write a path relative to this file/ },
    { path: 'file:///etc/passwd', says: /write a path relative to this file/ },
    { path: 'C:/secret.txt', says: /write a path relative to this file/ },
  ];

  async make(): Promise<this> {
    mkdirSync(path.join(this.base, 'outside'));
    mkdirSync(path.join(this.path, 'sub', 'up'), { recursive: true });
    symlinkSync('../outside', path.join(this.path, 'folder'));
    for (const ext of ['.osim', '.txt']) {
      writeFileSync(path.join(this.base, 'outside', `secret${ext}`), `${SECRET} = ;`);
      symlinkSync(`../outside/secret${ext}`, path.join(this.path, `link${ext}`));
      symlinkSync(`link${ext}`, path.join(this.path, `chain${ext}`));
      symlinkSync(`loop${ext}`, path.join(this.path, `loop${ext}`));
      symlinkSync('/dev/zero', path.join(this.path, `device${ext}`));
      spawnSync('mkfifo', [path.join(this.path, `fifo${ext}`)]);
      mkdirSync(path.join(this.path, `directory${ext}`));
      writeFileSync(path.join(this.path, `large${ext}`), '');
      truncateSync(path.join(this.path, `large${ext}`), 16 * 1024 * 1024 + 1);
    }
    // A socket's file goes with its listener; a second name of it is enough for the other extension.
    const socket = path.join(this.path, 'socket.osim');
    await new Promise<void>((resolve) => this.listener.listen(socket, resolve));
    symlinkSync('socket.osim', path.join(this.path, 'socket.txt'));
    return this;
  }

  write(name: string, text: string): string {
    const file = path.join(this.path, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  }

  async remove(): Promise<void> {
    await new Promise((resolve) => this.listener.close(resolve));
    rmSync(this.base, { recursive: true, force: true });
  }
}

/** Programs that each take one way, with what its author is told. */
export function hostilePrograms(folder: HostileFolder): { text: string; says: RegExp }[] {
  const rest = '\nprocess p { print(1); }\n';
  return [
    ...folder.data.map(({ path: way, says }) => ({ text: `file "/f" from "${way}";${rest}`, says })),
    ...folder.sources.map(({ path: way, says }) => ({ text: `import "${way}";${rest}`, says })),
    ...folder.sources
      .filter(({ path: way }) => /^\.[\w./-]+$/.test(way))
      .map(({ path: way, says }) => ({ text: `machine { scheduler = "${way}"; }${rest}`, says })),
  ];
}
