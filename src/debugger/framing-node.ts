/**
 * The protocol's wire format: a header that says how long the JSON is, an empty line, the JSON.
 *
 * What arrives may be anything, so a reader holds one message of a limited length and does work in proportion to what
 * arrives; docs/decisions/0006-our-own-plumbing.md compares it with the libraries'.
 */

const HEADER_END = '\r\n\r\n';
/** A client that never ends a header is not one. */
const LONGEST_HEADER = 4096;
/** Bytes of one message: a longer one is skipped. A length above the second figure is taken for garbage. */
const LONGEST_BODY = 64 * 2 ** 20;
const LONGEST_SKIPPED = 2 ** 30;
const EMPTY = Buffer.alloc(0);

export class FrameReader {
  private header: Buffer = EMPTY;
  /** Bytes of the body that are still to come; -1 while a header is read. */
  private missing = -1;
  private body: Buffer[] = [];
  private skipped = false;

  /**
   * @param onMessage gets each parsed message
   * @param onGarbage gets told what was skipped; the stream goes on behind it
   */
  constructor(
    private readonly onMessage: (message: unknown) => void,
    private readonly onGarbage: (what: string) => void = () => {},
  ) {}

  /** Takes the next bytes. The work grows with them, and not with what has come before. */
  push(chunk: Buffer): void {
    let rest = chunk;
    while (rest.length > 0 || this.missing === 0) rest = this.missing < 0 ? this.readHeader(rest) : this.readBody(rest);
  }

  /** Takes a header's bytes; returns those behind it. */
  private readHeader(chunk: Buffer): Buffer {
    const bytes = this.header.length === 0 ? chunk : Buffer.concat([this.header, chunk]);
    const end = bytes.indexOf(HEADER_END, Math.max(0, this.header.length - HEADER_END.length + 1));
    if (end < 0) {
      this.header = bytes;
      if (bytes.length > LONGEST_HEADER) {
        this.onGarbage('a header without an end');
        this.header = EMPTY;
      }
      return EMPTY;
    }
    this.header = EMPTY;
    const length = Number(/Content-Length:\s*(\d{1,10})/i.exec(bytes.toString('utf8', 0, end))?.[1] ?? NaN);
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
  private readBody(chunk: Buffer): Buffer {
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
      message = JSON.parse(Buffer.concat(body).toString());
    } catch {
      this.onGarbage('a message that is no JSON');
      return;
    }
    this.onMessage(message);
  }
}

export function frame(message: unknown): string {
  const body = JSON.stringify(message);
  return `Content-Length: ${Buffer.byteLength(body)}${HEADER_END}${body}`;
}
