/** The settings of a `machine { … }` block: the checks, completion and hovers go by this table. */
export type SettingShape =
  | { readonly kind: 'integer' | 'bytes'; readonly min: number; readonly max: number; readonly about: string }
  | { readonly kind: 'word'; readonly words: readonly string[]; readonly path?: boolean; readonly about: string };

const MAX = Number.MAX_SAFE_INTEGER;

/** 32-bit machine: it can't have more memory than it can address. */
const GIB_4 = 4 * 1024 ** 3;

export const SETTINGS: ReadonlyMap<string, SettingShape> = new Map(
  Object.entries({
    cpus: { kind: 'integer', min: 1, max: 8, about: 'CPUs' },
    scheduler: {
      kind: 'word',
      words: ['fifo', 'sjf', 'rr', 'priority', 'mlfq', 'lottery', 'cfs'],
      path: true,
      about: 'who runs next',
    },
    quantum: { kind: 'integer', min: 1, max: MAX, about: 'ticks' },
    costs: { kind: 'word', words: ['teaching', 'linux', 'none'], about: 'what each operation costs' },
    disk_latency: { kind: 'integer', min: 0, max: MAX, about: 'ticks' },
    network_latency: { kind: 'integer', min: 0, max: MAX, about: 'ticks' },
    memory: { kind: 'bytes', min: 1024 ** 2, max: GIB_4, about: 'bytes' },
    thread_stack: { kind: 'bytes', min: 4096, max: 64 * 1024 ** 2, about: 'bytes' },
    coroutine_stack: { kind: 'bytes', min: 1024, max: 64 * 1024 ** 2, about: 'bytes' },
    tcp_rto: { kind: 'integer', min: 1, max: MAX, about: 'ticks' },
  } satisfies Record<string, SettingShape>),
);
