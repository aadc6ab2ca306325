import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LongString, SHORT } from '../../src/machine/long-string.js';
import { contains } from '../../src/machine/search.js';
import { computerFor } from '../system.js';

type Text = string | LongString;

/** What is done to a pool of strings: a text, joined from two, or cut out of one. */
const deed = fc.oneof(
  fc.record({ kind: fc.constant('text' as const), length: fc.nat(3 * SHORT), seed: fc.nat(25) }),
  fc.record({ kind: fc.constant('join' as const), a: fc.nat(), b: fc.nat() }),
  fc.record({ kind: fc.constant('slice' as const), a: fc.nat(), from: fc.nat(), to: fc.nat() }),
  fc.record({ kind: fc.constant('grow' as const), a: fc.nat(), front: fc.boolean(), times: fc.nat(40) }),
);

function heightOf(text: Text): number {
  return typeof text === 'string' ? 0 : (text as unknown as { height: number }).height;
}

describe('long strings', () => {
  it('are what the host’s strings are, however they were made', () => {
    fc.assert(
      fc.property(fc.array(deed, { minLength: 3, maxLength: 25 }), (deeds) => {
        const pool: { mine: Text; theirs: string }[] = [{ mine: '', theirs: '' }];
        const pick = (i: number): { mine: Text; theirs: string } => pool[i % pool.length];
        for (const d of deeds) {
          if (d.kind === 'text') {
            const theirs = Array.from({ length: d.length }, (_, i) =>
              String.fromCharCode(97 + ((i * i + d.seed) % 26)),
            );
            pool.push({ mine: LongString.of(theirs.join('')), theirs: theirs.join('') });
          } else if (d.kind === 'join') {
            const [a, b] = [pick(d.a), pick(d.b)];
            if (a.theirs.length + b.theirs.length > 300_000) continue;
            pool.push({ mine: LongString.join(a.mine, b.mine), theirs: a.theirs + b.theirs });
          } else if (d.kind === 'slice') {
            const a = pick(d.a);
            const [x, y] = [d.from % (a.theirs.length + 1), d.to % (a.theirs.length + 1)];
            const [from, to] = [Math.min(x, y), Math.max(x, y)];
            pool.push({ mine: a.mine.slice(from, to), theirs: a.theirs.slice(from, to) });
          } else {
            let { mine, theirs } = pick(d.a);
            for (let i = 0; i < d.times; i++) {
              const more = 'x'.repeat(1 + ((i * 37) % 300));
              [mine, theirs] = d.front
                ? [LongString.join(more, mine), more + theirs]
                : [LongString.join(mine, more), theirs + more];
            }
            pool.push({ mine, theirs });
          }
        }
        for (const { mine, theirs } of pool) {
          assert.equal(mine.length, theirs.length);
          for (let i = 0; i < theirs.length; i += 1 + (theirs.length >> 6)) {
            assert.equal(mine.charCodeAt(i), theirs.charCodeAt(i));
          }
          assert.equal(mine.toString(), theirs);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('stay balanced: the height grows with the logarithm of the length', () => {
    const ways: [name: string, grow: (s: Text) => Text][] = [
      ['at the end', (s) => LongString.join(s, 'abcdefgh')],
      ['at the front', (s) => LongString.join('abcdefgh', s)],
      ['at both', (s) => LongString.join('abcdefgh', LongString.join(s, 'abcdefgh'))],
      ['by pieces', (s) => LongString.join(s, 'y'.repeat(1000))],
      ['cut and joined', (s) => LongString.join(s.slice(s.length >> 1, s.length), LongString.join(s, 'z'.repeat(300)))],
    ];
    for (const [name, grow] of ways) {
      let s: Text = 'abc';
      while (s.length < 2_000_000) s = grow(s);
      assert.ok(heightOf(s) <= 22, `${name}: height ${heightOf(s)} for ${s.length} bytes`);
      for (let i = 0; i < 3000; i++) s = s.slice(1, s.length);
      assert.ok(heightOf(s) <= 22, `${name}, shortened: height ${heightOf(s)}`);
    }
  });

  it('are strings to a program, in every way', () => {
    const { machine } = (() => {
      const computer = computerFor(`
var g = "";
process p {
  let s = "";
  for (let i = 0; i < 1000; i++) { s += "0123456789"; g += "0123456789"; }
  let m = map();
  m[s] = 1;
  let l = [s];
  let n = 0;
  for (c in s) { n += c - '0'; }
  print(len(s), s == g, s != g, s < g + "1", s[9999], n, m[g], has(m, s), has(l, g), has(s, "90123"));
  print(str(s) == s, len(str([s])), int(s), s[5000..5004], len(bytes(s)), min(s, "1") == s);
  print(format("%s", s) == s, len(s + s), sort([s + "b", s + "a"])[0] == s + "a", s == s[0..9999] + "9");
  let b = alloc(20000);
  write(1, s[0..3] + "\\n");
  assert(text(b, 0) == "" && len(repeat(s, 2)) == 20000, s);
}
expect outcome() == "finished";`);
      computer.run();
      return computer;
    })();
    assert.equal(
      machine.terminal.text(),
      '10000 true false true 57 45000 1 true true true\n' +
        'true 10004 null 0123 10000 true\n' +
        'true 20000 true true\n' +
        '012\n',
    );
  });

  it('grow in a global without what they were before', () => {
    const computer = computerFor(
      'var g = ""; process p { for (let i = 0; i < 60000; i++) { g += "abcdefgh"; } print(len(g), g < "b"); }',
    );
    assert.equal(computer.run().kind, 'finished');
    assert.equal(computer.machine.terminal.text(), '480000 true\n');
  });

  it('cost what is gone through: compared, sought, looked up', () => {
    const ticks = (body: string): number => {
      const { machine } = computerFor(
        `process p { let s = repeat("a", 160000); let t = s + "b"; let m = map(); let u = t[0..1] + t[1..len(t)]; let n = 0; ${body} }`,
      );
      while (!machine.outcome) machine.run(1_000_000);
      return machine.time;
    };
    const nothing = ticks('');
    for (const body of [
      'if (t == u) { n = 1; }',
      'if (t < u + "c") { n = 1; }',
      'm[t] = 1;',
      'n = m[t];',
      'n = has(m, t);',
    ]) {
      const cost = ticks(body) - nothing;
      assert.ok(cost >= 10_000 && cost < 10_100, `${body} costs ${cost}`);
    }
    const ofLists = (body: string): number => ticks(`let l = bytes(s); ${body}`);
    const cost = ofLists('let k = l[0..100000];') - ofLists('');
    assert.ok(cost >= 100_000 && cost < 100_100, `a slice costs ${cost}`);
  });
});

describe('the search in a string', () => {
  it('finds what is there', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 200 });
    fc.assert(
      fc.property(letters, letters, fc.nat(), (text, pattern, at) => {
        const part = text.slice(at % (text.length + 1));
        for (const sought of [pattern, part, `${part}a`]) assert.equal(contains(text, sought), text.includes(sought));
      }),
      { numRuns: 500 },
    );
  });

  it('is over in time where a naive one is not', () => {
    const text = 'a'.repeat(4_000_000);
    assert.equal(contains(text, `b${'a'.repeat(1_000_000)}`), false);
    assert.equal(contains(text, `${'a'.repeat(1_000_000)}b`), false);
    assert.equal(contains(`${text}b`, `${'a'.repeat(1_000_000)}b`), true);
  });
});
