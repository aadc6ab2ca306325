/**
 * examples/shell.osim against its twin in C (shell-twin.c) on the real Linux below: `osim trace --format strace` of the
 * one, `strace -f` of the other. Pids and addresses are numbered by first appearance; what a C program does before its
 * main() and what either does to grow its heap is left out. Process by process, all else must be the same: calls,
 * arguments, results, signals, exits.
 *
 * Who runs when differs from run to run on a real machine, so nothing is said about the order between processes.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { leaveOut } from './left-out.js';
import { straceOf, root } from '../std/program-run.js';

const TYPED = 'cat /etc/motd | wc\n';
const MOTD = 'Welcome to OSim\nstep into everything\n';
/** On a real machine SIGCHLD may come a call earlier or later, or two may become one. */
const TRIES = 20;

/** Calls of the C library's start, and of both allocators. */
const NOT_THE_PROGRAM =
  /^(brk|mmap|munmap|mprotect|arch_prctl|set_tid_address|set_robust_list|rseq|prlimit64|readlink|readlinkat|getrandom|access)\(/;

describe('strace', () => {
  let ours: string;
  before(async () => {
    ours = await straceOf(path.join(root, 'examples/shell.osim'));
  });

  it('has lines of the forms that strace has', () => {
    const strange = lines(ours).filter((line) => !FORMS.some((form) => form.test(line)));
    assert.deepEqual(strange, []);
    for (const form of FORMS)
      assert.ok(
        lines(ours).some((line) => form.test(line)),
        `no line of the form ${form.source}`,
      );
  });

  it('shows of the shell what it shows of its twin in C', function () {
    this.timeout(120_000);
    const folder = mkdtempSync(path.join(tmpdir(), 'osim-twin-'));
    try {
      const lack = build(folder);
      if (lack !== undefined) leaveOut(this, lack, process.platform === 'linux');
      const refusal = refusalToTrace(folder);
      if (refusal !== undefined) leaveOut(this, refusal, false);
      const wanted = conversations(ours);
      let seen = conversations(straceOfTwin(folder));
      for (let i = 1; i < TRIES && JSON.stringify(seen) !== JSON.stringify(wanted); i++) {
        seen = conversations(straceOfTwin(folder));
      }
      assert.deepEqual(wanted, seen);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

/** A whole call, its first half, its second half, a signal, an end. */
const FORMS = [
  /^(\[pid +\d+\] )?\w+\(.*\) += (\?|-?\d+|0x[0-9a-f]+)( E\w+ \(.+\))?$/,
  /^(\[pid +\d+\] )?\w+\(.* <unfinished \.\.\.>$/,
  /^(\[pid +\d+\] )?<\.\.\. \w+ resumed>.*\) += (\?|-?\d+|0x[0-9a-f]+)( E\w+ \(.+\))?$/,
  /^(\[pid +\d+\] )?--- SIG[A-Z0-9]+ \{si_signo=.*\} ---$/,
  /^(\[pid +\d+\] )?\+\+\+ (exited with \d+|killed by SIG[A-Z0-9]+) \+\+\+$/,
];

function lines(trace: string): string[] {
  return trace.split('\n').filter((line) => line !== '');
}

// ---- The twin ------------------------------------------------------------------------------------------------------

/** Makes the twin under its three names. Returns why it can not be had. */
function build(folder: string): string | undefined {
  for (const tool of ['cc', 'strace']) {
    if (spawnSync(tool, ['--version']).error) return `this machine has no ${tool}`;
  }
  const source = path.join(root, 'test/linux/shell-twin.c');
  const made = spawnSync('cc', ['-static', '-w', '-o', 'shell', source], { cwd: folder, encoding: 'utf8' });
  if (made.status !== 0) return `the C twin does not compile here: ${made.stderr.split('\n')[0]}`;
  for (const name of ['cat', 'wc']) symlinkSync('shell', path.join(folder, name));
  mkdirSync(path.join(folder, 'etc'));
  writeFileSync(path.join(folder, 'etc/motd'), MOTD);
  return undefined;
}

/** A container may forbid it. */
function refusalToTrace(folder: string): string | undefined {
  const tried = spawnSync('strace', ['-q', './wc'], { cwd: folder, input: '', encoding: 'utf8' });
  return tried.status === 0 ? undefined : `strace may not trace here: ${tried.stderr.trim().split('\n').pop()}`;
}

function straceOfTwin(folder: string): string {
  const { stderr } = spawnSync('strace', ['-f', '-q', './shell'], { cwd: folder, input: TYPED, encoding: 'utf8' });
  return stderr.replaceAll('"etc/motd"', '"/etc/motd"');
}

// ---- What each process said ----------------------------------------------------------------------------------------

interface Line {
  /** Null where strace says none, since there is but one process. */
  pid: string | null;
  text: string;
}

/** For each process in order of birth: its calls, signals and end. */
function conversations(trace: string): string[][] {
  const all = lines(trace).map(parse);
  const pids = inOrderOfBirth(all);
  const alive = new Set(pids.slice(0, 1));
  const begun = new Map<string, string>();
  const said = new Map<string, string[]>(pids.map((pid) => [pid, []]));
  for (const line of all) {
    const pid = line.pid ?? [...alive][0];
    alive.add(pid);
    if (line.text.startsWith('+++')) alive.delete(pid);
    const text = joined(begun, pid, line.text);
    if (text !== undefined && !NOT_THE_PROGRAM.test(text)) said.get(pid)?.push(neutral(text, pids));
  }
  const [first, ...children] = [...said.values()];
  // How the shell itself was started is no part of the comparison.
  return [(first ?? []).filter((text, i) => i > 0 || !text.startsWith('execve(')), ...children];
}

function parse(line: string): Line {
  const match = /^\[pid +(\d+)\] (.*)$/.exec(line);
  return match ? { pid: match[1], text: match[2] } : { pid: null, text: line };
}

/** The first process is the one that no other made. */
function inOrderOfBirth(all: readonly Line[]): string[] {
  const children = all.flatMap(({ text }) => /^(?:clone\(|<\.\.\. clone resumed>).* = (\d+)$/.exec(text)?.[1] ?? []);
  const first = all.find(({ pid }) => pid !== null && !children.includes(pid))?.pid;
  return [first ?? 'the only one', ...children];
}

/** Puts the halves of an interrupted line together; undefined for a first half. */
function joined(begun: Map<string, string>, pid: string, text: string): string | undefined {
  if (text.endsWith(' <unfinished ...>')) {
    begun.set(pid, text.slice(0, -' <unfinished ...>'.length));
    return undefined;
  }
  const rest = /^<\.\.\. \w+ resumed>(.*)$/.exec(text);
  return rest ? `${begun.get(pid) ?? ''}${rest[1]}` : text;
}

function neutral(text: string, pids: readonly string[]): string {
  return text
    .replace(/\) += /, ') = ')
    .replace(/\/\* \d+ vars \*\//, '/* vars */')
    .replace(/si_(utime|stime|uid)=\d+/g, 'si_$1=0')
    .replace(/0x[0-9a-f]+/g, 'ADDRESS')
    .replace(/\b\d+\b/g, (number) =>
      pids.includes(number) && isPid(text, number) ? `P${pids.indexOf(number) + 1}` : number,
    );
}

/** Small numbers are pids only where a pid stands: OSim's are as small as its descriptors. */
function isPid(text: string, number: string): boolean {
  return new RegExp(`^wait4\\(${number},|^(wait4|clone)\\(.* = ${number}$|si_pid=${number}\\b|^kill\\(${number},`).test(
    text,
  );
}
