/** What an end of a TCP connection knows: endpoint.ts changes it. */

export type EndpointState =
  | 'SYN_SENT'
  | 'ESTABLISHED'
  | 'FIN_WAIT_1'
  | 'FIN_WAIT_2'
  | 'CLOSE_WAIT'
  | 'CLOSING'
  | 'LAST_ACK'
  | 'TIME_WAIT'
  | 'CLOSED';

/** Bytes that wait here for the remote's recv(). */
export const RECEIVE_BUFFER = 65_536;
/** All that changes. Strings are bytes, one character each; they cost nothing to keep. */
export interface Fields {
  state: EndpointState;
  una: number;
  next: number;
  /** What was sent before the last sign of a loss ends here: `una` beyond it means that all has been made up for. */
  recover: number;
  /** When the last repetition left, ticks. */
  repeatedAt: number;
  /** Acknowledgements in a row that said nothing new. */
  repeats: number;
  /** When the last segment left. */
  leftAt: number;
  /** Bytes beyond `una` that the other side has room for. */
  window: number;
  /** Bytes from `una` on. */
  output: string;
  /** No more bytes will follow: a FIN is to be sent, or has been. */
  finishing: boolean;
  /** close() was called. */
  shut: boolean;
  received: number;
  /** Bytes for recv(). */
  input: string;
  /** The other side's FIN has come. */
  ended: boolean;
  /** The window that was last told. */
  told: number;
  owing: boolean;
  /** Refused, reset, or given up. */
  broken: boolean;
  timer: number;
  retries: number;
  /** When the request was sent that has no reply yet, ticks; -1: there is none. */
  askedAt: number;
}

/** A connection whose SYN is about to be sent. */
export function atTheBeginning(): Fields {
  return {
    state: 'SYN_SENT',
    una: 0,
    next: 1,
    recover: 0,
    repeatedAt: 0,
    repeats: 0,
    leftAt: 0,
    window: 0,
    output: '',
    finishing: false,
    shut: false,
    received: 0,
    input: '',
    ended: false,
    told: RECEIVE_BUFFER,
    owing: false,
    broken: false,
    timer: -1,
    retries: 0,
    askedAt: -1,
  };
}

export function isOpen(state: EndpointState): boolean {
  return state === 'ESTABLISHED' || state === 'FIN_WAIT_1' || state === 'FIN_WAIT_2';
}

/** The sequence number nearest to `near` that looks like this on the wire. */
export function unwrapped(wire: number, near: number): number {
  return near + ((wire - (near % 2 ** 32)) | 0);
}
