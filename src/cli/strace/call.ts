/** One kind of call, as strace shows it. */
import type { SystemCall } from '../../computer/kernel-layout.js';
import type { Moment } from './moment.js';

export interface Call {
  name: string;
  /** The arguments that are known when the call begins. */
  early(m: Moment): string[];
  /** Those that are known when it ends. */
  late?(m: Moment): string[];
  /** Its result, where that is not just an integer, and no error. */
  result?(m: Moment): string;
  /** An integer in memory that the kernel will change and that is shown as it was: the room for an address. */
  before?(m: Moment): number | null;
  /** What is known at the end goes on where the beginning stopped, without a comma. */
  joined?: boolean;
}

/** By the name that the kernel's table has. */
export type Calls = Readonly<Partial<Record<SystemCall, Call>>>;

export function call(name: string, early: Call['early'], late?: Call['late'], result?: Call['result']): Call {
  return { name, early, ...(late && { late }), ...(result && { result }) };
}

export const integers = (count: number) => (m: Moment) => Array.from({ length: count }, (_, i) => m.int(i));
