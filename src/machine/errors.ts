/** The hardware was used in a way that no hardware allows: a fault of the kernel's, which panics with this message. */
export class MachineError extends Error {
  override readonly name = 'MachineError';
}

/** A bound that keeps a run from growing without end was reached: the machine stops with outcome `limit`. */
export class MachineLimit extends Error {
  override readonly name = 'MachineLimit';
}

/** A setting of `machine { … }` that means nothing: the program's fault, told before anything runs. */
export class SettingError extends Error {
  override readonly name = 'SettingError';
}

/**
 * The host is in trouble (its disk is full, nobody reads its output any more): it ends whoever runs the machine, no
 * panic.
 */
export class HostTrouble extends Error {
  override readonly name: string = 'HostTrouble';
}
