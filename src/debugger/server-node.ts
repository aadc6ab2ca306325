/**
 * `osim debug`: sessions on standard input and output, or one for each TCP connection. For any editor that speaks the
 * protocol.
 */
import { readFile, readdir } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { reasonOf } from '../language/host-errors.js';
import type { Refusal } from '../language/host-file.js';
import { localPath, readHostFile } from '../language/host-file-node.js';
import { FrameReader, frame } from './framing-node.js';
import type { BuiltSystem, SessionHost } from './host.js';
import { Session } from './session.js';

/** A host on the local disk. */
export class NodeHost implements SessionHost {
  private built: Promise<BuiltSystem> | null = null;

  /**
   * @param dist the folder of what the build made: kernel.json, libc.json, library.json, std.json
   * @param output where the session writes to
   */
  constructor(
    private readonly dist: string,
    private readonly output?: Writable,
  ) {}

  system(): Promise<BuiltSystem> {
    this.built ??= loadSystem(this.dist);
    return this.built;
  }

  read(file: string, folder?: string): Promise<Uint8Array | Refusal> {
    return Promise.resolve(readHostFile(file, folder ?? null));
  }

  async list(folder: string): Promise<string[]> {
    try {
      return (await sourcesIn(localPath(folder))).sort();
    } catch (error) {
      throw new Error(reasonOf(error), { cause: error });
    }
  }

  now(): number {
    return performance.now();
  }

  /** Waits for a client that does not read, too: what a program prints would fill the memory. */
  async turn(): Promise<void> {
    if (this.output?.writableNeedDrain && this.output.writableLength > MOST_UNREAD) await drained(this.output);
    return new Promise((resolve) => setImmediate(resolve));
  }
}

/** Paths of the sources of a folder, and of the folders in it: a copy of the kernel has its files in folders. */
async function sourcesIn(folder: string, depth = 1): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const found = entries.map(async (entry): Promise<string[]> => {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) return depth > 0 ? sourcesIn(file, depth - 1) : [];
    return entry.name.endsWith('.osim') ? [file] : [];
  });
  return (await Promise.all(found)).flat();
}

/** Bytes that may wait for the client. */
const MOST_UNREAD = 2 ** 20;

/** Resolves when all has been written, or the client has gone. */
function drained(output: Writable): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      output.off('drain', done).off('close', done).off('error', done);
      resolve();
    };
    output.on('drain', done).on('close', done).on('error', done);
  });
}

async function loadSystem(dist: string): Promise<BuiltSystem> {
  const json = async (name: string): Promise<never> =>
    JSON.parse(await readFile(path.join(dist, name), 'utf8')) as never;
  const names = ['kernel.json', 'libc.json', 'library.json', 'std.json'];
  const [kernel, library, libraryIndex, modules] = await Promise.all(names.map(json));
  return { kernel, library, libraryIndex, modules };
}

/** Serves one session on a pair of streams. Resolves when the client has gone. */
export function serve(
  dist: string,
  input: Readable,
  output: Writable,
  log: (line: string) => void = () => {},
): Promise<void> {
  const session = new Session(
    new NodeHost(dist, output),
    (message) => void output.write(frame(message)),
    (error, command) =>
      log(`osim: ${command}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
  );
  const reader = new FrameReader(
    (message) => session.receive(message),
    (what) => log(`osim: skipped ${what}`),
  );
  return new Promise((resolve) => {
    const close = (): void => {
      session.close();
      resolve();
    };
    session.onDisconnect = () => output.write('', () => resolve());
    input.on('data', (chunk: Buffer) => reader.push(chunk));
    input.on('end', close);
    input.on('close', close);
    input.on('error', close);
    output.on('error', close);
  });
}

/** Serves a session for each connection to a port of this computer. Resolves with the server once it listens. */
export function serveTcp(dist: string, port: number, log: (line: string) => void): Promise<net.Server> {
  const server = net.createServer((socket) => {
    socket.setNoDelay(true);
    void serve(dist, socket, socket, log).then(() => socket.end());
  });
  return new Promise((resolve, reject) => {
    server.on('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}
