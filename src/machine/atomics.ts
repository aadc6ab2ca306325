/**
 * Atomic operations: load, store, add, exchange, compare and exchange, each one instruction. CPUs take turns between
 * instructions, so nobody sees one half done. The page is there and writable before anything is read: after a page
 * fault, that of a copy-on-write among them, the whole instruction is executed again.
 *
 * The operand is a word of memory: one slot of 8 bytes (a global, a `shared var`, an element of a shared array), or a
 * buffer of 4 or 8 bytes. A global that holds a buffer stands for the buffer's bytes. In 4 bytes an integer is
 * unsigned, and wraps around, as C's uint32_t.
 */
import type { KernelHost } from './kernel-host.js';
import { SYNC_KINDS, syncText } from '../language/sync-objects.js';
import { LIBRARY } from './library.js';
import { Arguments } from './library-arguments.js';
import { Fault, SIGILL, type Native } from './native.js';
import { add, aKindOf, equal } from './operators.js';
import { showValue } from './text.js';
import { loadGlobal, storeGlobal, translateFor } from './user-memory.js';
import { BufferValue, ListValue, SyncValue, WordsValue, type Value } from './values.js';

const SIGBUS = 7;

interface Word {
  load(): Value;
  store(value: Value): void;
}

/** The operand of an atomic operation, its page present and writable. */
function wordOf(host: KernelHost, args: Arguments): Word {
  const { board } = host;
  const { cpu } = board;
  const operand = args.value(0);
  if (operand instanceof BufferValue) return bytes(host, args, operand);
  if (!(operand instanceof WordsValue)) throw notAWord(args, operand);
  if (operand.length !== 1) throw args.fault(`this array has ${operand.length} elements: say which one, as in a[i]`);
  const { address } = operand;
  translateFor(board, cpu, address, true);
  const held = loadGlobal(board, cpu, address);
  if (held instanceof BufferValue) return bytes(host, args, held);
  return { load: () => held, store: (value) => storeGlobal(board, cpu, address, value) };
}

function notAWord(args: Arguments, operand: Value): Fault {
  const what = operand === null || typeof operand === 'number' ? 'the value of a local variable' : aKindOf(operand);
  return args.fault(
    `${what} is no word that other threads see: it needs a global, a shared var, an element of a shared array, ` +
      'or a buffer of 4 or 8 bytes',
  );
}

function bytes(host: KernelHost, args: Arguments, { address, length }: BufferValue): Word {
  if (length !== 4 && length !== 8) {
    throw args.fault(`a word has 4 or 8 bytes, this buffer has ${length}: take a part of it, as in buf[0..4]`);
  }
  if (address % length !== 0) throw new Fault(SIGBUS, `${args.name}: ${length} bytes at ${address} are not aligned`);
  const pa = host.translate(address, true);
  return {
    load: () => host.memory.load(pa, length),
    store: (value) => {
      if (typeof value !== 'number') throw new Fault(SIGILL, `a buffer holds integers, this is ${aKindOf(value)}`);
      host.memory.store(pa, length, value);
    },
  };
}

/** The 4 bytes at a user address, for std alone: the words of its mutexes and their like. */
function bytesAt(host: KernelHost, args: Arguments): Word {
  return bytes(host, args, new BufferValue(args.integer(0), 4));
}

type Operation = (word: Word, args: Arguments) => Value;

const load: Operation = (word) => word.load();

const store: Operation = (word, args) => {
  word.store(args.value(1));
  return null;
};

const fetchAdd: Operation = (word, args) => {
  const old = word.load();
  if (typeof old !== 'number') throw args.fault(`the variable has ${aKindOf(old)}, and an integer is wanted`);
  word.store(add(old, args.integer(1)));
  return old;
};

const exchange: Operation = (word, args) => {
  const old = word.load();
  word.store(args.value(1));
  return old;
};

const compareExchange: Operation = (word, args) => {
  if (!equal(word.load(), args.value(1))) return false;
  word.store(args.value(2));
  return true;
};

type HostNative = (host: KernelHost, slots: Value[], at: number, count: number) => Value;

function native(name: string, operand: typeof wordOf, operation: Operation): [string, HostNative] {
  return [
    name,
    (host, slots, at, count) => {
      const args = new Arguments(name, slots, at, count);
      return operation(operand(host, args), args);
    },
  ];
}

const natives = Object.fromEntries([
  native('atomic_load', wordOf, load),
  native('atomic_store', wordOf, store),
  native('atomic_add', wordOf, fetchAdd),
  native('atomic_xchg', wordOf, exchange),
  native('atomic_cas', wordOf, compareExchange),
  native('__add', bytesAt, fetchAdd),
  native('__xchg', bytesAt, exchange),
  native('__cas', bytesAt, compareExchange),
]);

/** Compare and swap of the first word of a lock; false as well if this is no object of that kind. */
const compareExchangeFirst: HostNative = (host, slots, at, count) => {
  const args = new Arguments('__cas_first', slots, at, count);
  const object = args.value(0);
  if (!(object instanceof SyncValue) || object.kind !== args.value(1)) return false;
  const word = bytes(host, args, new BufferValue(object.address, 4));
  if (word.load() !== args.integer(2)) return false;
  word.store(args.integer(3));
  return true;
};

/** A lock or the like, whose words begin at an address. */
const makeObject: HostNative = (_host, slots, at, count) => {
  const args = new Arguments('__object', slots, at, count);
  const number = SYNC_KINDS.findIndex(({ name }) => name === args.string(0));
  const address = args.integer(1);
  if (number < 0 || address < 0 || address > 0xffff_ffff) throw args.wrong(0, 'a kind, and where it is');
  return new SyncValue(number, address);
};

/** Where the words of such an object are; null if this is none of the kind. */
const wordsOf: HostNative = (_host, slots, at) => {
  const object = slots[at];
  return object instanceof SyncValue && object.kind === slots[at + 1] ? object.address : null;
};

/** str(), which tells of a lock how it stands, and shows the elements of a shared array. */
const str: HostNative = (host, slots, at, count) => {
  const value = slots[at];
  if (value instanceof SyncValue) {
    const { name, words } = SYNC_KINDS[value.number];
    const held = words.map((_, i) => host.memory.load(host.translate(value.address + 4 * i, false), 4));
    return syncText(name, held);
  }
  if (value instanceof WordsValue && value.length <= MOST_SHOWN) {
    const items = Array.from({ length: value.length }, (_, i) =>
      loadGlobal(host.board, host.board.cpu, value.address + 8 * i),
    );
    host.charge(items.length);
    return showValue(new ListValue(host.history.epoch, items));
  }
  return LIBRARY['str'](host, slots, at, count);
};

/** Elements of an array that str() shows; of a longer one it says where it is. */
const MOST_SHOWN = 1000;

/** The address of a word, for futex(): an integer is one already, null is NULL. */
const address: HostNative = (host, slots, at, count) => {
  const args = new Arguments('futex', slots, at, count);
  const operand = args.value(0);
  if (operand === null) return 0;
  if (typeof operand === 'number') return operand;
  if (operand instanceof BufferValue) return addressOf(args, operand);
  if (!(operand instanceof WordsValue)) throw notAWord(args, operand);
  if (operand.length !== 1) throw args.fault(`this array has ${operand.length} elements: say which one, as in a[i]`);
  const held = loadGlobal(host.board, host.board.cpu, operand.address);
  return held instanceof BufferValue ? addressOf(args, held) : operand.address;
};

function addressOf(args: Arguments, { address, length }: BufferValue): number {
  if (length >= 4) return address;
  throw args.fault(`a futex is a word of 4 bytes, this buffer has ${length}`);
}

const others = {
  __word_address: address,
  __cas_first: compareExchangeFirst,
  __object: makeObject,
  __words: wordsOf,
  str,
};

export const ATOMICS = { ...natives, ...others } as unknown as Record<string, Native>;
