/**
 * The kernel's records as bytes. Each has an address and 8 bytes a field, in order: an integer is itself; a reference
 * to another record is that record's address; what has no address (lists, maps, strings) is a tag.
 */
import type { Board } from '../machine/board.js';
import { SLOT_FALSE, SLOT_FUNCTION, SLOT_HANDLE, SLOT_NULL, SLOT_TRUE } from '../machine/slots.js';
import { FunctionValue, ListValue, MapValue, RecordValue, type Value } from '../machine/values.js';

const FIELD = 8;
/** Records that are looked at to find an address. */
const MOST_RECORDS = 2_000_000;

/** The record whose bytes contain a kernel address. Walks what the kernel can reach. */
export function recordAt(machine: Board, address: number): RecordValue | null {
  const seen = new Set<Value>();
  const todo: Value[] = [...machine.kernelData.values];
  for (const cpu of machine.cpus) todo.push(cpu.task);
  while (todo.length > 0 && seen.size < MOST_RECORDS) {
    const value = todo.pop() as Value;
    if (value === null || typeof value !== 'object' || seen.has(value)) continue;
    seen.add(value);
    if (value instanceof RecordValue) {
      if (value.address <= address && address < value.address + value.fields.length * FIELD) return value;
      todo.push(...value.fields);
    } else if (value instanceof ListValue) {
      for (let i = value.head; i < value.items.length; i++) todo.push(value.items[i]);
    } else if (value instanceof MapValue) {
      for (const item of value.entries.values()) todo.push(item);
    }
  }
  return null;
}

export function bytesOf(record: RecordValue): Uint8Array {
  const bytes = new Uint8Array(record.fields.length * FIELD);
  const view = new DataView(bytes.buffer);
  record.fields.forEach((value, i) => {
    const [low, high] = wordsOf(value);
    view.setUint32(i * FIELD, low, true);
    view.setUint32(i * FIELD + 4, high, true);
  });
  return bytes;
}

function wordsOf(value: Value): [number, number] {
  if (typeof value === 'number') return [value >>> 0, Math.floor(value / 0x1_0000_0000) >>> 0];
  if (value === null) return [0, SLOT_NULL];
  if (typeof value === 'boolean') return [0, value ? SLOT_TRUE : SLOT_FALSE];
  if (value instanceof RecordValue) return [value.address, 0];
  if (value instanceof FunctionValue) return [value.index, SLOT_FUNCTION];
  return [0, SLOT_HANDLE];
}
