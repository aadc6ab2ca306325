/**
 * The privileged intrinsics of src/kernel/intrinsics.osim, but for those that move the CPU's registers
 * (instructions/control.ts).
 */
import type { ProcessInfo } from '../compiler/image.js';
import { ATTENTION } from './attention.js';
import type { Board } from './board.js';
import { isChoiceKind } from './choices.js';
import { cloneUserState } from './fork.js';
import { arrangeArguments, beginFrame, growStack } from './calls.js';
import { assertContext, ContextValue } from './context.js';
import { MachineError } from './errors.js';
import { HEADER, WORDS } from '../isa/isa.js';
import { saveUserState } from './kernel-entry.js';
import { ADDRESS } from './link.js';
import { isText } from './long-string.js';
import { DEVICE, IRQ } from './devices.js';
import type { KernelHost } from './kernel-host.js';
import { PageTable } from './mmu.js';
import { HEADERS, packetText } from './network/frame.js';
import { Fault, SIGILL, type Native } from './native.js';
import { HeapValue } from './slots.js';
import { touchWatchdog } from './watchdog.js';
import { KERNEL_BASE, RETURN, Stack, ThreadPointer, USER_STATE } from './stack.js';
import { FunctionValue, ListValue, RecordValue, type Value } from './values.js';

type Intrinsic = (host: KernelHost, slots: Value[], at: number, count: number) => Value;

function int(slots: Value[], at: number): number {
  const value = slots[at];
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  throw new Fault(SIGILL, 'an intrinsic was given something that is not an integer');
}
function text(slots: Value[], at: number): string {
  const value = slots[at];
  if (isText(value)) return value.toString();
  throw new Fault(SIGILL, 'an intrinsic was given something that is not a string');
}
function table(slots: Value[], at: number): PageTable {
  const value = slots[at];
  if (value instanceof PageTable) return value;
  throw new Fault(SIGILL, 'this is not a page table: make one with pt_create()');
}
function context(slots: Value[], at: number): ContextValue {
  const value = slots[at] ?? null;
  assertContext(value);
  return value;
}
function heap(slots: Value[], at: number): HeapValue {
  const value = slots[at];
  if (value instanceof HeapValue) return value;
  throw new Fault(SIGILL, 'this is not an object heap: make one with heap_create()');
}
function list({ history }: KernelHost, items: Value[]): ListValue {
  return new ListValue(history.epoch, items);
}
function size(n: number): 1 | 2 | 4 | 8 {
  if (n === 1 || n === 2 || n === 4 || n === 8) return n;
  throw new MachineError(`an integer in memory has 1, 2, 4 or 8 bytes, not ${n}`);
}

function netSize(n: number): 2 | 4 {
  if (n === 2 || n === 4) return n;
  throw new MachineError(`an integer of the network has 2 or 4 bytes here, not ${n}`);
}

/** A user stack whose first frame is program entry `number`'s. */
function userStack(board: Board, number: number, heapOf: HeapValue, args: number, sp: number): Stack {
  const info = board.program.entries[number];
  if (!info) throw new MachineError(`there is no program entry ${number}`);
  const stack = stackOf(board, info.entry, [], sp);
  stack.heap = heapOf;
  stack.argumentsAt = args;
  return stack;
}

/** A thread's stack whose first frame is function f's. */
function stackOf(board: Board, f: number, args: Value[], sp: number): Stack {
  const stack = new Stack(board.history.epoch, board.program.registers, board.limits.threadStackSlots, sp);
  const top = HEADER + board.program.registers[f];
  stack.grow(top);
  beginFrame(stack.slots, HEADER, RETURN.BOTTOM, 0, f, args, top);
  stack.fp = HEADER;
  return stack;
}

function setUserState(board: Board, kernel: Stack, user: Stack, pc: number, fp: number, result: number): void {
  saveUserState(board, kernel);
  kernel.slots[USER_STATE.STACK] = user;
  kernel.slots[USER_STATE.PC] = pc;
  kernel.slots[USER_STATE.FP] = fp;
  kernel.slots[USER_STATE.RESULT] = result;
}

function entryOf(board: Board, number: number): number {
  return board.program.entry[board.program.entries[number].entry];
}

/** The user state at the bottom of the running task's kernel stack. */
function userSlots(board: Board): { kernel: Stack; user: Stack; fp: number } {
  const kernel = board.cpu.kernelStack;
  const user = kernel.slots[USER_STATE.STACK];
  if (!(user instanceof Stack)) throw new Fault(SIGILL, 'the current task has no user mode');
  return { kernel, user, fp: kernel.slots[USER_STATE.FP] as number };
}

function processRecord(host: KernelHost, info: ProcessInfo, entry: number): RecordValue {
  return host.record({
    name: info.name,
    entry,
    index: info.index,
    at: info.at,
    nice: info.nice,
    priority: info.priority,
    burst: info.burst,
    tickets: info.tickets,
    cpu: info.cpu,
    argument_count: info.params,
  });
}

/** Slots that most system calls need of a kernel stack, so that it need not grow in each new task's first one. */
const KERNEL_STACK_ROOM = 96;

/** Linux's: no error has a higher number. */
const MAX_ERRNO = 4095;

const intrinsics: Record<string, Intrinsic> = {
  // ---- the CPU ----
  cpu_id: (m) => m.board.cpu.id,
  cpu_count: (m) => m.board.cpus.length,
  set_current(m, slots, at) {
    m.board.cpu.task = slots[at] ?? null;
    return null;
  },
  touch_softlockup_watchdog(m) {
    touchWatchdog(m.board, m.board.cpu);
    return null;
  },
  send_ipi(m, slots, at) {
    const target = m.board.cpus[int(slots, at)];
    if (!target) throw new MachineError(`there is no CPU ${int(slots, at)}`);
    m.board.raise(target, IRQ.RESCHEDULE, m.board.cpu.clock);
    // The other CPU may be due before this one goes on.
    m.board.attention |= ATTENTION.ORDER;
    return null;
  },
  timer_set(m, slots, at) {
    const { cpu } = m.board;
    const when = int(slots, at);
    if (cpu.timer !== -1) m.board.events.cancel(cpu.timer);
    cpu.pending &= ~(1 << IRQ.TIMER);
    cpu.timer = when > 0 ? m.board.events.schedule(Math.max(when, cpu.clock), DEVICE.TIMER, cpu.id) : -1;
    m.board.orderChanged();
    return null;
  },
  panic(m, slots, at) {
    m.board.panic(isText(slots[at]) ? slots[at].toString() : 'panic');
    return null;
  },
  is_error(_m, slots, at) {
    const result = slots[at];
    return typeof result === 'number' && result < 0 && result >= -MAX_ERRNO;
  },
  hw_random: (m, slots, at) => m.choices.choose('hw_random', Math.max(1, int(slots, at))),
  hw_choose(m, slots, at) {
    const [kind, alternatives, usual] = [text(slots, at), int(slots, at + 1), int(slots, at + 2)];
    if (!isChoiceKind(kind)) throw new Fault(SIGILL, `hw_choose() knows no kind "${kind}"`);
    if (!(usual >= 0 && usual < alternatives))
      throw new Fault(SIGILL, `hw_choose() can not take ${usual} of ${alternatives} alternatives`);
    return m.choices.choose(kind, alternatives, usual);
  },
  trace(m, slots, at) {
    const fields = slots[at + 1];
    if (!(fields instanceof RecordValue)) throw new Fault(SIGILL, 'trace() takes a name and a record of fields');
    m.trace(text(slots, at), fields);
    return null;
  },

  // ---- contexts ----
  new_context(m, slots, at, count) {
    const f = slots[at];
    if (!(f instanceof FunctionValue)) throw new Fault(SIGILL, 'new_context() takes a function');
    const { program, limits } = m.board;
    const stack = new Stack(m.history.epoch, program.registers, limits.kernelStackSlots, 0, KERNEL_STACK_ROOM);
    const registers = m.board.program.registers[f.index];
    const top = KERNEL_BASE + Math.max(registers, count - 1);
    stack.grow(top);
    const args = slots.slice(at + 1, at + count);
    beginFrame(stack.slots, KERNEL_BASE, RETURN.TO_USER, 0, f.index, args, top);
    arrangeArguments(m.board, stack.slots, KERNEL_BASE, f.index, args.length);
    stack.fp = KERNEL_BASE;
    const made = new ContextValue(m.history.epoch, stack);
    made.pc = m.board.program.entry[f.index];
    made.fp = KERNEL_BASE;
    return made;
  },
  new_user_state(m, slots, at) {
    const target = context(slots, at);
    const number = int(slots, at + 2);
    const user = userStack(m.board, number, heap(slots, at + 1), int(slots, at + 3), int(slots, at + 4));
    setUserState(m.board, target.stack, user, entryOf(m.board, number), HEADER, -1);
    return null;
  },
  replace_user_state(m, slots, at) {
    const number = int(slots, at + 1);
    const user = userStack(m.board, number, heap(slots, at), int(slots, at + 2), int(slots, at + 3));
    setUserState(m.board, m.board.cpu.kernelStack, user, entryOf(m.board, number), HEADER, -1);
    return null;
  },
  copy_user_state(m, slots, at) {
    const target = context(slots, at);
    const { kernel, user } = userSlots(m.board);
    const into = heap(slots, at + 1);
    const from = kernel.thread;
    const to = (target.stack.thread ??= new ThreadPointer(m.history.epoch));
    const { stack: copy, parts } = m.inPieces(() => cloneUserState(m.board, user, into, { from, to }));
    const result = kernel.slots[USER_STATE.RESULT] as number;
    setUserState(
      m.board,
      target.stack,
      copy,
      kernel.slots[USER_STATE.PC] as number,
      kernel.slots[USER_STATE.FP] as number,
      -1,
    );
    if (result >= 0) copy.slots[result] = 0;
    return parts;
  },
  new_thread_state(m, slots, at) {
    const target = context(slots, at);
    const f = int(slots, at + 1);
    const info = m.board.program.userFunctions[f] && m.board.program.functions[f];
    if (!info || info.params !== 1 || info.rest) return false;
    const { user: other } = userSlots(m.board);
    const user = stackOf(m.board, f, [int(slots, at + 2)], int(slots, at + 3));
    user.heap = other.heap;
    user.argumentsAt = other.argumentsAt;
    setUserState(m.board, target.stack, user, m.board.program.entry[f], HEADER, -1);
    return true;
  },
  set_thread_pointer(m, slots, at) {
    const { cpu } = m.board;
    const stack = slots[at] === null ? cpu.kernelStack : context(slots, at).stack;
    const own = slots[at + 2] === null ? null : int(slots, at + 2);
    const offset =
      own === null ? (cpu.kernelStack.thread?.offset ?? 0) : own === 0 ? 0 : own - m.board.program.threadLocals;
    stack.thread ??= new ThreadPointer(m.history.epoch);
    m.history.touch(stack.thread);
    stack.thread.tid = int(slots, at + 1);
    stack.thread.offset = offset;
    const user = stack.slots[USER_STATE.STACK];
    if (user instanceof Stack) user.thread = stack.thread;
    return null;
  },
  function_name: (m, slots, at) => m.board.program.userFunctions[int(slots, at)]?.name ?? null,
  heap_create: (m) => new HeapValue(m.history),
  restart_syscall(m) {
    const { kernel } = userSlots(m.board);
    saveUserState(m.board, kernel);
    if ((kernel.slots[USER_STATE.RESULT] as number) < 0) return null;
    kernel.slots[USER_STATE.PC] = (kernel.slots[USER_STATE.PC] as number) - WORDS;
    kernel.slots[USER_STATE.RESULT] = -1;
    return null;
  },
  push_user_frame(m, slots, at, count) {
    const { kernel, user, fp } = userSlots(m.board);
    const number = slots[at];
    const f = number instanceof FunctionValue ? number.index : int(slots, at);
    if (!m.board.program.userFunctions[f]) return false;
    saveUserState(m.board, kernel);
    const from = fp + m.board.program.registers[user.slots[fp - 1] as number];
    user.enter(m.history, fp);
    const base = from + 2 + HEADER;
    const top = base + m.board.program.registers[f];
    if (top > user.limit) return false;
    growStack(user, top);
    user.slots[from] = kernel.slots[USER_STATE.PC];
    user.slots[from + 1] = fp;
    beginFrame(user.slots, base, RETURN.FROM_HANDLER, fp, f, slots.slice(at + 1, at + count), top);
    user.fp = base;
    kernel.slots[USER_STATE.PC] = m.board.program.entry[f];
    kernel.slots[USER_STATE.FP] = base;
    return true;
  },
  pop_user_frame(m) {
    const { kernel, user, fp } = userSlots(m.board);
    if (user.slots[fp - HEADER] !== RETURN.FROM_HANDLER) return false;
    saveUserState(m.board, kernel);
    const interrupted = user.slots[fp - HEADER - 1] as number;
    // Now, and not only on the way back to user mode: an epoch may end before that.
    user.enter(m.history, interrupted);
    user.fp = interrupted;
    kernel.slots[USER_STATE.PC] = user.slots[fp - HEADER - 2];
    kernel.slots[USER_STATE.FP] = interrupted;
    kernel.slots[USER_STATE.RESULT] = -1;
    return true;
  },
  user_registers(m) {
    const { kernel, user } = userSlots(m.board);
    return m.record({ pc: m.board.program.addressOf(kernel.slots[USER_STATE.PC] as number), sp: user.sp });
  },

  // ---- memory ----
  frame_count: (m) => m.memory.frameCount,
  pt_create: (m) => new PageTable(m.history),
  pt_destroy: () => null,
  pt_get: (_m, slots, at) => table(slots, at).get(int(slots, at + 1)),
  pt_set(_m, slots, at) {
    table(slots, at).set(int(slots, at + 1), int(slots, at + 2));
    return null;
  },
  pt_pages: (m, slots, at) => list(m, table(slots, at).pages(int(slots, at + 1), int(slots, at + 2))),
  load_page_table(m, slots, at) {
    m.board.cpu.pageTable = slots[at] === null ? null : table(slots, at);
    m.board.cpu.tlb.flush();
    m.board.counters.add('tlbFlushes');
    return null;
  },
  tlb_flush_page(m, slots, at) {
    const pt = table(slots, at);
    for (const cpu of m.board.cpus) {
      if (cpu.pageTable !== pt) continue;
      cpu.tlb.flushPage(int(slots, at + 1) >>> 12);
      if (cpu !== m.board.cpu) m.board.counters.add('tlbShootdowns');
    }
    return null;
  },
  tlb_flush(m, slots, at) {
    const pt = table(slots, at);
    for (const cpu of m.board.cpus) {
      if (cpu.pageTable !== pt) continue;
      cpu.tlb.flush();
      if (cpu !== m.board.cpu) m.board.counters.add('tlbShootdowns');
    }
    return null;
  },
  phys_copy(m, slots, at) {
    m.memory.copy(int(slots, at), int(slots, at + 1), int(slots, at + 2));
    return null;
  },
  phys_fill(m, slots, at) {
    m.memory.fill(int(slots, at), int(slots, at + 1), int(slots, at + 2));
    return null;
  },
  phys_load: (m, slots, at) => m.memory.load(int(slots, at), size(int(slots, at + 1))),
  phys_store(m, slots, at) {
    m.memory.store(int(slots, at), size(int(slots, at + 1)), int(slots, at + 2));
    return null;
  },
  phys_load_net: (m, slots, at) => m.memory.loadNet(int(slots, at), netSize(int(slots, at + 1))),
  phys_store_net(m, slots, at) {
    m.memory.storeNet(int(slots, at), netSize(int(slots, at + 1)), int(slots, at + 2));
    return null;
  },
  phys_string: (m, slots, at) => m.memory.string(int(slots, at), int(slots, at + 1)),
  phys_write(m, slots, at) {
    m.memory.write(int(slots, at), text(slots, at + 1));
    return null;
  },
  phys_find: (m, slots, at) => m.memory.find(int(slots, at), int(slots, at + 1), int(slots, at + 2)),
  load_data_page(m, slots, at) {
    const page = int(slots, at);
    const pa = int(slots, at + 1);
    m.board.program.globals.fill(m.memory, pa, ADDRESS.USER_DATA + page * 4096);
    return null;
  },

  // ---- devices ----
  disk_submit(m, slots, at) {
    m.board.disk.submit(
      int(slots, at),
      int(slots, at + 1) !== 0,
      int(slots, at + 2),
      int(slots, at + 3),
      int(slots, at + 4),
    );
    m.board.orderChanged();
    return null;
  },
  net_post(m, slots, at) {
    m.board.network.card.post(int(slots, at), int(slots, at + 1));
    return null;
  },
  net_received(m) {
    const buffer = m.board.network.card.received();
    return buffer === null ? null : m.record({ pa: buffer.pa, len: buffer.length });
  },
  net_transmit(m, slots, at) {
    m.board.network.card.transmit(int(slots, at), int(slots, at + 1), int(slots, at + 2), int(slots, at + 3));
    m.board.orderChanged();
    return null;
  },
  net_transmitted: (m) => m.board.network.card.transmitted(),
  packet_text(m, slots, at) {
    const headers = new Uint8Array(Math.max(0, Math.min(int(slots, at + 1), HEADERS)));
    m.memory.readBytes(int(slots, at), headers);
    return packetText(headers);
  },
  disk_finished: (m) => m.board.disk.finished(),
  disk_sectors: (m) => m.board.disk.sectors,
  console_write(m, slots, at) {
    const bytes = m.memory.string(int(slots, at), int(slots, at + 1));
    m.board.terminal.write({ time: m.board.cpu.clock, step: m.board.steps, pid: int(slots, at + 2), bytes });
    m.board.counters.add('terminalBytes', bytes.length);
    return null;
  },
  console_read: (m) => m.board.terminal.read(),

  // ---- what the machine was built with ----
  setting(m, slots, at) {
    const name = text(slots, at);
    if (name === 'seed') return m.board.options.seed;
    if (name === 'remotes') return m.board.program.remotes.length || null;
    return m.board.options.settings[name] ?? (m.board.deviceTimes as unknown as Record<string, number>)[name] ?? null;
  },
  cost_table: (m) => m.record({ ...m.board.costs }),
  boot_processes(m) {
    const image = m.board.images[m.board.images.length - 1];
    return list(
      m,
      image.processes.map((info, i) => processRecord(m, info, i)),
    );
  },
  find_program(m, slots, at) {
    const image = m.board.images[m.board.images.length - 1];
    const name = text(slots, at);
    const i = image.programs.findIndex((program) => program.name === name);
    return i < 0 ? null : m.record({ name, entry: image.processes.length + i });
  },
  disk_directory(m) {
    return list(
      m,
      m.board.disk.directory.map(({ path, sector, size: bytes }) => m.record({ path, sector, size: bytes })),
    );
  },
  program_layout: (m) =>
    m.record({
      base: ADDRESS.USER_DATA,
      size: m.board.program.dataSize,
      shared_base: ADDRESS.SHARED_DATA,
      shared_size: m.board.program.sharedSize,
    }),
};

export const INTRINSICS = intrinsics as unknown as Record<string, Native>;
