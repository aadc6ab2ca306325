/**
 * A session behind a message port, the same in Node's workers and in a browser's: DAP messages as they are, and what
 * messages.ts adds.
 */
import type { DebugProtocol as P } from '@vscode/debugprotocol';
import { DIST_SCHEME, type HostToWorker, type WorkerToHost } from './messages.js';
import type { Refusal } from '../language/host-file.js';
import type { BuiltSystem, SessionHost } from './host.js';
import { Session } from './session.js';

export interface Port {
  post(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
}

/** Starts a session on a port. */
export function serveOn(port: Port, clock: Pick<SessionHost, 'now' | 'turn'>): void {
  const host = new PortHost(port, clock);
  const session = new Session(
    host,
    (message) => host.send(message),
    // A fault of ours: for the developer tools of whoever hosts the worker.
    (error, command) => console.error(`osim: ${command}:`, error),
  );
  port.onMessage((message) => {
    if (isAnswer(message)) host.answered(message);
    else session.receive(message);
  });
}

function isAnswer(message: unknown): message is HostToWorker {
  const type = typeof message === 'object' && message !== null ? (message as { type?: unknown }).type : undefined;
  return typeof type === 'string' && type.startsWith('osim/');
}

/** Characters on their way to the other side, more or less. */
const MOST_UNTAKEN = 2 ** 20;

/** About how many characters a message has: output is what comes in masses. */
function sizeOf(message: P.ProtocolMessage): number {
  const { body } = message as { body?: { output?: unknown } };
  return 200 + (typeof body?.output === 'string' ? body.output.length : 0);
}

type Question = Extract<WorkerToHost, { id: number }>;

class PortHost implements SessionHost {
  private nextId = 1;
  private readonly waiting = new Map<number, (answer: HostToWorker) => void>();
  private built: Promise<BuiltSystem> | null = null;
  /** Characters sent since the other side last said that it has taken all. */
  private sent = 0;

  constructor(
    private readonly port: Port,
    private readonly clock: Pick<SessionHost, 'now' | 'turn'>,
  ) {}

  now(): number {
    return this.clock.now();
  }

  send(message: P.ProtocolMessage): void {
    this.sent += sizeOf(message);
    this.port.post(message);
  }

  /** A port takes messages without end: what waits in it is bounded by asking, and waiting for the answer. */
  async turn(): Promise<void> {
    if (this.sent > MOST_UNTAKEN) {
      this.sent = 0;
      await this.ask((id) => ({ type: 'osim/drain', id }));
    }
    return this.clock.turn();
  }

  system(): Promise<BuiltSystem> {
    const json = async (name: string): Promise<never> =>
      JSON.parse(new TextDecoder().decode(await this.shipped(`${DIST_SCHEME}:/${name}`))) as never;
    this.built ??= Promise.all(['kernel.json', 'libc.json', 'library.json', 'std.json'].map(json)).then(
      ([kernel, library, libraryIndex, modules]) => ({ kernel, library, libraryIndex, modules }),
    );
    return this.built;
  }

  async read(path: string, folder?: string): Promise<Uint8Array | Refusal> {
    const within = folder === undefined ? {} : { folder };
    const answer = await this.ask((id) => ({ type: 'osim/read', id, path, ...within }));
    if (answer.type === 'osim/contents') return answer.contents;
    return answer.type === 'osim/failed' ? answer.refusal : { problem: 'it could not be read.' };
  }

  async list(folder: string): Promise<string[]> {
    const answer = await this.ask((id) => ({ type: 'osim/list', id, folder }));
    if (answer.type === 'osim/files') return answer.paths;
    throw new Error(answer.type === 'osim/failed' ? answer.refusal.problem : 'it could not be read.');
  }

  answered(answer: HostToWorker): void {
    const resolve = this.waiting.get(answer.id);
    this.waiting.delete(answer.id);
    resolve?.(answer);
  }

  /** A file that the build made. */
  private async shipped(path: string): Promise<Uint8Array> {
    const found = await this.read(path);
    if ('problem' in found) throw new Error(`${path}: ${found.problem}`);
    return found;
  }

  private ask(question: (id: number) => Question): Promise<HostToWorker> {
    const id = this.nextId++;
    return new Promise((resolve) => {
      this.waiting.set(id, resolve);
      this.port.post(question(id));
    });
  }
}
