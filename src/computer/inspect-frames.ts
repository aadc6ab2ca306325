/** What can be read off the frames of a stopped machine beyond src/machine/frames.ts. Reading changes nothing. */
import type { CoroutineValue } from '../machine/stack.js';
import { USER, type Cpu } from '../machine/cpu.js';
import type { Frame } from '../machine/frames.js';
import { HEADER, WORDS } from '../isa/isa.js';
import type { Board } from '../machine/board.js';

/** The frame that a CPU executes; undefined where there is none. The cheap part of framesOfCpu(). */
export function topFrame(machine: Board, cpu: Cpu): Frame | undefined {
  const { pc, fp, stack, mode } = cpu;
  const f = machine.program.functions[stack.slots[fp - 1] as number];
  return f && { function: f, pc, fp, stack, mode, handler: false };
}

/** A local of a frame. */
export interface LocalVariable {
  name: string;
  /** The slot of the frame's stack that holds it. */
  slot: number;
  parameter: boolean;
}

/** The locals in scope where a frame stands; of those with one name the innermost. In order of declaration. */
export function localsOf(frame: Frame): LocalVariable[] {
  const index = frame.pc / WORDS - frame.function.base;
  const found = new Map<string, LocalVariable>();
  for (const { name, register, from, to, parameter } of frame.function.variables) {
    if (index < from || index >= to) continue;
    found.delete(name);
    found.set(name, { name, slot: frame.fp + register, parameter });
  }
  return [...found.values()];
}

/** The frames of a coroutine that is suspended or has not begun, innermost first. */
export function framesOfCoroutine(machine: Board, c: CoroutineValue): Frame[] {
  const frames: Frame[] = [];
  if (c.state === 'done' || c.state === 'running') return frames;
  const { stack } = c;
  let pc = c.state === 'new' ? c.pc : c.pc - WORDS;
  for (let fp = c.fp; ;) {
    const f = machine.program.functions[stack.slots[fp - 1] as number];
    if (!f) return frames;
    frames.push({ function: f, pc, fp, stack, mode: USER, handler: false });
    const back = stack.slots[fp - HEADER] as number;
    if (back < 0) return frames;
    pc = back - WORDS;
    fp = stack.slots[fp - 2] as number;
  }
}
