import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { ATOMICS } from '../../src/machine/atomics.js';
import { LIBRARY } from '../../src/machine/library.js';
import { Fault, PageFault, SIGABRT, SIGILL, SIGSEGV } from '../../src/machine/native.js';
import { BufferValue, ListValue, MapValue, type Value } from '../../src/machine/values.js';
import { undoIsIdentity } from './undo.js';
import { TestContext, record } from './native-context.js';

const list = (...items: Value[]) => new ListValue(0, items);
const items = (value: Value) => (value as ListValue).toArray();

function faults(context: TestContext, message: RegExp, name: string, ...args: Value[]): void {
  assert.throws(
    () => context.call(name, ...args),
    (error) => error instanceof Fault && error.signal === SIGILL && message.test(error.message),
    `${name} should say ${message}`,
  );
}

function segfaults(context: TestContext, name: string, ...args: Value[]): void {
  assert.throws(
    () => context.call(name, ...args),
    (error) => error instanceof PageFault || (error instanceof Fault && error.signal === SIGSEGV),
  );
}

describe('library functions', () => {
  let machine: TestContext;
  beforeEach(() => (machine = new TestContext()));

  it("are those of builtins.osim but for the CPU's own", () => {
    const declared = readFileSync('src/std/builtins.osim', 'latin1').match(/(?<=^extern fn )\w+/gm) ?? [];
    const ofTheCpu = [
      'compute',
      'coroutine',
      'resume',
      'done',
      'running',
      '__syscall',
      '__argument',
      '__fault',
      '__stack_take',
      '__stack_give',
      '__thread_id',
    ];
    assert.deepEqual(
      Object.keys({ ...LIBRARY, ...ATOMICS }).sort(),
      declared.filter((name) => !ofTheCpu.includes(name)).sort(),
    );
  });

  it('throw nothing but faults, whatever the arguments', () => {
    const value: fc.Arbitrary<Value> = fc.oneof(
      fc.integer({ min: -3, max: 70_000 }),
      fc.constantFrom(2 ** 32 - 1, 2 ** 53 - 1, 1 - 2 ** 53),
      fc.constantFrom<Value>(
        null,
        true,
        '',
        'a',
        '%d %s',
        '%99999999s',
        new BufferValue(4090, 20),
        new BufferValue(0, 2 ** 40),
      ),
      fc.constant(null).map(() => list(3, 1, 'x')),
      fc.constant(null).map(() => list(3, 1)),
      fc.constant(null).map(() => new MapValue(0, new Map([[1, 2]]))),
      fc.constant(null).map(() => record('Point', { x: 1 })),
    );
    const call = fc.tuple(fc.constantFrom(...Object.keys(LIBRARY)), fc.array(value, { minLength: 1, maxLength: 4 }));
    fc.assert(
      fc.property(call, ([name, args]) => {
        try {
          const result = new TestContext().call(name, ...args);
          assert.notEqual(result, undefined);
          if (typeof result === 'number') assert.ok(Number.isSafeInteger(result));
        } catch (error) {
          assert.ok(error instanceof Fault || error instanceof PageFault, `${name}: ${error}`);
        }
      }),
      { numRuns: 3000 },
    );
  });

  it('leave everything as it was when they fault', () => {
    machine.absent.add(2);
    machine.memory.write(4096, 'x'.repeat(4096));
    const before = machine.memory.string(0, 4 * 4096);
    const across = new BufferValue(2 * 4096 - 10, 20);
    segfaults(machine, 'fill', across, 1);
    segfaults(machine, '__store_bytes', across.address, 'y'.repeat(20));
    segfaults(machine, '__store', 2 * 4096 - 3, 8, -1);
    segfaults(machine, 'text', across);
    assert.equal(machine.memory.string(0, 4 * 4096), before);
    assert.equal(machine.ticks, 0);
    const full = list(1);
    faults(machine, /outside of the list: it has 1 element$/, 'remove', full, 1);
    faults(machine, /index 2 is outside of the list: it has 1 element$/, 'insert', full, 2, 9);
    assert.deepEqual(items(full), [1]);
  });

  describe('on memory', () => {
    it('text, fill, bytes', () => {
      const buffer = new BufferValue(4094, 6);
      machine.call('fill', buffer, 0x41 + 256);
      assert.equal(machine.call('text', buffer), 'AAAAAA');
      assert.equal(machine.call('text', buffer, 3), 'AAA');
      assert.equal(machine.call('text', 4095, 2), 'AA');
      assert.equal(machine.call('text', buffer, 0), '');
      assert.deepEqual(items(machine.call('bytes', 'A\xff')), [65, 255]);
      faults(machine, /text: 7 bytes of a buffer of 6/, 'text', buffer, 7);
      faults(machine, /text: the second argument is -1: did the call that gave it fail/, 'text', buffer, -1);
      faults(machine, /text: the second argument must be an integer, not null/, 'text', 4096);
      faults(machine, /text: the first argument must be a buffer or an address, not a list/, 'text', list(), 1);
      faults(machine, /fill: the first argument must be a buffer, not an integer/, 'fill', 4096, 1);
      faults(machine, /text: at most 16 MiB/, 'text', 0, 2 ** 30);
      segfaults(machine, 'text', null, 2 ** 20);
      segfaults(machine, 'text', 2 ** 33, 1);
      segfaults(machine, 'text', -5, 1);
    });

    it('peek, poke, addr', () => {
      machine.call('poke', 5000, 258);
      assert.equal(machine.call('peek', 5000), 2);
      assert.equal(machine.call('peek', new BufferValue(5000, 1)), 2);
      assert.equal(machine.call('addr', new BufferValue(5000, 1)), 5000);
      machine.readOnly.add(1);
      segfaults(machine, 'poke', 5000, 1);
      segfaults(machine, 'peek', 2 ** 20);
      faults(machine, /addr: the first argument must be a buffer, not a string/, 'addr', 'x');
    });

    it('__load gives back what __store stored, of each size, also across pages', () => {
      fc.assert(
        fc.property(fc.integer({ min: 4085, max: 4100 }), fc.maxSafeInteger(), (address, value) => {
          machine.call('__store', address, 8, value);
          assert.equal(machine.call('__load', address, 8), value);
          for (const size of [1, 2, 4]) {
            machine.call('__store', address, size, value);
            assert.equal(machine.call('__load', address, size), Number(BigInt.asUintN(8 * size, BigInt(value))));
          }
          assert.equal(machine.call('__load', address, 8), value);
        }),
      );
      faults(machine, /__load: an integer in memory has 1, 2, 4 or 8 bytes, not 3/, '__load', 0, 3);
    });

    it('__load_bytes, __store_bytes, __buffer', () => {
      const bytes = 'ab\0\xff'.repeat(3000);
      machine.call('__store_bytes', 4000, bytes);
      assert.equal(machine.call('__load_bytes', 4000, bytes.length), bytes);
      assert.deepEqual(machine.call('__buffer', 4000, 3), new BufferValue(4000, 3));
      machine.readOnly.add(3);
      segfaults(machine, '__store_bytes', 3 * 4096 - 1, 'xy');
      faults(machine, /__store_bytes: the second argument must be a string, not an integer/, '__store_bytes', 1, 2);
    });
  });

  describe('on strings', () => {
    it('str, int, repeat', () => {
      assert.equal(machine.call('str', list(1, 'x')), '[1, "x"]');
      const spelled = { '12': 12, ' -0x1F ': -31, '0b101': 5, '+7': 7, '-0': 0, '9007199254740991': 2 ** 53 - 1 };
      for (const [text, value] of Object.entries(spelled)) assert.equal(machine.call('int', text), value);
      for (const none of ['', '-', '1.5', '0x', '12a', '9007199254740992', '0b2', 'Infinity']) {
        assert.equal(machine.call('int', none), null);
      }
      assert.equal(machine.call('int', true), 1);
      assert.equal(machine.call('int', 3), 3);
      assert.equal(machine.call('int', list()), null);
      assert.equal(machine.call('repeat', 'ab', 3), 'ababab');
      assert.equal(machine.call('repeat', 'ab', 0), '');
      faults(machine, /repeat: a string may have 16 MiB at most/, 'repeat', 'ab', 2 ** 40);
      faults(machine, /repeat: the second argument is -1/, 'repeat', 'ab', -1);
    });

    it('format, as printf', () => {
      const cases: [string, string, ...Value[]][] = [
        ['7 -7', '%d %d', 7, -7],
        ['    7|7    |00007', '%5d|%-5d|%05d', 7, 7, 7],
        ['-0007|   -7', '%05d|%5d', -7, -7],
        ['ff 0ff 17 18446744073709551615', '%x %03x %o %u', 255, 255, 15, -1],
        ['ffffffffffffffff', '%x', -1],
        ['AB', '%c%c', 65, 'B'],
        ['  ab|ab  |ab', '%4s|%-4s|%s', 'ab', 'ab', 'ab'],
        ['[1, "x"] true', '%s %s', list(1, 'x'), true],
        ['100% 1', '100%% %ld', 1],
        ['', ''],
      ];
      for (const [expected, pattern, ...args] of cases)
        assert.equal(machine.call('format', pattern, ...args), expected);
      faults(machine, /format: %d has no argument/, 'format', '%d');
      faults(
        machine,
        /format: there is no conversion %\.2f: numbers are integers here; there are %d %i %u/,
        'format',
        '%.2f',
        1,
      );
      faults(machine, /format: there is no conversion %;/, 'format', 'at 100%');
      faults(machine, /format: %d needs an integer, this is a string/, 'format', '%d', 'x');
      faults(machine, /format: %c needs a byte or a string of one, this is a string/, 'format', '%c', 'xy');
      faults(machine, /16 MiB at most/, 'format', '%99999999d', 1);
      const long = 'x'.repeat(2 ** 23);
      faults(machine, /16 MiB at most/, 'format', '%s%s%s', long, long, long);
    });
  });

  describe('on lists and maps', () => {
    it("push, pop, shift, insert, remove: as an array's", () => {
      const operation = fc.oneof(
        fc.record({ name: fc.constant('push'), args: fc.tuple(fc.nat(9)) }),
        fc.record({ name: fc.constantFrom('pop', 'shift'), args: fc.constant([] as number[]) }),
        fc.record({ name: fc.constant('insert'), args: fc.tuple(fc.nat(5), fc.nat(9)) }),
        fc.record({ name: fc.constant('remove'), args: fc.tuple(fc.nat(5)) }),
      );
      fc.assert(
        fc.property(fc.array(operation, { maxLength: 300 }), (operations) => {
          const subject = list();
          const model: Value[] = [];
          for (const { name, args } of operations) {
            const [i = 0, x = 0] = args;
            if (name === 'insert' && i > model.length) continue;
            if (name === 'remove' && i >= model.length) continue;
            const got = machine.call(name, subject, ...args);
            if (name === 'push') assert.equal(got, model.push(i));
            else if (name === 'pop') assert.equal(got, model.pop() ?? null);
            else if (name === 'shift') assert.equal(got, model.shift() ?? null);
            else if (name === 'insert') model.splice(i, 0, x);
            else assert.equal(got, model.splice(i, 1)[0]);
            assert.deepEqual(items(subject), model);
            assert.equal(machine.call('len', subject), model.length);
          }
        }),
      );
      faults(machine, /push: the first argument must be a list, not a string/, 'push', 'x', 1);
      faults(machine, /shift: the first argument must be a list, not null/, 'shift', null);
      faults(machine, /remove: the first argument must be a list or a map, not an integer/, 'remove', 3, 0);
    });

    it('shift takes the same time at any length, and gives back the room', () => {
      const queue = list(...Array.from({ length: 10_000 }, (_, i) => i));
      for (let i = 0; i < 10_000; i++) assert.equal(machine.call('shift', queue), i);
      assert.ok(queue.items.length < 100);
      assert.equal(machine.ticks, 0);
    });

    it('go back and forward exactly', () => {
      undoIsIdentity(fc.tuple(fc.constantFrom('push', 'pop', 'shift', 'sort'), fc.nat(9)), (history) => {
        const context = new TestContext();
        Object.assign(context, { history });
        const subject = new ListValue(history.epoch, []);
        return {
          apply: ([name, x]) => void (name === 'push' ? context.call(name, subject, x) : context.call(name, subject)),
          observe: () => items(subject),
        };
      });
    });

    it('map, keys, has, remove, len', () => {
      const m = machine.call('map') as MapValue;
      m.entries.set('b', 1).set(2, 'two').set(true, null);
      assert.deepEqual(items(machine.call('keys', m)), ['b', 2, true]);
      assert.equal(machine.call('has', m, 2), true);
      assert.equal(machine.call('has', m, '2'), false);
      assert.equal(machine.call('remove', m, 'b'), 1);
      assert.equal(machine.call('remove', m, 'b'), null);
      assert.equal(machine.call('len', m), 2);
      faults(machine, /a map's key must be an integer, a string, or true or false, this is a list/, 'has', m, list());
      faults(machine, /keys: the first argument must be a map, not a list/, 'keys', list());
    });

    it('has, of lists by == and of strings by their parts', () => {
      const one = list();
      assert.equal(machine.call('has', list(1, 'x', one), 'x'), true);
      assert.equal(machine.call('has', list(1, one), one), true);
      assert.equal(machine.call('has', list(1, one), list()), false);
      assert.equal(machine.call('has', list(new BufferValue(1, 2)), new BufferValue(1, 2)), true);
      assert.equal(machine.call('has', 'hello', 'ell'), true);
      faults(machine, /has: the second argument must be a string, not an integer/, 'has', 'hello', 1);
      faults(machine, /has: the first argument must be a map, a list or a string, not an integer/, 'has', 1, 1);
    });

    it('sort: integers by value, strings by byte, in place', () => {
      const numbers = list(10, 9, -1, 2 ** 40);
      assert.equal(machine.call('sort', numbers), numbers);
      assert.deepEqual(items(numbers), [-1, 9, 10, 2 ** 40]);
      assert.deepEqual(items(machine.call('sort', list('b', 'B', '\xff', 'a', ''))), ['', 'B', 'a', 'b', '\xff']);
      assert.deepEqual(items(machine.call('sort', list())), []);
      faults(machine, /sort: .*integers and strings are mixed/, 'sort', list(1, 'a'));
      faults(machine, /sort: .*this one has a list/, 'sort', list(1, list()));
    });

    it('len of everything that has one', () => {
      assert.equal(machine.call('len', 'abc'), 3);
      assert.equal(machine.call('len', new BufferValue(1, 9)), 9);
      faults(machine, /len: the first argument must be a string, a list, a map or a buffer, not null/, 'len', null);
    });
  });

  it('min, max, abs', () => {
    assert.equal(machine.call('min', 3, -1, 2), -1);
    assert.equal(machine.call('max', 3, -1, 2), 3);
    assert.equal(machine.call('max', 3), 3);
    assert.equal(machine.call('min', 'b', 'a'), 'a');
    assert.equal(machine.call('abs', -3), 3);
    assert.throws(() => machine.call('min', 1, 'a'), Fault);
    faults(machine, /abs: the first argument must be an integer, not a string/, 'abs', 'x');
  });

  it('random: below n', () => {
    const drawn = Array.from({ length: 100 }, () => machine.call('random', 6) as number);
    assert.deepEqual([...new Set(drawn)].sort(), [0, 1, 2, 3, 4, 5]);
    faults(machine, /random: the first argument must be 1 or more, not 0/, 'random', 0);
  });

  it('log, free of cost', () => {
    machine.call('log', 'a', list('b'), 3);
    assert.deepEqual(machine.logged, ['a ["b"] 3']);
    assert.equal(machine.ticks, 0);
  });

  it('assert', () => {
    assert.equal(machine.call('assert', 1), null);
    const aborts = (message: RegExp, ...args: Value[]) =>
      assert.throws(
        () => machine.call('assert', ...args),
        (error) => error instanceof Fault && error.signal === SIGABRT && message.test(error.message),
      );
    aborts(/^assertion failed$/, 0);
    aborts(/^assertion failed: no money$/, null, 'no money');
  });

  it('__field', () => {
    const pair = record(null, { a: 1, b: null });
    assert.equal(machine.call('__field', pair, 'a', 7), 1);
    assert.equal(machine.call('__field', pair, 'b', 7), null);
    assert.equal(machine.call('__field', pair, 'c', 7), 7);
    faults(machine, /__field: the first argument must be a record, not null/, '__field', null, 'a', 7);
  });

  it('__kind, __function_number, __function_of', () => {
    const [f] = machine.functions;
    const kinds = [
      1,
      'x',
      true,
      null,
      list(),
      record(null, {}),
      machine.call('map'),
      new BufferValue(0, 0),
      f as Value,
    ];
    assert.deepEqual(
      kinds.map((value) => machine.call('__kind', value)),
      ['int', 'string', 'bool', 'null', 'list', 'record', 'map', 'buffer', 'function'],
    );
    assert.equal(machine.call('__function_of', machine.call('__function_number', f as Value)), f);
    assert.equal(machine.call('__function_of', 99), null);
    assert.deepEqual([machine.call('__takes', 0, 1), machine.call('__takes', 0, 2)], [true, false]);
    faults(machine, /__function_number: the first argument must be a function, not null/, '__function_number', null);
  });

  it('cost one tick for 16 bytes or an element', () => {
    const cost = (name: string, ...args: Value[]) => {
      machine.ticks = 0;
      machine.call(name, ...args);
      return machine.ticks;
    };
    assert.equal(cost('repeat', 'x', 1600), 100);
    assert.equal(cost('__store_bytes', 0, 'x'.repeat(160)), 10);
    assert.equal(cost('__load_bytes', 0, 160), 10);
    assert.equal(cost('bytes', 'x'.repeat(100)), 100);
    assert.equal(cost('remove', list(1, 2, 3), 0), 3);
    assert.equal(cost('has', list(1, 2, 3), 3), 2);
    assert.equal(cost('push', list(1, 2, 3), 3), 0);
  });
});
