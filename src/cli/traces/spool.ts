/** Bytes that are wanted later, in a file that nobody else sees: they need not fit into memory. */
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const PIECE = 1 << 20;

export class Spool {
  size = 0;
  private readonly folder = mkdtempSync(path.join(tmpdir(), 'osim-trace-'));
  private readonly descriptor = openSync(path.join(this.folder, 'pages'), 'wx+', 0o600);
  private isOpen = true;

  constructor() {
    // Whatever ends this process, nothing stays behind. Windows keeps the names of files that are open.
    if (process.platform !== 'win32') rmSync(this.folder, { recursive: true, force: true });
  }

  add(bytes: Uint8Array): void {
    let rest = bytes;
    while (rest.length > 0) rest = rest.subarray(writeSync(this.descriptor, rest));
    this.size += bytes.length;
  }

  /** Hands all of it on, and takes the file away. */
  drain(write: (bytes: Uint8Array) => void): void {
    const piece = Buffer.alloc(PIECE);
    for (let at = 0; at < this.size;) {
      const count = readSync(this.descriptor, piece, 0, PIECE, at);
      if (count === 0) break;
      write(piece.subarray(0, count));
      at += count;
    }
    this.remove();
  }

  remove(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    closeSync(this.descriptor);
    rmSync(this.folder, { recursive: true, force: true });
  }
}
