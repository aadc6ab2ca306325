/** Values with named fields: `Conn { fd: 3 }` and `{ a: 1 }`. The fields stand in registers in a row, then NEW. */
import type { RecordLiteral, StructLiteral } from '../language/generated/ast.js';
import type { FunctionContext } from './function-context.js';

export function recordInto(f: FunctionContext, node: RecordLiteral, target: number): void {
  const written = node.fields.map((field) => field.name);
  const answered = isPollRequest(written);
  const names = answered ? [...written, 'revents'] : written;
  const shape = f.unit.builder.shape(null, names);
  const first = f.registers.take(Math.max(1, names.length));
  node.fields.forEach((field, i) => f.into(field.value, first + i));
  if (answered) f.load(first + written.length, 0);
  f.emitter.emit('NEW', target, shape, first);
}

/** `{ fd: 3, events: POLLIN }` is C's struct pollfd: it has a field `revents` too, 0 until poll() sets it. */
function isPollRequest(names: readonly string[]): boolean {
  return names.length === 2 && names.includes('fd') && names.includes('events');
}

/** Fields in the order of their declaration; the given ones are computed first, as written, then the defaults. */
export function structInto(f: FunctionContext, node: StructLiteral, target: number): void {
  const meaning = f.unit.meaningOf(node);
  if (meaning.kind !== 'struct') {
    f.unit.report(node, 'not-a-struct', `\`${node.struct}\` is not a struct.`);
    return;
  }
  const declared = meaning.declaration.fields;
  const shape = f.unit.builder.shape(
    node.struct,
    declared.map((field) => field.name),
  );
  const first = f.registers.take(Math.max(1, declared.length));
  const given = new Set<string>();
  for (const field of node.fields) {
    const slot = declared.findIndex((each) => each.name === field.name);
    if (slot < 0) continue;
    given.add(field.name);
    f.into(field.value, first + slot);
  }
  declared.forEach((field, slot) => {
    if (given.has(field.name)) return;
    if (field.value) f.writeForeign(node, field.value, first + slot);
    else f.load(first + slot, null);
  });
  f.emitter.emit('NEW', target, shape, first);
}
