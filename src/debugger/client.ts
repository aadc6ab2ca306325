/** The client of a session: what is said to it, and how it names sources and counts lines. */
import type { DebugProtocol as P } from '@vscode/debugprotocol';
import { visible } from '../language/visible.js';
import { canonical } from './code-map.js';
import { ConsoleOutput } from './console-output.js';
import type { SessionHost } from './host.js';
import { Connection } from './protocol.js';

export class Client {
  readonly connection: Connection;
  private readonly output = new ConsoleOutput((body) => this.connection.event('output', body));
  /** Whether the client shows progress events. */
  tellsProgress = false;
  /** How the client counts lines and columns: 1, or 0. */
  firstLine = 1;
  firstColumn = 1;

  constructor(
    readonly host: SessionHost,
    send: (message: P.ProtocolMessage) => void,
    onInternalError?: (error: unknown, command: string) => void,
  ) {
    this.connection = new Connection(send, onInternalError);
  }

  event(name: string, body?: unknown): void {
    this.output.flush();
    this.connection.event(name, body);
  }

  /** Shows text in the debug console. */
  show(body: P.OutputEvent['body']): void {
    this.output.add(body);
  }

  /** Prints a line in the debug console; a program's texts in it can not fake another, or colour it. */
  print(line: string, category: 'console' | 'important' | 'stderr' = 'console', more: object = {}): void {
    this.show({ category, output: `${visible(line)}\n`, ...more });
  }

  /** How a source is named to the client. */
  sourceOf(uri: string): P.Source {
    const path = canonical(uri);
    const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
    const builtin = /^osim-(kernel|std):/.exec(path)?.[1];
    if (!builtin) return { name, path };
    return { name, path, origin: builtin === 'kernel' ? 'the kernel' : 'the user library' };
  }

  /**
   * Where something begins, as the client counts. It is never told where it ends: an editor that is given a range
   * selects it, and the next key would replace the statement.
   */
  startToClient({ line, column }: { line: number; column: number }): { line: number; column: number } {
    return { line: this.lineToClient(line), column: this.columnToClient(column) };
  }

  lineToClient(line: number): number {
    return line - 1 + this.firstLine;
  }
  columnToClient(column: number): number {
    return column - 1 + this.firstColumn;
  }
  lineFromClient(line: number): number {
    return line - this.firstLine + 1;
  }
  columnFromClient(column: number): number {
    return column - this.firstColumn + 1;
  }
}
