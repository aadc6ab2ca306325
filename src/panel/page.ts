/** The page's state and its way to the outside: messages in, questions and clicks out. The views draw it. */
import type { ViewQueries, ViewQuery } from '../debugger/messages.js';
import type { Layout } from './layout.js';
import type { FromPanel, ToPanel } from './messages.js';
import { emptyModel, received, type Model } from './model.js';

/** Who shows the page: VS Code, a report, a test. */
export interface Host {
  postMessage(message: FromPanel): void;
  getState(): unknown;
  setState(state: unknown): void;
}

/** A question was not answered: the machine runs, or the session is over. The next stop is the time to ask again. */
export class Refused extends Error {}

interface Waiting {
  resolve(answer: never): void;
  reject(reason: Refused): void;
}

export class Page {
  model: Model = emptyModel;
  private nextId = 1;
  private readonly waiting = new Map<number, Waiting>();

  constructor(
    private readonly host: Host,
    readonly layout: Layout,
  ) {}

  receive(message: ToPanel): void {
    if (message.type === 'answer') this.taken(message.id)?.resolve(message.answer as never);
    else if (message.type === 'refused') this.taken(message.id)?.reject(new Refused(message.reason));
    else this.model = received(this.model, message);
  }

  /** Asks the session what a view draws. */
  ask<Q extends ViewQuery>(query: Q, args: ViewQueries[Q]['args']): Promise<ViewQueries[Q]['answer']> {
    const id = this.nextId++;
    this.send({ type: 'ask', id, query, args });
    return new Promise<ViewQueries[Q]['answer']>((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
    });
  }

  send(message: FromPanel): void {
    this.host.postMessage(message);
  }

  reveal(path: string, line: number): void {
    this.send({ type: 'reveal', path, line });
  }

  /** The reader has arranged something: it will be found so. */
  keep(): void {
    this.host.setState(this.layout);
  }

  private taken(id: number): Waiting | undefined {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    return waiting;
  }
}
