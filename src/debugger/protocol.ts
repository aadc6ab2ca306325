/**
 * The protocol's rules, kept in one place so that no handler can break them: each request gets exactly one response,
 * whatever happens; the response goes before the events that its handling raised; what a handler throws becomes a
 * sentence for the user, never a stack.
 *
 * Free of any transport: whoever owns the wire calls `receive` and gives `send`. Requests are handled one after the
 * other; a handler that waits (launch reads files) holds back the next ones, except those that must always get through.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { argumentsOf, type Arguments } from './arguments.js';

/** A refusal in words for the user. Anything else that a handler throws is a fault of ours and is reported as such. */
export class RequestError extends Error {
  constructor(
    message: string,
    readonly showUser = false,
  ) {
    super(message);
  }
}

/** Answers one kind of request: gets checked arguments, returns the response's body. */
export type Handler<Command extends keyof Arguments> = (args: Arguments[Command]) => unknown;

export type HandlerTable = { [Command in keyof Arguments]?: Handler<Command> };

/** Requests that do not wait for an earlier one to be finished. */
const URGENT = new Set(['cancel', 'disconnect', 'terminate', 'pause']);

const USER_ERROR = 1;
const INTERNAL_ERROR = 2;

interface Request {
  seq: number;
  command: string;
  arguments: unknown;
}

export class Connection {
  private seq = 1;
  /** Requests that wait for `busy` to end. */
  private readonly queue: Request[] = [];
  private busy = false;
  /** The number of the request that others wait for; null when none is being answered. */
  pending: number | null = null;
  /** Events raised while a request is being handled, and work to be done once it is answered. */
  private events: [string, unknown][] = [];
  private afterwards: (() => void)[] = [];
  private depth = 0;
  private draining = false;
  private handlers: HandlerTable = {};

  constructor(
    private readonly send: (message: DebugProtocol.ProtocolMessage) => void,
    /** Is told of errors that are ours, with the stack. */
    private readonly onInternalError: (error: unknown, command: string) => void = () => {},
  ) {}

  /** From now on requests are answered by `handlers`. */
  serve(handlers: HandlerTable): void {
    this.handlers = handlers;
  }

  /** Takes any message whatever. Only requests are answered; the client's responses to our events do not exist. */
  receive(message: unknown): void {
    if (typeof message !== 'object' || message === null) return;
    const { type, seq, command, arguments: args } = message as Record<string, unknown>;
    if (type !== 'request') return;
    const request: Request = {
      seq: typeof seq === 'number' && Number.isFinite(seq) ? seq : 0,
      command: typeof command === 'string' ? command : '',
      arguments: args,
    };
    if (this.busy && !URGENT.has(request.command)) this.queue.push(request);
    else this.handle(request);
  }

  /** Raises an event: at once, or after the response of the request that is being handled. */
  event(name: string, body?: unknown): void {
    if (this.depth > 0) this.events.push([name, body]);
    else this.sendEvent(name, body);
  }

  /** Does `work` once the request that is being handled has been answered; dropped if it is refused. */
  afterResponse(work: () => void): void {
    if (this.depth > 0) this.afterwards.push(work);
    else work();
  }

  private handle(request: Request): void {
    const urgent = this.busy;
    this.busy = true;
    if (!urgent) this.pending = request.seq;
    this.depth++;
    let result: unknown;
    try {
      result = this.call(request);
    } catch (error) {
      this.finish(request, urgent, undefined, error);
      return;
    }
    if (result instanceof Promise) {
      result.then(
        (body) => this.finish(request, urgent, body),
        (error: unknown) => this.finish(request, urgent, undefined, error),
      );
    } else {
      this.finish(request, urgent, result);
    }
  }

  private call(request: Request): unknown {
    const command = request.command as keyof Arguments;
    const handler = Object.hasOwn(this.handlers, command)
      ? (this.handlers[command] as (args: unknown) => unknown)
      : null;
    if (!handler)
      throw new RequestError(command ? `Unknown request: ${command.slice(0, 100)}` : 'A request without a command');
    const checked = argumentsOf(command, request.arguments);
    if (typeof checked === 'string') throw new RequestError(`${command}: ${checked}`);
    return handler(checked.value);
  }

  private finish(request: Request, urgent: boolean, body: unknown, ...error: [unknown?]): void {
    const failed = error.length > 0;
    if (failed) this.refuse(request, error[0]);
    else this.respond(request, { success: true, body });
    // An urgent request inside a slow one leaves the slow one's events for the slow one's answer.
    this.depth--;
    if (this.depth === 0) this.flush(failed);
    if (urgent) return;
    this.busy = false;
    this.pending = null;
    this.drain();
  }

  private flush(failed: boolean): void {
    const { events, afterwards } = this;
    this.events = [];
    this.afterwards = [];
    for (const [name, body] of events) this.sendEvent(name, body);
    if (failed) return;
    for (const work of afterwards) {
      try {
        work();
      } catch (error) {
        this.onInternalError(error, 'after a response');
      }
    }
  }

  /** Handles what has been waiting; a loop, since a client may have sent thousands of requests meanwhile. */
  private drain(): void {
    if (this.draining) return;
    this.draining = true;
    while (!this.busy && this.queue.length > 0) this.handle(this.queue.shift() as Request);
    this.draining = false;
  }

  private refuse(request: Request, error: unknown): void {
    const known = error instanceof RequestError;
    if (!known) this.onInternalError(error, request.command);
    const text = known ? error.message : `${request.command} failed inside the debugger: ${messageOf(error)}`;
    const showUser = known && error.showUser;
    const id = known ? USER_ERROR : INTERNAL_ERROR;
    // `format` treats braces as placeholders; the text travels as a variable so that any text is safe.
    const body = { error: { id, format: '{text}', variables: { text }, showUser } };
    this.respond(request, { success: false, message: text, body });
  }

  private respond(request: Request, outcome: { success: boolean; message?: string; body?: unknown }): void {
    this.transmit({ type: 'response', request_seq: request.seq, command: request.command, ...outcome });
  }

  private sendEvent(event: string, body: unknown): void {
    this.transmit({ type: 'event', event, ...(body === undefined ? {} : { body }) });
  }

  private transmit(message: Record<string, unknown>): void {
    this.send({ seq: this.seq++, ...message } as unknown as DebugProtocol.ProtocolMessage);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
