/** The protocol's wire format: a header that says how long the JSON is, an empty line, the JSON. */

const HEADER_END = '\r\n\r\n';
/** A client that never ends a header, or announces more than this, is not one. */
const LONGEST_HEADER = 4096;
const LONGEST_BODY = 64 * 2 ** 20;

export class FrameReader {
  private buffer: Uint8Array = new Uint8Array();
  private bodyLength = -1;
  private readonly decoder = new TextDecoder();

  /**
   * @param onMessage gets each parsed message
   * @param onGarbage gets told what was skipped; the stream goes on behind it
   */
  constructor(
    private readonly onMessage: (message: unknown) => void,
    private readonly onGarbage: (what: string) => void = () => {},
  ) {}

  push(chunk: Uint8Array): void {
    const joined = new Uint8Array(this.buffer.length + chunk.length);
    joined.set(this.buffer);
    joined.set(chunk, this.buffer.length);
    this.buffer = joined;
    while (this.bodyLength < 0 ? this.readHeader() : this.readBody());
  }

  private readHeader(): boolean {
    const end = indexOf(this.buffer, HEADER_END);
    if (end < 0) {
      if (this.buffer.length > LONGEST_HEADER) {
        this.onGarbage('a header without an end');
        this.buffer = new Uint8Array();
      }
      return false;
    }
    const header = this.decoder.decode(this.buffer.subarray(0, end));
    this.buffer = this.buffer.subarray(end + HEADER_END.length);
    const length = Number(/Content-Length:\s*(\d{1,10})/i.exec(header)?.[1] ?? NaN);
    if (length <= LONGEST_BODY) this.bodyLength = length;
    else this.onGarbage('a header without a usable Content-Length');
    return true;
  }

  private readBody(): boolean {
    if (this.buffer.length < this.bodyLength) return false;
    const body = this.decoder.decode(this.buffer.subarray(0, this.bodyLength));
    this.buffer = this.buffer.subarray(this.bodyLength);
    this.bodyLength = -1;
    let message: unknown;
    try {
      message = JSON.parse(body);
    } catch {
      this.onGarbage('a message that is no JSON');
      return true;
    }
    this.onMessage(message);
    return true;
  }
}

function indexOf(bytes: Uint8Array, text: string): number {
  for (let at = 0; at + text.length <= bytes.length; at++) {
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
