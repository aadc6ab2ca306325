/**
 * Traces in strace's format against what strace 6.1 on Debian 12 wrote of the same program in C (strace/*.txt). There,
 * pids and addresses have no values, halves of interrupted calls are joined, what a C program does before its main() is
 * left out, ports that the kernel has chosen are PORT, and lines stand process by process, since who runs when is
 * chance on a real machine; so is how many calls a SIGCHLD comes early or late: those stand at the end.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root, straceOf } from '../std/program-run.js';

const folder = path.join(root, 'test/cli/strace');

describe('strace, beside the real one', () => {
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.osim'))) {
    it(path.basename(file, '.osim'), async () => {
      const real = readFileSync(path.join(folder, file.replace('.osim', '.txt')), 'utf8');
      assert.equal(byProcess(await straceOf(path.join(folder, file))), real);
    });
  }

  it('puts results into column 40, and says whose a line is while there are several', async () => {
    const trace = (await straceOf(path.join(folder, 'zombie.osim'))).split('\n');
    assert.ok(trace.includes('[pid     3] exit_group(7)               = ?'));
    assert.ok(trace.includes('wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 7}], 0, NULL) = 3'));
    assert.equal(trace.at(-3), 'exit_group(0)                           = ?');
    assert.equal(trace.at(-2), '+++ exited with 0 +++');
  });

  it('shows the two calls of io_uring, and not what goes through the rings', async () => {
    const trace = (await straceOf(path.join(root, 'examples/io-5-uring.osim'))).split('\n');
    const ours = trace.filter((line) => line.startsWith('io_uring')).map((line) => line.replace(/ +=/, ' ='));
    assert.equal(
      ours[0],
      'io_uring_setup(9, {flags=0, sq_thread_cpu=0, sq_thread_idle=0, sq_entries=16, cq_entries=32, ' +
        'features=IORING_FEAT_SINGLE_MMAP|IORING_FEAT_NODROP|IORING_FEAT_SUBMIT_STABLE|IORING_FEAT_RW_CUR_POS|IORING_FEAT_FAST_POLL, ' +
        'sq_off={head=0, tail=4, ring_mask=16, ring_entries=24, flags=36, dropped=32, array=576}, ' +
        'cq_off={head=8, tail=12, ring_mask=20, ring_entries=28, overflow=44, cqes=64, flags=40}}) = 4',
    );
    assert.equal(ours[1], 'io_uring_enter(4, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0) = 1');
    assert.ok(ours.length < 20);
  });
});

const FIRST = 2;

/** `P1: read(3, "hi", 10) = 2`, for each process in order of birth. */
function byProcess(trace: string): string {
  const said = new Map<number, string[]>();
  const begun = new Map<number, string>();
  for (const line of trace.split('\n').filter((text) => text !== '')) {
    const match = /^\[pid +(\d+)\] (.*)$/.exec(line);
    const pid = Number(match?.[1] ?? FIRST);
    const text = match?.[2] ?? line;
    if (text.endsWith(' <unfinished ...>')) begun.set(pid, text.slice(0, -' <unfinished ...>'.length));
    else said.set(pid, [...(said.get(pid) ?? []), text.replace(/^<\.\.\. \w+ resumed>/, () => begun.get(pid) ?? '')]);
  }
  const pids = [...said.keys()].sort((a, b) => a - b);
  const lines = pids.flatMap((pid) => {
    const all = (said.get(pid) ?? []).filter((text) => !text.startsWith('brk('));
    const chance = all.filter((text) => text.startsWith('--- SIGCHLD'));
    return [...all.filter((text) => !chance.includes(text)), ...chance].map(
      (text) => `${named(pid)}: ${neutral(text)}`,
    );
  });
  return `${lines.join('\n')}\n`;
}

function named(pid: number): string {
  return `P${pid - FIRST + 1}`;
}

function neutral(text: string): string {
  return text
    .replace(/^((?:clone|wait4)\(.*\) += )([1-9]\d*)$/, (_, call: string, pid: string) => call + named(Number(pid)))
    .replace(
      /(si_pid=|^kill\(|^rt_sigqueueinfo\(|^getpid\(\) += |F_SETOWN, |F_OWNER_PID, pid=)([1-9]\d*)/g,
      (_, before: string, pid: string) => before + named(Number(pid)),
    )
    .replace(/htons\((3[2-9]|[456]\d)\d{3}\)/g, 'htons(PORT)')
    .replace(/0x[0-9a-f]+/g, 'ADDRESS')
    .replace(/tv_nsec=\d+/g, 'tv_nsec=N')
    .replace(/\) += /, ') = ');
}
