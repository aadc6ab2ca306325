/**
 * A sequence: calls of one to three actors (processes started by fork), in one order. Step i is due at slot i + 1; whoever
 * is blocked or stopped then misses its turn. As text, a step is "ACTOR WORD ARGUMENT…", the words those of prelude.osim:
 *
 *   0 pipe2 0          0 fork 1          1 read 0 10          0 write 1 a 3
 *
 * Arguments: numbers, constants ("O_RDWR|O_CREAT"), A0 … A2 (an actor's pid), -A1 (its group), m4096 (a place in the
 * arena), null, kernel; paths are in quotes.
 */
export interface Step {
  readonly actor: number;
  readonly word: string;
  readonly args: readonly string[];
}

export type Sequence = readonly Step[];

export const ACTORS = 3;

export function parseStep(text: string): Step {
  const [actor = '', word = '', ...args] = text.trim().split(/ +/);
  if (!/^[0-2]$/.test(actor) || !/^\w+$/.test(word)) throw new Error(`not a step: ${text}`);
  return { actor: Number(actor), word, args };
}

export function parseSequence(lines: readonly string[]): Sequence {
  return lines.map(parseStep);
}

export function printStep({ actor, word, args }: Step): string {
  return [actor, word, ...args].join(' ');
}

/** Whether time itself plays a part: only then do slots have a length on the host. */
export function isTimed(sequence: Sequence): boolean {
  return sequence.some(({ word }) => word === 'sleep' || word === 'alarm');
}

const GROUP_OF: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries({
    descriptors: 'open close dup dup2 dup3 fcntl limit',
    'files and offsets': 'read write pread pwrite readv writev lseek truncate ftruncate fsync stat fstat lstat',
    'directories and links': 'mkdir rmdir link symlink unlink rename chmod umask chdir readdir',
    'pipes and capacity': 'pipe2 mkfifo fionread',
    'non-blocking': 'fionbio',
    'fork and wait': 'fork exit waitpid waitid getppid getpgid setpgid setsid yield',
    signals: 'sigaction sigprocmask sigpending kill raise pause alarm sleep pass',
    memory: 'mmap mmapx munmap mprotect peek poke readm writem',
  }).flatMap(([group, words]) => words.split(' ').map((word) => [word, group])),
);

/** The group that a call counts for. */
export function groupOf(word: string): string {
  return GROUP_OF[word] ?? 'other';
}

// ---- As a program for the simulated computer -------------------------------------------------------------------------

const QUOTED_FIRST = new Set(['write', 'pwrite', 'writev', 'sigaction']);

function argument(step: Step, arg: string, index: number): string {
  if (arg.startsWith('"')) return arg;
  if (/^-?A[0-2]$/.test(arg)) return arg.replace(/A(\d)/, 'pid_of($1)');
  if (/^m\d+$/.test(arg)) return `at(${arg.slice(1)})`;
  if (arg === 'null') return '0';
  if (arg === 'kernel') return 'KERNEL_ADDRESS';
  const letter = (index === 1 || index === 3) && QUOTED_FIRST.has(step.word) && /^[A-Za-z]+$/.test(arg);
  return letter ? `"${arg}"` : arg.replaceAll('|', ' | ');
}

function call(step: Step): string {
  const args = step.args.map((arg, index) => argument(step, arg, index));
  if (step.word === 'sigprocmask') return `op_sigprocmask(${args[0]}, [${args.slice(1).join(', ')}])`;
  return `op_${step.word}(${args.join(', ')})`;
}

function body(sequence: Sequence, actor: number, from: number, name: string): string {
  const lines = sequence.flatMap((step, i) => {
    if (step.actor !== actor || i < from) return [];
    if (step.word !== 'fork') return [`  if (turn(${i})) { say(${i}, ${call(step)}); }`];
    const child = step.args[0];
    return [
      `  if (turn(${i})) {`,
      '    let pid = fork();',
      `    if (pid == 0) { become(${child}); ${name}_${i}(); }`,
      `    forked(${i}, ${child}, pid);`,
      '  }',
    ];
  });
  return lines.join('\n');
}

/** The window of time that each sequence of a batch has for itself, ticks: more than 100 slots. */
export const WINDOW = 2_000_000;

/** A program that makes these sequences one after another, each by a process of its own. */
export function emit(sequences: ReadonlyMap<number, Sequence>): string {
  const parts = ['import "./prelude.osim";', 'machine { costs = none; quantum = 1000000; }'];
  // The first process leads the group of all, and could not have a session of its own.
  parts.push('process leader { exit(0); }');
  for (const [number, sequence] of sequences) {
    const name = `actor_${number}`;
    sequence.forEach((step, i) => {
      if (step.word !== 'fork') return;
      parts.push(`fn ${name}_${i}() {\n${body(sequence, Number(step.args[0]), i + 1, name)}\n  hang();\n}`);
    });
    const start = [...sequences.keys()].indexOf(number) * WINDOW;
    parts.push(
      `process main_${number} at ${start} {\n  begin(${number});\n${body(sequence, 0, 0, name)}\n  hang();\n}`,
    );
  }
  return parts.join('\n\n') + '\n';
}
