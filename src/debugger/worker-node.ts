/** The entry of the session's worker thread: the desktop editor's. */
import { parentPort } from 'node:worker_threads';
import { serveOn } from './worker-session.js';

const port = parentPort;
if (!port) throw new Error('This file is the entry of a worker thread.');
serveOn(
  { post: (message) => port.postMessage(message), onMessage: (listener) => void port.on('message', listener) },
  { now: () => performance.now(), turn: () => new Promise((resolve) => setImmediate(resolve)) },
);
