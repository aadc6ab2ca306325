import assert from 'node:assert';
import fc from 'fast-check';
import {
  charMistake,
  charOf,
  numberMistake,
  numberOf,
  stringBytesOf,
  stringMistakes,
} from '../../src/language/literals.js';

describe('literals', () => {
  it('reads numbers in each base', () => {
    const values: [string, number][] = [
      ['0', 0],
      ['42', 42],
      ['1_000', 1000],
      ['0xFF', 255],
      ['0XfF', 255],
      ['0b101', 5],
      ['0o17', 15],
      ['017', 15],
      ['00', 0],
      ['9007199254740991', Number.MAX_SAFE_INTEGER],
    ];
    for (const [text, value] of values) {
      assert.strictEqual(numberOf(text), value, text);
      assert.strictEqual(numberMistake(text), undefined, text);
    }
  });

  it('says what is wrong with a number', () => {
    assert.strictEqual(numberMistake('9007199254740992')?.code, 'number-too-large');
    assert.strictEqual(numberMistake('089')?.code, 'bad-number');
    assert.strictEqual(numberMistake('0x_')?.code, 'bad-number');
  });

  it('turns text into UTF-8 bytes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        if (/["\\\n\r]/.test(text)) return;
        const expected = String.fromCharCode(...new TextEncoder().encode(text));
        assert.strictEqual(stringBytesOf(`"${text}"`), expected);
      }),
    );
  });

  it("reads C's escapes", () => {
    assert.strictEqual(stringBytesOf('"\\n\\t\\r\\0\\\\\\"\\\'\\a\\b\\f\\v\\e"'), '\n\t\r\0\\"\'\x07\b\f\v\x1b');
    assert.strictEqual(stringBytesOf('"\\x00\\xfF\\x7g"'), '\x00\xff\x07g');
    assert.strictEqual(stringBytesOf('"\\101\\1018\\377\\0"'), 'AA8\xff\0');
    assert.strictEqual(stringBytesOf('"\\u00e9\\u20ac"'), '\xc3\xa9\xe2\x82\xac');
  });

  it('says which escapes mean nothing, and where', () => {
    assert.deepStrictEqual(
      stringMistakes('"a\\q\\x\\u12\\777"').map(({ code, from, to }) => [code, from, to]),
      [
        ['bad-escape', 2, 4],
        ['bad-escape', 4, 6],
        ['bad-escape', 6, 8],
        ['bad-escape', 10, 14],
      ],
    );
  });

  it('reads characters', () => {
    assert.strictEqual(charOf("'a'"), 97);
    assert.strictEqual(charOf("'\\n'"), 10);
    assert.strictEqual(charOf("'\\''"), 39);
    assert.strictEqual(charMistake("'ab'")?.code, 'bad-character');
    assert.strictEqual(charMistake("'é'")?.code, 'bad-character');
    assert.strictEqual(charMistake("'a'"), undefined);
  });
});
