/**
 * A C programmer's first hour: twelve small programs, each with slips of C's habits in it. Every slip is told with the
 * cure, imports included. The library is the real one.
 */
import assert from 'node:assert/strict';
import { createComputer } from '../../src/computer/computer.js';
import { importFor, MODULES } from '../../src/language/suggest.js';
import { readFileSync } from 'node:fs';
import { system } from '../system.js';

type Slip = readonly [text: string, cure: RegExp];

/** Each slip stands alone in `process main { … }`; one that begins with ^ at the top of the file. */
const PROGRAMS: Readonly<Record<string, readonly Slip[]>> = {
  'hello, world': [
    ['^#include <stdio.h>', /import/],
    ['^int main() { return 0; }', /process main \{/],
    ['^int main(int argc, char **argv) { return 0; }', /program name\(a, \.\.\.rest\)/],
    ['printf("hello\\n");', /import "std\/stdio"/],
    ['puts("hello");', /import "std\/stdio"/],
    ['fprintf(stderr, "oops\\n");', /import "std\/stdio"/],
  ],
  counting: [
    ['int i = 0;', /let i = …/],
    ['unsigned int n = 3;', /let n = …/],
    ['for (int i = 0; i < 3; i++) { print(i); }', /for \(let i = 0/],
    ['static let calls = 0;', /global: `var calls/],
    ['static int calls = 0;', /global: `var calls/],
    ['let n = 10L;', /Write `10`/],
    ['let x = 0.5;', /only integers/],
  ],
  'an array': [
    ['let a[10];', /let a = \[\];.*alloc\(10\)/],
    ['char buf[64];', /let buf/],
    ['let n = sizeof(3);', /len\(x\)/],
    ['let a = [1]; let n = sizeof a;', /len\(x\)/],
    ['let b = malloc(10);', /alloc\(n\)/],
    ['let b = alloc(4); memset(b, 0, 4);', /fill\(buf, byte\)/],
    ['let a = {1, 2, 3};', /in brackets: \[1, 2, 3\]/],
  ],
  strings: [
    ["let s = 'hello';", /double quotes: "hello"/],
    ['let n = strlen("a");', /len\(s\)/],
    ['if (strcmp("a", "b") == 0) { print(1); }', /a == b/],
    ['let s = ""; strcpy(s, "b");', /copies a string/],
    ['let s = strcat("a", "b");', /a \+ b/],
    ['let w = strtok("a b", " ");', /split\(s/],
    ['let n = atoi("4");', /int\(s\)/],
    ['let s = sprintf("%d", 3);', /format\("%d"/],
    ['print(format("%f", 3));', /integers.*%d %i/],
    ['print(format("%d %d", 3));', /asks for 2 arguments/],
    ['print("a" "b");', /joined with `\+`/],
  ],
  pointers: [
    ['let n = 0; let w = wait(&n);', /returns it here/],
    ['let b = alloc(4); print(*b);', /b\[0\].*peek\(b\)/],
    ['let p = { x: 1 }; print(p->x);', /a\.field/],
    ['let p = NULL;', /null/],
    ['char *s = "x";', /no pointers/],
    ['let n = (int) 4;', /no casts/],
  ],
  structs: [
    ['^struct point { int x; int y; }', /Write the name alone: `x`/],
    ['^typedef struct point P;', /leave the line out/],
    ['^union u { a; b; }', /struct Name/],
    ['let x = 3; goto out;', /break, continue/],
    ['struct sockaddr_in a;', /`let a = …;`/],
    ['^extern int errno;', /Leave the line out.*errno/],
    ['^inline fn twice(n) { return 2 * n; }', /Leave `inline` out/],
  ],
  'reading lines': [
    ['let b = alloc(9); fgets(b, 9, stdin);', /import "std\/stdio"/],
    ['let f = fopen("/x", "r");', /import "std\/stdio"/],
    ['let c = getchar();', /import "std\/stdio"/],
    ['perror("open");', /strerror\(errno\)/],
  ],
  processes: [
    ['pid_t pid = fork();', /let pid/],
    ['execl("/bin/ls", "ls", null);', /exec\("program"/],
    ['execvp("ls", []);', /exec\("program"/],
    ['system("ls");', /spawn/],
    ['let home = getenv("HOME");', /parameter/],
    ['let fds = [0, 0]; pipe(fds);', /is returned: let fds = pipe\(\);/],
    ['let s = 0; stat("/a", s);', /is returned: let s = stat\(path\);/],
    ['let p = shmget(1, 4096, 0);', /MAP_SHARED.*shared var/],
    ['let a = sbrk(4096);', /alloc\(n\)/],
    ['mlockall(1);', /never paged out/],
  ],
  signals: [
    ['signal(SIGINT, SIG_IGN);', /sigaction\(sig, handler\)/],
    ['let s = 0; sigemptyset(s);', /list of signals/],
    ['let s = []; sigaddset(s, SIGINT);', /push\(sigs/],
  ],
  threads: [
    ['pthread_t t;', /let t/],
    ['let t = pthread_create(0);', /thread\(f/],
    ['pthread_mutex_lock(0);', /lock\(m\)/],
  ],
  sockets: [
    ['let s = socket(); bind(s, htons(80));', /plain numbers/],
    ['let a = inet_addr("127.0.0.1");', /127\.0\.0\.1:80/],
    ['FD_ZERO(0);', /select\(\[fd\]/],
  ],
  time: [
    ['usleep(10);', /sleep\(ticks\)/],
    ['let t = time(null);', /clock\(\)/],
    ['srand(1);', /random\(n\) is seeded/],
  ],
};

function told(text: string): string[] {
  const program = text.startsWith('^')
    ? `${text.slice(1)}\nprocess main { print(1); }\n`
    : `process main {\n  ${text}\n}\n`;
  const { problems } = createComputer(system(), {
    uri: '/program.osim',
    read: (uri) => (uri === '/program.osim' ? program : undefined),
  });
  // An error goes before a warning about the same line.
  const sorted = [...problems.filter((p) => p.severity === 'error'), ...problems.filter((p) => p.severity !== 'error')];
  return sorted.map(({ message, hint }) => `${message} ${hint ?? ''}`);
}

describe('C’s habits', () => {
  it('are forty at least, in twelve programs', () => {
    assert.equal(Object.keys(PROGRAMS).length, 12);
    assert.ok(Object.values(PROGRAMS).flat().length >= 40);
  });

  for (const [name, slips] of Object.entries(PROGRAMS)) {
    describe(name, () => {
      for (const [text, cure] of slips) {
        it(text, () => {
          const all = told(text);
          assert.match(all[0] ?? 'nothing is said', cure);
        });
      }
    });
  }

  it('names that need an import are those of the modules', () => {
    for (const [module, names] of Object.entries(MODULES)) {
      const source = readFileSync(new URL(`../../src/${module}.osim`, import.meta.url), 'utf8');
      for (const name of names.split(' ')) {
        assert.match(source, new RegExp(`^(fn|var|const) ${name}\\b`, 'm'), `${module} has no ${name}`);
        assert.match(importFor(name) ?? '', new RegExp(module));
      }
    }
  });
});
