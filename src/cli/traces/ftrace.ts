/** The text of Linux's /sys/kernel/tracing/trace, which trace-cmd, KernelShark's importers and Perfetto read. */
import type { TraceFormat } from '../trace-formats.js';
import { nanosecondsPerTick, seconds } from './clock.js';
import { LinuxEvents, type LinuxEvent, type LinuxField } from './linux-events.js';
import { stateLetter } from './linux-tasks.js';

const HEAD = `# tracer: nop
#
#                                _-----=> irqs-off/BH-disabled
#                               / _----=> need-resched
#                              | / _---=> hardirq/softirq
#                              || / _--=> preempt-depth
#                              ||| / _-=> migrate-disable
#                              |||| /     delay
#           TASK-PID     CPU#  |||||  TIMESTAMP  FUNCTION
#              | |         |   |||||     |         |`;

/** Interrupts are off in the kernel; in a handler of one the CPU says so. */
const IN_KERNEL = 'd....';
const IN_INTERRUPT = 'd.h..';

export const ftraceText: TraceFormat = (computer, line) => {
  const events = new LinuxEvents(computer);
  const perTick = nanosecondsPerTick(computer);
  HEAD.split('\n').forEach(line);
  return {
    event(traced) {
      for (const event of events.of(traced)) {
        const { time, cpu, pid, inInterrupt } = event;
        const comm = pid === 0 ? '<idle>' : event.comm;
        const who = `${comm.padStart(16)}-${String(pid).padEnd(7)} [${String(cpu).padStart(3, '0')}]`;
        const at = seconds(time, perTick).padStart(12);
        line(`${who} ${inInterrupt ? IN_INTERRUPT : IN_KERNEL} ${at}: ${event.name}: ${bodyOf(event)}`.trimEnd());
      }
    },
  };
};

/** As Linux prints the events that it has, too. */
function bodyOf({ name, fields }: LinuxEvent): string {
  const of = (wanted: string): LinuxField['value'] => fields.find((field) => field.name === wanted)?.value ?? '';
  const shown = (names: string[]): string => names.map((each) => `${each}=${of(each)}`).join(' ');
  switch (name) {
    case 'sched_switch': {
      const prev = shown(['prev_comm', 'prev_pid', 'prev_prio']);
      const state = stateLetter(Number(of('prev_state')));
      return `${prev} prev_state=${state} ==> ${shown(['next_comm', 'next_pid', 'next_prio'])}`;
    }
    case 'sched_waking':
    case 'sched_wakeup':
      return `${shown(['comm', 'pid', 'prio'])} target_cpu=${String(of('target_cpu')).padStart(3, '0')}`;
    case 'irq_handler_exit':
      return `irq=${of('irq')} ret=handled`;
    case 'sys_enter': {
      const args = String(of('args')).split(', ');
      const hex = args.map((arg) => (arg === '' ? '' : BigInt.asUintN(64, BigInt(arg)).toString(16)));
      return `NR ${of('nr')} (${hex.join(', ')}) name=${of('name')}`;
    }
    case 'sys_exit':
      return `NR ${of('nr')} = ${of('ret')} name=${of('name')}`;
    default:
      return shown(fields.map((field) => field.name));
  }
}
