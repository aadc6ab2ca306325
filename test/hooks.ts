/**
 * What is done after each test of any file: mocha's root hooks, which .mocharc.json asks for. A hook that a module sets
 * as it is loaded would count in one file only: a worker loads a module once, and runs many files.
 */
import { closeClients } from './debugger/client.js';

export const mochaHooks = { afterEach: closeClients };
