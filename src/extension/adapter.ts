import * as vscode from 'vscode';
import type { HostToWorker, WorkerToHost } from '../debugger/messages.js';
import type { SessionWorker } from './platform.js';
import { toUri } from './sources.js';

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

  constructor(private readonly worker: SessionWorker) {
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
    if (message.type === 'osim/read' || message.type === 'osim/fatal') {
      const own = message as unknown as WorkerToHost;
      if (own.type === 'osim/read') void this.read(own.id, own.path);
      else this.fail(own.message);
      return;
    }
    if (message.type === 'response') this.unanswered.delete(message.request_seq ?? -1);
    this.toEditor.fire(message as unknown as vscode.DebugProtocolMessage);
  }

  private async read(id: number, path: string): Promise<void> {
    let answer: HostToWorker;
    try {
      const contents = await vscode.workspace.fs.readFile(toUri(path));
      answer = { type: 'osim/contents', id, contents };
    } catch (error) {
      const why =
        error instanceof vscode.FileSystemError && error.code === 'FileNotFound'
          ? 'there is no such file'
          : String(error);
      answer = { type: 'osim/contents', id, error: why };
    }
    this.worker.post(answer);
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
    this.toEditor.fire({ seq: this.seq++, ...message } as unknown as vscode.DebugProtocolMessage);
  }
}
