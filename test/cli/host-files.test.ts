/** What a program may read of its host: files of its folder, and nothing else, whatever leads there. */
import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describePosix } from '../hosts.js';
import { HostileFolder, hostilePrograms, SECRET } from '../hostile-folder.js';
import { osimIn } from './in-process.js';

describePosix('The command line: files of the host', function () {
  this.timeout(60_000);
  let folder: HostileFolder;
  before(async () => (folder = await new HostileFolder().make()));
  after(() => folder.remove());

  const COMMANDS = [['run'], ['check'], ['test'], ['trace'], ['test', '--reporter', 'junit'], ['run', '--json']];

  it('are those in the folder of the program, by every way that it can write', async () => {
    const programs = hostilePrograms(folder);
    for (const [i, { text, says }] of programs.entries()) {
      folder.write('main.osim', text);
      // Each way by one command, each command by many ways. check starts no scheduler.
      const own = COMMANDS.filter(([name]) => name !== 'check' || !text.startsWith('machine'));
      const command = own[i % own.length];
      const { status, stdout, stderr } = await osimIn(folder.path, ...command, 'main.osim');
      const all = stdout + stderr;
      assert.equal(status, 2, `${command.join(' ')}: ${text}\n${all}`);
      assert.match(all, says, text);
      assert.match(all, /main\.osim:1:\d+: error: /, text);
      assert.ok(!all.includes(SECRET), `${text}\n${all}`);
    }
  });

  it('may be reached by links that stay inside, by `..`, and have any name', async () => {
    folder.write('words.txt', 'words');
    folder.write('grüße/50%.txt', 'percent');
    folder.write('grüße/ä b.osim', 'import "../lib/../twice.osim";\nfn thrice(n) { return n + twice(n); }');
    folder.write('twice.osim', 'fn twice(n) { return 2 * n; }');
    symlinkSync('words.txt', path.join(folder.path, 'inner.txt'));
    folder.write(
      'main.osim',
      `import "./grüße/ä b.osim";
file "/a" from "inner.txt";
file "/b" from "./grüße/50%.txt";
file "/c" from "sub/../words.txt";
process p { print(stat("/a").size, stat("/b").size, stat("/c").size, thrice(1)); }`,
    );
    for (const name of ['main.osim', './main.osim', path.join(folder.path, 'main.osim')]) {
      assert.equal((await osimIn(folder.path, 'run', name)).stdout, '5 7 5 3\n', name);
    }
    assert.equal((await osimIn(path.join(folder.path, 'sub'), 'run', '../main.osim')).stdout, '5 7 5 3\n');
  });

  it('may lie elsewhere in the workspace: the current folder, or one that the user names', async () => {
    folder.write('shared/peer.osim', 'fn peer() { return 7; }');
    folder.write('lessons/one.osim', 'import "../shared/peer.osim";\nprocess p { print(peer()); }');
    const program = path.join(folder.path, 'lessons/one.osim');
    const lessons = path.join(folder.path, 'lessons');
    for (const command of ['run', 'check', 'test', 'trace']) {
      const own = await osimIn(lessons, command, 'one.osim');
      assert.match(own.stdout + own.stderr, /one\.osim:1:1: error: "\.\.\/shared\/peer\.osim" can not be imported: /);
      assert.equal((await osimIn(lessons, command, '--workspace', '..', 'one.osim')).status, 0, command);
      assert.equal((await osimIn(folder.path, command, 'lessons/one.osim')).status, 0, command);
    }
    // The root of the disk and a home are no workspace, nor is a folder that the program does not lie in.
    assert.match((await osimIn('/', 'check', program)).stderr, /outside of the program's folder/);
    assert.match((await osimIn(path.join(folder.path, 'shared'), 'check', program)).stderr, /outside of the program's/);
    const home = process.env['HOME'];
    process.env['HOME'] = folder.path;
    assert.match((await osimIn(folder.path, 'check', program)).stderr, /outside of the program's folder/);
    if (home === undefined) delete process.env['HOME'];
    else process.env['HOME'] = home;
    const refusals: [string[], RegExp][] = [
      [['--workspace', 'shared'], /lessons\/one\.osim lies outside of the workspace shared\./],
      [['--workspace', 'nowhere'], /The workspace nowhere can not be used: there is no such file\./],
      [['--workspace', 'fifo.osim'], /The workspace fifo\.osim can not be used: /],
    ];
    for (const [options, says] of refusals) {
      const { status, stderr } = await osimIn(folder.path, 'run', ...options, 'lessons/one.osim');
      assert.equal(status, 2);
      assert.match(stderr, says);
    }
  });

  it('are files when the user names them: a program, a scheduler, a kernel', async () => {
    folder.write('main.osim', 'process p { print(1); }');
    for (const name of ['fifo.osim', 'device.osim', 'directory.osim', 'socket.osim', 'large.osim', 'loop.osim']) {
      const says = /^osim: .*(can not be read: (it is not a file|its links go|it has \d+ bytes)|has no \.osim file)/;
      for (const words of [
        ['run', name],
        ['check', name],
        ['fmt', name],
        ['run', 'main.osim', '--scheduler', name],
      ]) {
        const { status, stderr } = await osimIn(folder.path, ...words);
        assert.equal(status, 2, words.join(' '));
        assert.match(stderr, says, words.join(' '));
      }
    }
    for (const [i, target] of ['../../outside/secret.osim', '/dev/zero', '../fifo.osim'].entries()) {
      mkdirSync(path.join(folder.path, `kernel${i}`));
      symlinkSync(target, path.join(folder.path, `kernel${i}`, 'sched.osim'));
      const { status, stderr } = await osimIn(folder.path, 'run', 'main.osim', '--kernel', `kernel${i}`);
      assert.equal(status, 2);
      assert.match(stderr, /^osim: The kernel file kernel\d\/sched\.osim can not be read: it lies outside/);
      assert.ok(!stderr.includes(SECRET));
    }
  });

  it('may have as many bytes as the limit says', async () => {
    writeFileSync(path.join(folder.path, 'exact.txt'), 'x'.repeat(16 * 1024 * 1024));
    folder.write('main.osim', 'file "/f" from "exact.txt";\nprocess p { print(stat("/f").size); }');
    assert.equal((await osimIn(folder.path, 'run', 'main.osim')).stdout, '16777216\n');
  });
});
