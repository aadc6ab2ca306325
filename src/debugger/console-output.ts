/**
 * Output events on their way to the client. What comes in one go and from one place becomes one event, so that a
 * program that logs a million words sends some thousands; nothing stays here when the session lets others have a turn.
 */
import type { DebugProtocol as P } from '@vscode/debugprotocol';

type Body = P.OutputEvent['body'];

/** Characters in one event at most, unless a single line is longer. */
const LONGEST = 32_768;

export class ConsoleOutput {
  private pending: Body | null = null;
  private pieces: string[] = [];
  private length = 0;

  constructor(private readonly send: (body: Body) => void) {}

  add(body: Body): void {
    const { pending } = this;
    if (pending === null || !isSamePlace(pending, body) || this.length + body.output.length > LONGEST) {
      this.flush();
      this.pending = body;
      queueMicrotask(() => this.flush());
    }
    this.pieces.push(body.output);
    this.length += body.output.length;
  }

  flush(): void {
    const { pending, pieces } = this;
    if (pending === null) return;
    this.pending = null;
    this.pieces = [];
    this.length = 0;
    this.send({ ...pending, output: pieces.join('') });
  }
}

function isSamePlace(a: Body, b: Body): boolean {
  return a.category === b.category && a.line === b.line && a.column === b.column && a.source?.path === b.source?.path;
}
