/** Values of an event's fields as JSON has them. */
import { describe } from '../inspect-format.js';
import { textOf } from '../../machine/text.js';
import { ListValue, MapValue, RecordValue, type Value } from '../../machine/values.js';

/** Objects inside each other are shown so deep. */
const DEPTH = 4;

/** A value as JSON has it; what has no form there becomes its description. */
export function plainValue(value: Value, depth = 0): unknown {
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'string') return textOf(value);
  if (depth >= DEPTH) return describe(value);
  if (value instanceof ListValue) return value.toArray().map((item) => plainValue(item, depth + 1));
  if (value instanceof RecordValue) {
    return Object.fromEntries(
      value.shape.fields.map((name, i) => [name, plainValue(value.fields[i] ?? null, depth + 1)]),
    );
  }
  if (value instanceof MapValue) {
    return Object.fromEntries([...value.entries].map(([key, item]) => [String(key), plainValue(item, depth + 1)]));
  }
  return describe(value);
}
