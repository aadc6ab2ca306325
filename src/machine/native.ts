/**
 * How library functions and intrinsics see the machine. A native gets its arguments in slots[at …] and returns its
 * result. It must check everything (types, whole memory ranges) before it changes anything: after a page fault the
 * instruction is executed again.
 */
import type { Choices } from './choices.js';
import type { History } from './history.js';
import type { PhysicalMemory } from './memory.js';
import type { FunctionValue, RecordValue, Value } from './values.js';
import type { Pieces } from './work.js';

export type Native = (machine: NativeContext, slots: Value[], at: number, count: number) => Value;

export interface NativeContext {
  readonly history: History;
  readonly memory: PhysicalMemory;
  readonly choices: Choices;
  /** Lets the running instruction cost `ticks` more in user mode (the work of a library function). */
  charge(ticks: number): void;
  /** Counts work of the host's that costs no ticks, in units of some 10 ns: see work.ts. */
  worked(units: number): void;
  /**
   * The result of long work, which may be interrupted: then the native is called again. Once in an instruction at most,
   * and before it has any effect: charge() comes after it, too, since it counts the work.
   */
  inPieces<Result>(begin: () => Pieces<Result>): Result;
  /** User code has made something of so many slots of 8 bytes, besides the result itself. */
  allocate(slots: number): void;
  /** The physical address of a user address for the running CPU; throws PageFault when it must be brought in first. */
  translate(address: number, write: boolean): number;
  /** A record of a shape made from these names, in this order. */
  record(fields: Record<string, Value>): RecordValue;
  /** The function of this number that a program may call: one of its own or of the library's. */
  functionValue(index: number): FunctionValue | undefined;
  /** How many arguments such a function takes at most; Infinity with a `...rest` list. */
  mostArguments(index: number): number;
  /** What log() prints, with the time. Silent while re-executing. */
  log(text: string): void;
}

/** A user program's error: a signal to its process; in the kernel, a panic. The message is for a person. */
export class Fault {
  constructor(
    readonly signal: number,
    readonly message: string,
    readonly address = 0,
  ) {}
}

/** A page that is not there, or may not be written: the kernel's page_fault_entry decides. */
export class PageFault {
  constructor(
    readonly address: number,
    readonly write: boolean,
    readonly present: boolean,
  ) {}
}

/** What the CPU answers to an instruction of the kernel's in user mode (x86: a general protection fault). */
export function privileged(instruction: string): Fault {
  return new Fault(SIGSEGV, `${instruction} is an instruction of the kernel's: user mode can not execute it`);
}

export const SIGILL = 4;
export const SIGABRT = 6;
export const SIGFPE = 8;
export const SIGSEGV = 11;
