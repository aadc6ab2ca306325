/**
 * Assignments, plain and compound, `++` and `--`: as statements and as expressions. The target's parts are evaluated
 * once and before the value. A global's `x = x + 1` is a load, an addition and a store, whichever way it is written.
 */
import type { Assignment, Expression, Index, Member, Postfix, Prefix } from '../language/generated/ast.js';
import { emitOperator, isArithmetic } from './arithmetic-code.js';
import type { FunctionContext } from './function-context.js';
import { loadGlobal, localRegister, storeGlobal, type GlobalMeaning } from './variables.js';

export type Assigning = Assignment | Postfix | (Prefix & { op: '++' | '--' });

export function isAssigning(node: Expression): node is Assigning {
  if (node.$type === 'Prefix') return node.op === '++' || node.op === '--';
  return node.$type === 'Assignment' || node.$type === 'Postfix';
}

/** For its effect only. */
export function assignOnly(f: FunctionContext, node: Assigning): void {
  const place = placeOf(f, node);
  if (place.kind === 'local') assignLocal(f, node, place.register);
  else assignPlace(f, node, place);
}

/** Assigns, and gives the register that has the expression's value, which is now taken. */
export function assigned(f: FunctionContext, node: Assigning): number {
  const local = node.$type === 'Postfix' ? undefined : localRegister(f, targetOf(node));
  if (local !== undefined) {
    f.temporarily(() => assignLocal(f, node, local));
    return local;
  }
  const result = f.registers.take();
  f.temporarily(() => assignInto(f, node, result));
  return result;
}

/** Assigns, and puts the expression's value into `target`: for `x++` the old value, for all others the new one. */
export function assignInto(f: FunctionContext, node: Assigning, target: number): void {
  const place = placeOf(f, node);
  if (place.kind !== 'local') {
    f.move(target, assignPlace(f, node, place, target));
  } else if (node.$type === 'Postfix' && target !== place.register) {
    f.move(target, place.register);
    assignLocal(f, node, place.register);
  } else if (node.$type !== 'Postfix') {
    assignLocal(f, node, place.register);
    f.move(target, place.register);
  }
}

function assignLocal(f: FunctionContext, node: Assigning, register: number): void {
  if (node.$type === 'Assignment' && node.op === '=') f.into(node.value, register);
  else update(f, node, register, register);
}

/** Where a value goes: a local's register, a global, a field of an object, an element of a list, map or buffer. */
type Place =
  | { kind: 'local'; register: number }
  | { kind: 'global'; meaning: GlobalMeaning }
  | { kind: 'field'; object: number; name: number }
  | { kind: 'element'; object: number; key: number };

type PlaceInMemory = Exclude<Place, { kind: 'local' }>;

/** Evaluates what the target is made of: the object and the index, not the value. */
function placeOf(f: FunctionContext, node: Assigning): Place {
  const target = targetOf(node);
  const later = node.$type === 'Assignment' ? [node.value] : [];
  switch (target.$type) {
    case 'Member':
      return {
        kind: 'field',
        object: f.operandBefore(target.target, ...later),
        name: f.unit.builder.name(target.name),
      };
    case 'Index':
      return elementPlace(f, target, later);
    case 'NameRef': {
      const register = localRegister(f, target);
      if (register !== undefined) return { kind: 'local', register };
      const meaning = f.unit.meaningOf(target);
      if (meaning.kind === 'global' || meaning.kind === 'external-global') return { kind: 'global', meaning };
    }
  }
  f.unit.report(target, 'not-assignable', 'Only a variable, a field or an element can be assigned to.');
  return { kind: 'local', register: f.registers.take() };
}

function elementPlace(f: FunctionContext, target: Index, later: Expression[]): Place {
  const object = f.operandBefore(target.target, target.from, ...later);
  return { kind: 'element', object, key: f.operandBefore(target.from, ...later) };
}

/** Assigns to a place in memory; returns the register of the expression's value. `free` may be used for it. */
function assignPlace(f: FunctionContext, node: Assigning, place: PlaceInMemory, free?: number): number {
  if (node.$type === 'Assignment' && node.op === '=') {
    const value = f.operand(node.value);
    store(f, place, value);
    return value;
  }
  const value = free !== undefined && !f.isLocal(free) ? free : f.registers.take();
  load(f, place, value);
  // The old value is wanted only of `x++` used as an expression.
  const result = node.$type === 'Postfix' && free !== undefined ? f.registers.take() : value;
  update(f, node, result, value);
  store(f, place, result);
  return value;
}

/** `target` = the new value of a compound assignment, `++` or `--`, from the old one. */
function update(f: FunctionContext, node: Assigning, target: number, old: number): void {
  if (node.$type !== 'Assignment') {
    f.emitter.emit('ADDI', target, old, node.op === '++' ? 1 : -1);
    return;
  }
  const op = node.op.slice(0, -1);
  if (!isArithmetic(op)) return;
  const addend = f.addend(op, node.value);
  if (addend !== undefined) {
    f.emitter.emit('ADDI', target, old, addend);
    return;
  }
  let left = old;
  if (f.isLocal(old) && f.unit.mutations.within(node.value)) f.move((left = f.registers.take()), old);
  emitOperator(f, op, target, left, f.operand(node.value), node);
}

function load(f: FunctionContext, place: PlaceInMemory, target: number): void {
  switch (place.kind) {
    case 'global':
      return loadGlobal(f, place.meaning, target);
    case 'field':
      return void f.emitter.emit('GETF', target, place.object, place.name);
    case 'element':
      return void f.emitter.emit('GETI', target, place.object, place.key);
  }
}

function store(f: FunctionContext, place: PlaceInMemory, value: number): void {
  switch (place.kind) {
    case 'global':
      return storeGlobal(f, place.meaning, value);
    case 'field':
      return void f.emitter.emit('SETF', place.object, place.name, value);
    case 'element':
      return void f.emitter.emit('SETI', place.object, place.key, value);
  }
}

function targetOf(node: Assigning): Expression | Member {
  return node.$type === 'Prefix' ? node.operand : node.target;
}
