/**
 * The order in which the constants of a program can be worked out: each after those that it uses. So a row of a
 * thousand constants, each of which uses the next, needs no thousand nested calls, and each is worked out once.
 */
import type { AstNode } from 'langium';
import { walk } from './ast-walk.js';
import type { Const, Enum, EnumMember, Member, NameRef, Param } from './generated/ast.js';
import type { LoadedProgram } from './names.js';

export type Constant = Const | Param | EnumMember;

export interface ConstantOrder {
  readonly order: readonly Constant[];
  /** Constants that depend on themselves: they have no value. */
  readonly circular: ReadonlySet<AstNode>;
}

const orders = new WeakMap<LoadedProgram, ConstantOrder>();

/** Worked out once for a program. */
export function constantOrder(loaded: LoadedProgram): ConstantOrder {
  let order = orders.get(loaded);
  if (!order) {
    order = new Search(loaded).run();
    orders.set(loaded, order);
  }
  return order;
}

const byName = new WeakMap<Enum, Map<string, EnumMember>>();

/** The member of an enum that has this name. */
export function memberNamed(declaration: Enum, name: string): EnumMember | undefined {
  let members = byName.get(declaration);
  if (!members) {
    members = new Map(declaration.members.map((member) => [member.name, member]));
    byName.set(declaration, members);
  }
  return members.get(name);
}

/** A constant on the way of the search. */
interface Visit {
  readonly constant: Constant;
  readonly uses: readonly Constant[];
  next: number;
  /** When it was met, and the earliest constant still open that it leads to. */
  readonly met: number;
  least: number;
}

/** Tarjan's strongly connected components, with a stack of its own instead of recursion. */
class Search {
  private readonly order: Constant[] = [];
  private readonly circular = new Set<AstNode>();
  private readonly metAt = new Map<Constant, number>();
  /** Constants that were met and may still turn out to be part of a circle. */
  private readonly open: Constant[] = [];
  private readonly isOpen = new Set<Constant>();

  constructor(private readonly loaded: LoadedProgram) {}

  run(): ConstantOrder {
    for (const { ast } of this.loaded.files) {
      for (const item of ast.items) {
        const constants: Constant[] =
          item.$type === 'Enum' ? item.members : item.$type === 'Const' || item.$type === 'Param' ? [item] : [];
        constants.forEach((constant) => this.from(constant));
      }
    }
    return { order: this.order, circular: this.circular };
  }

  private from(start: Constant): void {
    if (this.metAt.has(start)) return;
    const path = [this.meet(start)];
    for (let visit = path[path.length - 1]; visit; visit = path[path.length - 1]) {
      const use = visit.uses[visit.next++];
      if (use === undefined) {
        path.pop();
        const before = path[path.length - 1];
        if (before) before.least = Math.min(before.least, visit.least);
        if (visit.least === visit.met) this.close(visit);
      } else if (!this.metAt.has(use)) {
        path.push(this.meet(use));
      } else if (this.isOpen.has(use)) {
        visit.least = Math.min(visit.least, this.metAt.get(use) as number);
      }
    }
  }

  private meet(constant: Constant): Visit {
    const met = this.metAt.size;
    this.metAt.set(constant, met);
    this.open.push(constant);
    this.isOpen.add(constant);
    return { constant, uses: this.usesOf(constant), next: 0, met, least: met };
  }

  /** The open constants from this one on are one circle, or this one constant alone. */
  private close({ constant, uses }: Visit): void {
    const circle = this.open.splice(this.open.lastIndexOf(constant));
    for (const each of circle) this.isOpen.delete(each);
    if (circle.length > 1 || uses.includes(constant)) circle.forEach((each) => this.circular.add(each));
    for (const each of circle) this.order.push(each);
  }

  private usesOf(constant: Constant): Constant[] {
    const uses: Constant[] = [];
    if (constant.$type === 'EnumMember' && !constant.value) {
      const before = constant.$container.members[(constant.$containerIndex ?? 0) - 1];
      return before ? [before] : [];
    }
    if (!constant.value) return uses;
    walk(constant.value, (node) => {
      const binding = this.loaded.bindings.get(node.$type === 'Member' ? (node as Member).target : node);
      if (node.$type === 'Member' && binding?.kind === 'enum') {
        const member = memberNamed(binding.declaration, (node as Member).name);
        if (member) uses.push(member);
      } else if ((node as NameRef).$type === 'NameRef' && (binding?.kind === 'constant' || binding?.kind === 'param')) {
        uses.push(binding.declaration);
      }
    });
    return uses;
  }
}
