/** Step Into Targets: the calls that are left of the statement at which a frame stands, to choose one of. */
import type { DebugProtocol as P } from '@vscode/debugprotocol';
import type { Cpu } from '../machine/cpu.js';
import type { Frame } from '../machine/frames.js';
import { WORDS } from '../isa/isa.js';
import type { LinkedFunction } from '../machine/link.js';
import type { KernelEvent } from '../computer/kernel-records.js';
import type { Debuggee } from './debuggee.js';
import { StepOver, type Goal, type Stepper, type Verdict } from './goals.js';
import type { SessionState } from './session-state.js';

/** The targets of a frame. An id is where the step will stop: the first statement of what is called. */
export function stepInTargets(session: SessionState, { code }: Debuggee, frame: Frame): P.StepInTarget[] {
  const end = code.statementEnd(frame.function, frame.pc);
  const targets = new Map<number, P.StepInTarget>();
  for (let pc = frame.pc; pc < end; pc += WORDS) {
    const called = code.calledAt(pc);
    if (!called || called.synthetic) continue;
    const [label, into] = destination(code.functionsNamed(`sys_${called.name}`), called);
    const id = code.entryOf(into);
    const position = code.positionAt(pc);
    targets.set(id, {
      id,
      label,
      ...(position ? session.startToClient(position) : {}),
    });
  }
  return [...targets.values()];
}

/** A call of the library's that is a system call leads into the kernel. */
function destination(
  inKernel: readonly LinkedFunction[],
  called: LinkedFunction,
): [label: string, into: LinkedFunction] {
  const call = called.image === 'library' ? inKernel.find(({ image }) => image === 'kernel') : undefined;
  return call ? [`${called.name} (kernel: ${call.name})`, call] : [called.name, called];
}

/** Stops in the chosen function when this task gets there; if the statement ends without that, at the next one. */
export class StepIntoTarget implements Goal {
  readonly reason = 'step';
  private readonly otherwise: StepOver;

  constructor(
    { view }: Debuggee,
    private readonly stepper: Stepper,
    private readonly frames: readonly Frame[],
    private readonly entry: number,
  ) {
    this.otherwise = new StepOver(view, stepper, frames);
  }

  at(cpu: Cpu, step: number, resumed: boolean): Verdict | null {
    // In the middle of the context switch the stack tells, not the current task.
    const isOurs = cpu.task === this.stepper.task || cpu.stack === this.frames[0]?.stack;
    if (cpu.pc === this.entry && isOurs) return { kind: 'stop' };
    return this.otherwise.at(cpu, step, resumed);
  }

  pcs(): Iterable<number> {
    return [this.entry, ...this.otherwise.pcs()];
  }

  onTrace(event: KernelEvent): boolean {
    return this.otherwise.onTrace(event);
  }
}
