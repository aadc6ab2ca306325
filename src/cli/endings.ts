/** Processes that a signal ended, told as it happens: the user's own line, who, by which signal, and why. */
import type { Computer } from '../computer/computer.js';
import { nameOfConstant, SIGNAL_NAME } from '../computer/inspect-format.js';
import type { KernelConstant } from '../computer/kernel-layout.js';
import { coroutineOn, isOwn, nameOfCoroutine } from '../computer/inspect-coroutines.js';
import { flag, integer, kernelEvent, text, type KernelRecord } from '../computer/kernel-records.js';
import { taskOn } from '../computer/inspect.js';
import { framesOfCpu, userFramesBelow } from '../machine/frames.js';
import { ADDRESS } from '../machine/link.js';
import type { Board } from '../machine/board.js';

/** Prints one line for each process that a signal ended, and none for one that another process killed. */
export function watchEndings(computer: Computer, print: (line: string) => void): void {
  const watch = new EndingWatch(computer.machine, print);
  computer.faultListeners.push(({ message, pc }) => watch.fault(message, pc));
  computer.eventConsumers.push((event) => {
    const { name, fields } = kernelEvent(event);
    if (name === 'page_fault_user') watch.pageFault(fields);
    else if (name === 'signal_deliver') watch.signal(fields);
    else if (name === 'sched_process_exit') watch.exit(fields);
  });
}

/** `code` of a signal that the kernel sent for a page that is not there, or not to be written. */
const SEGV_MAPERR = 1;
const SEGV_ACCERR = 2;
/** Bytes below a thread's stack that nobody may touch (libc_threads.osim). */
const GUARD = 4096;
/** Bits of a status that hold the signal which ended the process. */
const SIGNAL_BITS = 0x7f;

class EndingWatch {
  /** The last fault: the kernel hears of it at once, so no other process comes between. */
  private faulted: { message: string; place: string } | null = null;
  private touched = { address: 0, write: false };
  /** By thread: the last signal that it has acted on. */
  private readonly delivered = new Map<number, { place: string; why: string | null; signal: number }>();
  /** Processes of which the end has been told: by the thread that caused it. The others only end with it. */
  private readonly told = new Set<number>();

  constructor(
    private readonly machine: Board,
    private readonly print: (line: string) => void,
  ) {}

  fault(message: string, pc: number): void {
    const c = coroutineOn(this.machine.cpu);
    const where = c ? `, in coroutine ${nameOfCoroutine(this.machine, c)}` : '';
    this.faulted = { message: `${message}${where}`, place: this.place(pc) };
  }

  pageFault(fields: KernelRecord<'page_fault_user'>): void {
    this.touched = { address: integer(fields, 'address'), write: flag(fields, 'write') };
  }

  signal(fields: KernelRecord<'signal_deliver'>): void {
    const { faulted } = this;
    this.faulted = null;
    const place = faulted?.place ?? this.place();
    const why = faulted?.message ?? this.reason(integer(fields, 'sig'), integer(fields, 'code'));
    this.delivered.set(integer(fields, 'pid'), { place, why, signal: integer(fields, 'sig') });
  }

  exit(fields: KernelRecord<'sched_process_exit'>): void {
    const pid = integer(fields, 'tgid');
    const end = this.delivered.get(integer(fields, 'pid'));
    this.delivered.delete(integer(fields, 'pid'));
    const signal = integer(fields, 'status') & SIGNAL_BITS;
    const isLast = flag(fields, 'group_dead');
    if (signal === 0 || this.told.has(pid) || (end?.signal !== signal && !isLast)) return;
    this.told.add(pid);
    // A full stack: no handler could be called.
    const { place, why } = end ?? { place: this.place(), why: this.faulted?.message ?? '' };
    if (why === null) return;
    const name = nameOfConstant(this.machine, SIGNAL_NAME, signal);
    const thread = integer(fields, 'pid') === pid ? '' : `, thread ${integer(fields, 'pid')}`;
    this.print(
      `${place}${text(fields, 'comm')} (pid ${pid}${thread}) was ended by ${name}${why === '' ? '' : `: ${why}`}`,
    );
  }

  /** Why the kernel sent a signal; null when it was a process that did. */
  private reason(signal: number, code: number): string | null {
    switch (nameOfConstant(this.machine, SIGNAL_NAME, signal) as KernelConstant) {
      case 'SIGSEGV':
        return code === SEGV_MAPERR || code === SEGV_ACCERR ? this.badAddress(code) : null;
      case 'SIGPIPE':
        return 'it wrote to a pipe or a socket that nobody reads any more';
      case 'SIGABRT':
        return 'it called abort()';
      case 'SIGALRM':
        return code > 0 ? 'its alarm() went off, and there is no handler for it' : null;
      case 'SIGKILL':
        return code > 0 ? 'the memory is full; machine { memory = … } sets another size' : null;
      case 'SIGINT':
        return code > 0 ? 'Ctrl-C was typed' : null;
      default:
        return code > 0 ? '' : null;
    }
  }

  private badAddress(code: number): string {
    const { address, write } = this.touched;
    const shown = `0x${address.toString(16)}`;
    if (address >= ADDRESS.KERNEL) return `address ${shown} belongs to the kernel: a program can not touch it`;
    const task = taskOn(this.machine.cpu);
    const size = integer(task, 'stack_size');
    if (size > 0 && address < integer(task, 'stack') && address >= integer(task, 'stack') - GUARD) {
      return (
        `its stack is full (${size} bytes; address ${shown} is on the guard page below it): ` +
        'machine { thread_stack = …; } gives more'
      );
    }
    if (code === SEGV_ACCERR) return `the memory at address ${shown} may not be ${write ? 'written' : 'read'}`;
    if (address >= 0 && address < 4096) return `address ${shown} is near 0, where no memory is: a NULL pointer?`;
    return `there is no memory at address ${shown}: was it freed, or never allocated?`;
  }

  /** `file:line:column: ` of the innermost frame of the program itself: the library's say little. */
  private place(pc?: number): string {
    const { machine } = this;
    const { cpu } = machine;
    const frames = pc === undefined ? userFramesBelow(machine, cpu.task) : framesOfCpu(machine, cpu);
    const frame =
      frames.find((each) => isOwn(machine, each)) ??
      frames.find((each) => each.function.image === 'program' && !each.function.synthetic);
    const at = frame?.pc ?? pc;
    const position = at === undefined ? undefined : machine.program.positionAt(at);
    return position ? `${position.uri}:${position.line}:${position.column}: ` : '';
  }
}
