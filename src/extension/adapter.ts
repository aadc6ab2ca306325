import * as vscode from 'vscode';
import { DIST_SCHEME, type HostToWorker, type WorkerToHost } from '../debugger/messages.js';
import { refusalOf, type HostFiles } from './host-files.js';
import type { SessionWorker } from './platform.js';
import { toPath, toUri } from './sources.js';

interface Request {
  seq: number;
  type: string;
  command: string;
}

/**
 * A debug adapter that is a pipe: the session and its computer live in the worker, so that no program, however wild,
 * is felt in the extension host. What it adds: it reads files for the worker, through the editor's file system, and
 * if the worker dies, each request is still answered and the session ends with a sentence.
 */
export class SessionAdapter implements vscode.DebugAdapter {
  private readonly toEditor = new vscode.EventEmitter<vscode.DebugProtocolMessage>();
  readonly onDidSendMessage = this.toEditor.event;
  private readonly unanswered = new Map<number, Request>();
  private failure: string | undefined;
  /** Beyond the worker's own sequence numbers. */
  private seq = 1e9;

  constructor(
    private readonly worker: SessionWorker,
    private readonly extension: vscode.Uri,
    private readonly files: HostFiles,
  ) {
    worker.onMessage((message) => this.fromWorker(message as { type: string }));
    worker.onFailure((why) => this.fail(why));
  }

  handleMessage(message: vscode.DebugProtocolMessage): void {
    const request = message as unknown as Request;
    if (request.type === 'request') this.unanswered.set(request.seq, request);
    if (this.failure === undefined) this.worker.post(message);
    else this.answerAll(this.failure);
  }

  dispose(): void {
    this.worker.terminate();
    this.toEditor.dispose();
  }

  private fromWorker(message: { type: string; request_seq?: number }): void {
    if (message.type.startsWith('osim/')) {
      void this.serve(message as WorkerToHost);
      return;
    }
    if (message.type === 'response') this.unanswered.delete(message.request_seq ?? -1);
    this.toEditor.fire(message);
  }

  private async serve(request: WorkerToHost): Promise<void> {
    if (request.type === 'osim/fatal') {
      this.fail(request.message);
      return;
    }
    const { id } = request;
    if (request.type === 'osim/drain') {
      this.worker.post({ type: 'osim/drained', id } satisfies HostToWorker);
      return;
    }
    let answer: HostToWorker;
    try {
      answer = request.type === 'osim/read' ? await this.contents(request) : await this.list(request);
    } catch (error) {
      answer = { type: 'osim/failed', id, refusal: refusalOf(error) };
    }
    this.worker.post(answer);
  }

  private async contents({ id, path, folder }: Extract<WorkerToHost, { path: string }>): Promise<HostToWorker> {
    const uri = toUri(path);
    const found =
      uri.scheme === DIST_SCHEME
        ? await vscode.workspace.fs.readFile(vscode.Uri.joinPath(this.extension, 'dist', uri.path))
        : await this.files.read(path, folder);
    return 'problem' in found
      ? { type: 'osim/failed', id, refusal: found }
      : { type: 'osim/contents', id, contents: found };
  }

  private async list({ id, folder }: Extract<WorkerToHost, { type: 'osim/list' }>): Promise<HostToWorker> {
    return { type: 'osim/files', id, paths: await listSources(toUri(folder)) };
  }

  private fail(why: string): void {
    if (this.failure !== undefined) return;
    this.failure = why;
    const output = `The simulated computer stopped unexpectedly: ${why}\n`;
    this.send({ type: 'event', event: 'output', body: { category: 'important', output } });
    this.answerAll(why);
    this.send({ type: 'event', event: 'terminated' });
  }

  private answerAll(why: string): void {
    for (const { seq, command } of this.unanswered.values()) {
      const success = command === 'disconnect' || command === 'terminate';
      this.send({ type: 'response', request_seq: seq, command, success, message: success ? undefined : why });
    }
    this.unanswered.clear();
  }

  private send(message: object): void {
    this.toEditor.fire({ seq: this.seq++, ...message });
  }
}

/** The sources of a folder, and of the folders in it: a copy of the kernel has its files in folders. */
async function listSources(folder: vscode.Uri, depth = 1): Promise<string[]> {
  const entries = await vscode.workspace.fs.readDirectory(folder);
  const found = await Promise.all(
    entries.map(async ([name, type]) => {
      const uri = vscode.Uri.joinPath(folder, name);
      if (type === vscode.FileType.Directory) return depth > 0 ? listSources(uri, depth - 1) : [];
      return name.endsWith('.osim') ? [toPath(uri)] : [];
    }),
  );
  return found.flat().sort();
}
