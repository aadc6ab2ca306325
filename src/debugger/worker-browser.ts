/** The entry of the session's web worker: the browser editor's. */
import { serveOn } from './worker-session.js';

/** The part of a dedicated worker's scope that is used here; the DOM's types are not loaded. */
interface WorkerScope {
  postMessage(message: unknown): void;
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void;
}
const scope = globalThis as unknown as WorkerScope;

/** A message to oneself comes after those that wait already, and without the delay of a timer. */
const channel = new MessageChannel();
const turns: (() => void)[] = [];
(channel.port1 as unknown as { onmessage: () => void }).onmessage = () => turns.shift()?.();

serveOn(
  {
    post: (message) => scope.postMessage(message),
    onMessage: (listener) => scope.addEventListener('message', (event) => listener(event.data)),
  },
  {
    now: () => performance.now(),
    turn: () =>
      new Promise((resolve) => {
        turns.push(resolve);
        channel.port2.postMessage(null);
      }),
  },
);
