/**
 * Calls that exist in one place only: what an `expect` may ask about a finished run, and what a `remote`, which runs on
 * another computer, may do. They are no part of libc, so they are declared here.
 */
import type { LibraryEntry, LibraryParameter } from './library.js';

function special(name: string, params: readonly LibraryParameter[], summary: string, details?: string): LibraryEntry {
  const minArity = params.filter((param) => param.default === undefined && !param.rest).length;
  return {
    name,
    kind: 'extern',
    audience: 'user',
    params,
    minArity,
    ...(!params.some((param) => param.rest) && { maxArity: params.length }),
    doc: { summary, ...(details && { details }) },
    file: '',
    line: 0,
    column: 0,
  };
}

function byName(entries: readonly LibraryEntry[]): ReadonlyMap<string, LibraryEntry> {
  return new Map(entries.map((entry) => [entry.name, entry]));
}

export const EXPECT_CALLS = byName([
  special(
    'stdout',
    [{ name: 'name' }],
    'What the processes of that name wrote to the terminal.',
    'Those declared with the name and their descendants, in order of time; "name[i]" for one of several. Of a remote: what it printed.',
  ),
  special('exit_code', [{ name: 'name' }], 'The exit code of a process; null if a signal ended it.'),
  special('term_signal', [{ name: 'name' }], 'The signal that ended a process; null if none did.'),
  special('outcome', [], 'How the run ended: "finished", "idle", "deadlock", "panic" or "limit".'),
  special(
    'stat',
    [{ name: 'counter_or_name' }, { name: 'counter', default: 'null' }],
    'A counter of the run, stat("context_switches"), or of a process, stat("name", "blocked").',
  ),
]);

/** Library functions that a remote may call besides: they work on values alone, and need no memory and no kernel. */
export const REMOTE_LIBRARY: ReadonlySet<string> = new Set(
  'len str int bytes repeat format push pop shift insert remove map keys has sort min max abs'.split(' '),
);

export const REMOTE_CALLS = byName([
  special(
    'connect',
    [{ name: 'port' }],
    'Connects to a port of the simulated computer; returns the connection, or null when it is refused.',
    'Where nobody listens yet it tries again, eight times: after the latency of the network, twice that, four times that …',
  ),
  special(
    'send',
    [{ name: 's' }, { name: 'bytes' }],
    'Sends bytes to the simulated computer; returns how many, or -1 when the connection was reset.',
    'Waits while more than 64 KiB are not acknowledged.',
  ),
  special(
    'recv',
    [{ name: 's' }, { name: 'n' }],
    'Waits for bytes, and returns up to n; an empty string is the end, or a reset.',
  ),
  special(
    'close',
    [{ name: 's' }],
    'Closes the connection: with a FIN, or with a reset when bytes have come that were not read.',
  ),
  special('sleep', [{ name: 'ticks' }], 'Waits for so many ticks, at least 1.'),
  special('random', [{ name: 'n' }], 'A seeded random integer below n.'),
  special('print', [{ name: 'values', rest: true }], 'Writes a line to the log of the run; stdout("name") has it too.'),
]);
