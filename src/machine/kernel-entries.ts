/** Kernel functions that the hardware calls by name. */
export const ENTRIES = {
  boot: 'boot',
  bootCpu: 'boot_cpu',
  syscall: 'syscall_entry',
  interrupt: 'irq_entry',
  pageFault: 'page_fault_entry',
  fault: 'fault_entry',
  idle: 'machine_idle',
} as const;
