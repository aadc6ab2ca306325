/** A program for server.test.ts: the debug adapter on standard input and output. */
import path from 'node:path';
import { serve } from '../../src/debugger/server-node.js';

await serve(path.resolve(import.meta.dirname, '../../dist'), process.stdin, process.stdout, (line) =>
  console.error(line),
);
process.exit();
