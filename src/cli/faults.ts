/** What programs did wrong, as it happens: the signal, the reason, the user's own line. */
import type { Computer } from '../computer/computer.js';
import { nameOfConstant, SIGNAL_NAME } from '../computer/inspect-format.js';
import { text } from '../computer/inspect.js';
import { framesOfCpu } from '../machine/frames.js';
import type { FaultInfo } from '../machine/machine.js';
import { RecordValue } from '../machine/values.js';

/** Tells `print` of each fault of a user program, in one line. */
export function watchFaults(computer: Computer, print: (line: string) => void): void {
  computer.faultListeners.push((fault) => print(faultLine(computer, fault)));
}

function faultLine(computer: Computer, { signal, message, pc, task }: FaultInfo): string {
  const { machine } = computer;
  // The library's frames say little: the first frame of the program itself is where the mistake is.
  const frame = framesOfCpu(machine, machine.cpu).find(
    (each) => each.function.image === 'program' && !each.function.synthetic,
  );
  const position = machine.program.positionAt(frame?.pc ?? pc);
  const place = position ? `${position.uri}:${position.line}:${position.column}: ` : '';
  const name =
    task instanceof RecordValue
      ? `${text(task, 'name')} (pid ${String(task.get('tgid') ?? task.get('pid'))})`
      : 'a program';
  return `${place}${name}: ${nameOfConstant(machine, SIGNAL_NAME, signal)}: ${message}`;
}
