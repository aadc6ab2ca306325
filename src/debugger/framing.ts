/** The protocol's wire format: a header that says how long the JSON is, an empty line, the JSON. */

const HEADER_END = '\r\n\r\n';
/** A client that never ends a header is not one. */
const LONGEST_HEADER = 4096;
/** Bytes of one message: a longer one is skipped. Nobody means more than the second figure: that is no header. */
const LONGEST_BODY = 64 * 2 ** 20;
const LONGEST_SKIPPED = 2 ** 30;

export class FrameReader {
  private header: Uint8Array = new Uint8Array();
  /** Bytes of the body that are still to come; -1 while a header is read. */
  private missing = -1;
  private body: Uint8Array[] = [];
  private skipped = false;
  private readonly decoder = new TextDecoder();

  /**
   * @param onMessage gets each parsed message
   * @param onGarbage gets told what was skipped; the stream goes on behind it
   */
  constructor(
    private readonly onMessage: (message: unknown) => void,
    private readonly onGarbage: (what: string) => void = () => {},
  ) {}

  /** Takes the next bytes. The work grows with them, and not with what has come before. */
  push(chunk: Uint8Array): void {
    let rest = chunk;
    while (rest.length > 0 || this.missing === 0) rest = this.missing < 0 ? this.readHeader(rest) : this.readBody(rest);
  }

  /** Takes a header's bytes; returns those behind it. */
  private readHeader(chunk: Uint8Array): Uint8Array {
    const bytes = this.header.length === 0 ? chunk : joined([this.header, chunk]);
    const end = indexOf(bytes, HEADER_END, Math.max(0, this.header.length - HEADER_END.length + 1));
    if (end < 0) {
      this.header = bytes;
      if (bytes.length > LONGEST_HEADER) {
        this.onGarbage('a header without an end');
        this.header = new Uint8Array();
      }
      return new Uint8Array();
    }
    this.header = new Uint8Array();
    const length = Number(
      /Content-Length:\s*(\d{1,10})/i.exec(this.decoder.decode(bytes.subarray(0, end)))?.[1] ?? NaN,
    );
    if (!(length <= LONGEST_SKIPPED)) {
      this.onGarbage('a header without a usable Content-Length');
    } else {
      this.missing = length;
      this.skipped = length > LONGEST_BODY;
      if (this.skipped) this.onGarbage(`a message of ${length} bytes: ${LONGEST_BODY} is the most`);
    }
    return bytes.subarray(end + HEADER_END.length);
  }

  /** Takes a body's bytes; returns those behind it. */
  private readBody(chunk: Uint8Array): Uint8Array {
    const mine = chunk.subarray(0, this.missing);
    this.missing -= mine.length;
    if (!this.skipped) this.body.push(mine);
    if (this.missing === 0) {
      this.missing = -1;
      if (!this.skipped) this.finish();
    }
    return chunk.subarray(mine.length);
  }

  private finish(): void {
    const { body } = this;
    this.body = [];
    let message: unknown;
    try {
      message = JSON.parse(this.decoder.decode(joined(body)));
    } catch {
      this.onGarbage('a message that is no JSON');
      return;
    }
    this.onMessage(message);
  }
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const [first] = pieces;
  if (pieces.length === 1 && first) return first;
  const all = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

function indexOf(bytes: Uint8Array, text: string, from: number): number {
  for (let at = bytes.indexOf(text.charCodeAt(0), from); at >= 0; at = bytes.indexOf(text.charCodeAt(0), at + 1)) {
    let i = 0;
    while (i < text.length && bytes[at + i] === text.charCodeAt(i)) i++;
    if (i === text.length) return at;
  }
  return -1;
}

export function frame(message: unknown): string {
  const body = JSON.stringify(message);
  return `Content-Length: ${new TextEncoder().encode(body).length}${HEADER_END}${body}`;
}
