import assert from 'node:assert/strict';
import fc from 'fast-check';
import * as arithmetic from '../../src/compiler/arithmetic.js';

const integer = fc.oneof(
  fc.maxSafeInteger(),
  fc.integer(),
  fc.constantFrom(0, 1, -1, 0xffffffff, 0x80000000, -0x80000000, 2 ** 53 - 1, -(2 ** 53 - 1)),
);

const exact: Record<string, (a: bigint, b: bigint) => bigint> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  mod: (a, b) => a % b,
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
};

/** The result, or the kind of the fault. */
function outcome(compute: () => number): number | string {
  try {
    return compute();
  } catch (error) {
    assert.ok(error instanceof arithmetic.ArithmeticFault);
    return error.kind;
  }
}

function expected(compute: () => bigint): number | string {
  const value = Number(compute());
  return Number.isSafeInteger(value) ? value : 'overflow';
}

describe('Arithmetic', () => {
  for (const [name, operation] of Object.entries(exact)) {
    it(`${name} is exact over 53 bits`, () => {
      const mine = arithmetic[name as 'add'];
      fc.assert(
        fc.property(integer, integer, (a, b) => {
          fc.pre(b !== 0 || !['div', 'mod'].includes(name));
          const result = outcome(() => mine(a, b));
          assert.equal(
            result,
            expected(() => operation(BigInt(a), BigInt(b))),
          );
          assert.ok(!Object.is(result, -0), 'no negative zero');
        }),
      );
    });
  }

  it('shifts as two’s complement does', () => {
    fc.assert(
      fc.property(integer, fc.integer({ min: 0, max: 70 }), (a, n) => {
        assert.equal(
          outcome(() => arithmetic.shl(a, n)),
          expected(() => BigInt(a) << BigInt(n)),
        );
        assert.equal(arithmetic.shr(a, n), Number(BigInt(a) >> BigInt(n)));
      }),
    );
    assert.equal(
      outcome(() => arithmetic.shl(1, -1)),
      'shift',
    );
  });

  it('keeps an address positive', () => {
    assert.equal(arithmetic.and(0xc0000000, arithmetic.not(0xfff)), 0xc0000000);
  });

  it('has no result for a division by zero', () => {
    assert.equal(
      outcome(() => arithmetic.div(1, 0)),
      'division',
    );
    assert.equal(
      outcome(() => arithmetic.mod(1, 0)),
      'division',
    );
  });
});
