/**
 * fork: a copy of everything that the running thread's user code can reach, so that parent and child go on with equal
 * values and share none. Each object is copied once: identity and cycles are kept. Strings, buffers and functions never
 * change and are shared. Iterative: a list of a million links needs no deep host stack.
 */
import type { Board } from './board.js';
import type { HeapValue } from './slots.js';
import { CoroutineValue, Stack, type ThreadPointer } from './stack.js';
import { ListValue, MapValue, RecordValue, type Value } from './values.js';
import { PIECE, type Pieces } from './work.js';

/** What a fork has copied. */
export interface Cloned {
  stack: Stack;
  /** How many elements, fields, entries and slots. */
  parts: number;
}

/**
 * The copy of `user` (with what its globals refer to copied into `heap`, which must be empty), for the thread that is
 * the copy of the running one.
 */
export function* cloneUserState(
  board: Board,
  user: Stack,
  heap: HeapValue,
  threads: { from: ThreadPointer | null; to: ThreadPointer | null } = { from: null, to: null },
): Pieces<Cloned> {
  const copies = new Map<object, object>();
  const todo: [from: object, to: object][] = [];
  const epoch = board.history.epoch;

  const make = (value: Value): object | null => {
    if (value instanceof RecordValue) return new RecordValue(epoch, value.shape, [], 0);
    if (value instanceof ListValue) return new ListValue(epoch, []);
    if (value instanceof MapValue) return new MapValue(epoch, new Map());
    if (value instanceof CoroutineValue) {
      // Those of other threads are copied with all else, but nobody is left who could resume them.
      const thread = value.thread === threads.from ? threads.to : value.thread;
      return new CoroutineValue(epoch, copyStack(value.stack), value.functionIndex, value.number, thread);
    }
    if (value instanceof Stack) return emptyStack(value);
    return null;
  };
  const emptyStack = (from: Stack): Stack => {
    const to = new Stack(epoch, board.program.registers, from.limit, from.sp);
    to.fp = from.fp;
    to.heap = heap;
    to.argumentsAt = from.argumentsAt;
    return to;
  };
  const copy = <T extends Value>(value: T): T => {
    if (value === null || typeof value !== 'object') return value;
    const known = copies.get(value);
    if (known) return known as T;
    const made = make(value);
    if (!made) return value;
    copies.set(value, made);
    todo.push([value, made]);
    return made as T;
  };
  const copyStack = (stack: Stack): Stack => copy(stack);

  const result = copyStack(user);
  if (user.heap) for (const [, value] of user.heap.entries()) copy(value);
  let [parts, done] = [0, 0];
  for (let next = todo.pop(); next; next = todo.pop()) {
    const [from, to] = next;
    if (from instanceof ListValue) {
      for (let i = from.head; i < from.items.length; i += PIECE) {
        const piece = from.items.slice(i, i + PIECE);
        for (const item of piece) (to as ListValue).items.push(copy(item));
        parts += piece.length;
        if (piece.length < PIECE) continue;
        yield (parts - done) * WORK_OF_ONE;
        done = parts;
      }
    } else if (from instanceof MapValue) {
      for (const [key, value] of from.entries) {
        (to as MapValue).entries.set(key, copy(value));
        if (++parts % PIECE !== 0) continue;
        yield (parts - done) * WORK_OF_ONE;
        done = parts;
      }
    } else parts += fill(from, to, copy);
    if (parts - done < PIECE) continue;
    yield (parts - done) * WORK_OF_ONE;
    done = parts;
  }
  // Only now: whoever sees the heap sees it whole.
  if (user.heap) heap.copyFrom(user.heap, copy);
  return { stack: result, parts };
}

/** A look into the map of what was copied, and an object made, take some 100 ns. */
const WORK_OF_ONE = 10;

/** Copies what is of bounded size; returns how many parts it has. */
function fill(from: object, to: object, copy: <T extends Value>(value: T) => T): number {
  if (from instanceof RecordValue) {
    (to as RecordValue).fields = from.fields.map(copy);
    return from.fields.length;
  }
  if (from instanceof Stack) {
    const target = to as Stack;
    const { top } = from;
    target.grow(top);
    for (let i = 0; i < top; i++) target.slots[i] = copy(from.slots[i]);
    if (from.coroutine) copy(from.coroutine);
    return top;
  }
  if (from instanceof CoroutineValue) {
    const target = to as CoroutineValue;
    target.state = from.state;
    target.pc = from.pc;
    target.fp = from.fp;
    target.result = from.result;
    target.resumer = from.resumer === null ? null : copy(from.resumer);
    target.resumerPc = from.resumerPc;
    target.resumerFp = from.resumerFp;
    target.resumerResult = from.resumerResult;
    target.resumerEnd = from.resumerEnd;
  }
  return 1;
}
