/**
 * Lines of several processes in one text, as strace writes them: a call that another process's line comes into is cut
 * in two, `<unfinished ...>` and `<... read resumed>`; a line says whose it is as soon as there is more than one
 * process.
 */

/** Results stand in this column, or behind the call if that is longer. */
const RESULT_COLUMN = 40;

interface OpenCall {
  name: string;
  /** Arguments follow when it ends. */
  incomplete: boolean;
}

export class Lines {
  private readonly alive = new Set<number>();
  private readonly open = new Map<number, OpenCall>();
  /** The line that is begun and not ended. */
  private current: { pid: number; text: string } | null = null;

  constructor(private readonly line: (text: string) => void) {}

  born(pid: number): void {
    this.alive.add(pid);
  }

  /** After the last line of a process. */
  gone(pid: number): void {
    this.alive.delete(pid);
    this.open.delete(pid);
  }

  isInCall(pid: number): boolean {
    return this.open.has(pid);
  }

  /** A call begins: `text` is all of it up to what is known only at its end. */
  begin(pid: number, name: string, text: string, incomplete: boolean): void {
    this.interrupt();
    this.open.set(pid, { name, incomplete });
    this.current = { pid, text: this.leader(pid) + text };
  }

  /** It ends: `rest` is what was missing, up to the closing parenthesis. */
  end(pid: number, rest: string, result: string): void {
    const call = this.open.get(pid);
    if (!call) return;
    this.line(`${`${this.resume(pid, call)}${rest}) `.padEnd(RESULT_COLUMN)}= ${result}`);
    this.current = null;
    this.open.delete(pid);
  }

  /** The process ends inside of a call. */
  abandon(pid: number): void {
    this.end(pid, this.open.get(pid)?.incomplete === true ? ' <unfinished ...>' : '', '?');
  }

  /** A line that is no call. */
  event(pid: number, text: string): void {
    this.interrupt();
    this.line(this.leader(pid) + text);
  }

  /** Cuts the line that is begun. */
  interrupt(): void {
    if (this.current) this.line(`${this.current.text} <unfinished ...>`);
    this.current = null;
  }

  private resume(pid: number, call: OpenCall): string {
    if (this.current?.pid === pid) return this.current.text;
    this.interrupt();
    return `${this.leader(pid)}<... ${call.name} resumed>`;
  }

  private leader(pid: number): string {
    return this.alive.size > 1 ? `[pid ${String(pid).padStart(5)}] ` : '';
  }
}
