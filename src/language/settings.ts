import { HIGHEST_COST, LONGEST_SETTING, MOST_MEMORY, spelled, spelledBytes } from './limits.js';
import { SCHEDULERS, SCHEDULER_NAMES } from './schedulers.js';
import { closest } from './suggest.js';

/** The settings of a `machine { … }` block: the checks, completion and hovers go by this table. */
export type SettingShape =
  | {
      readonly kind: 'integer' | 'bytes';
      readonly min: number;
      readonly max: number;
      readonly about: string;
      readonly path?: undefined;
    }
  | {
      readonly kind: 'word';
      readonly words: readonly string[];
      /** What each word means, where there is more to say than the word does. */
      readonly meanings?: Readonly<Record<string, string>>;
      /** Whether it may also be a file of the user's. */
      readonly path?: boolean;
      readonly about: string;
    };

export const SETTINGS: ReadonlyMap<string, SettingShape> = new Map(
  Object.entries({
    cpus: { kind: 'integer', min: 1, max: 8, about: 'CPUs' },
    scheduler: {
      kind: 'word',
      words: SCHEDULER_NAMES,
      meanings: SCHEDULERS,
      path: true,
      about: 'who runs next',
    },
    irq_cpu: { kind: 'integer', min: 0, max: 7, about: 'CPU number' },
    balance_interval: { kind: 'integer', min: 0, max: LONGEST_SETTING, about: 'ticks' },
    quantum: { kind: 'integer', min: 1, max: LONGEST_SETTING, about: 'ticks' },
    sched_latency: { kind: 'integer', min: 1, max: LONGEST_SETTING / 100, about: 'ticks' },
    sched_min_granularity: { kind: 'integer', min: 1, max: LONGEST_SETTING / 100, about: 'ticks' },
    sched_base_slice: { kind: 'integer', min: 1, max: LONGEST_SETTING / 100, about: 'ticks' },
    mlfq_levels: { kind: 'integer', min: 1, max: 16, about: 'levels' },
    mlfq_allotment: { kind: 'integer', min: 1, max: 100, about: 'quanta' },
    mlfq_boost: { kind: 'integer', min: 0, max: LONGEST_SETTING, about: 'ticks' },
    mlfq_growth: { kind: 'integer', min: 1, max: 16, about: 'times' },
    costs: { kind: 'word', words: ['teaching', 'linux', 'none'], about: 'what each operation costs' },
    disk_latency: { kind: 'integer', min: 0, max: LONGEST_SETTING, about: 'ticks' },
    disk_sector_time: { kind: 'integer', min: 0, max: LONGEST_SETTING, about: 'ticks' },
    network_latency: { kind: 'integer', min: 0, max: LONGEST_SETTING, about: 'ticks' },
    network_per_16_bytes: { kind: 'integer', min: 0, max: LONGEST_SETTING, about: 'ticks' },
    memory: { kind: 'bytes', min: 1024 ** 2, max: MOST_MEMORY, about: 'bytes' },
    thread_stack: { kind: 'bytes', min: 4096, max: 64 * 1024 ** 2, about: 'bytes' },
    coroutine_stack: { kind: 'bytes', min: 1024, max: 64 * 1024 ** 2, about: 'bytes' },
    page_cache: { kind: 'integer', min: 1, max: 1024 ** 2, about: 'pages' },
    writeback_interval: { kind: 'integer', min: 0, max: LONGEST_SETTING, about: 'ticks' },
    // All that was printed can be asked for as one string.
    output_limit: { kind: 'bytes', min: 0, max: 256 * 1024 ** 2, about: 'bytes' },
    tcp_rto: { kind: 'integer', min: 1, max: LONGEST_SETTING, about: 'ticks' },
    tcp_time_wait: { kind: 'integer', min: 0, max: LONGEST_SETTING, about: 'ticks' },
  } satisfies Record<string, SettingShape>),
);

/** What `cost_NAME = ticks;` can override: the figures of the machine's cost table. A test compares the two lists. */
export const COST_NAMES: readonly string[] = [
  'instruction',
  'coroutine_switch',
  'syscall',
  'syscall_exit',
  'context_switch',
  'address_space_switch',
  'tlb_miss',
  'page_fault',
  'page_zero',
  'interrupt',
  'fork',
  'thread',
  'exec',
  'exit',
  'wakeup',
  'copy_base',
  'copy_per_16_bytes',
  'timer',
  'signal',
  'idle_wakeup',
  'schedule',
  'file_lookup',
  'cache_lookup',
  'pipe',
  'packet',
  'open',
  'poll_file',
  'epoll',
  'futex',
  'work_batch',
];

const COST: SettingShape = { kind: 'integer', min: 0, max: HIGHEST_COST, about: 'ticks' };

/** The shape of a setting by its name, the single costs included; undefined when there is no such setting. */
export function settingShape(name: string): SettingShape | undefined {
  if (name.startsWith('cost_') && COST_NAMES.includes(name.slice('cost_'.length))) return COST;
  return SETTINGS.get(name);
}

/** The words that a setting can be. */
export function settingWords(name: string): readonly string[] {
  const shape = SETTINGS.get(name);
  return shape?.kind === 'word' ? shape.words : [];
}

/** Every setting's name, those of single costs last. */
export const SETTING_NAMES: readonly string[] = [...SETTINGS.keys(), ...COST_NAMES.map((name) => `cost_${name}`)];

/** "from 1 to 8", as a program would write the figures. */
export function settingRange({ kind, min, max }: SettingShape & { kind: 'integer' | 'bytes' }): string {
  const text = kind === 'bytes' ? spelledBytes : spelled;
  return `from ${text(min)} to ${text(max)}`;
}

/** What is wrong with a number as a setting's value, in the shape's own unit, and what to do; null when it is right. */
export function numberFault(
  name: string,
  shape: SettingShape & { kind: 'integer' | 'bytes' },
  value: number,
): { message: string; hint: string } | null {
  const { kind, min, max, about } = shape;
  if (Number.isInteger(value) && value >= min && value <= max) return null;
  const text = kind === 'bytes' ? spelledBytes : spelled;
  const hint = value < min ? `The least is ${text(min)}.` : `The most is ${text(max)}.`;
  return { message: `\`${name}\` is a number of ${about}, ${settingRange(shape)}; ${text(value)} is outside.`, hint };
}

/** What is wrong with a word as a setting's value, and what to do; null when it is right. */
export function wordFault(
  name: string,
  shape: SettingShape & { kind: 'word' },
  written: string,
): { message: string; hint: string } | null {
  const { words, path } = shape;
  if (words.includes(written) || (path && isPolicyPath(written))) return null;
  const all = `The choices are ${words.join(', ')}${path ? ', or a file such as "./my_sched.osim"' : ''}.`;
  const message = `\`${written}\` is no value for \`${name}\`.`;
  if (path && written.endsWith('.osim')) {
    return { message, hint: `The path of a file starts with a dot: "./${written.replace(/^\/+/, '')}".` };
  }
  const near = closest(written, words);
  return { message, hint: near ? `Did you mean \`${near}\`? ${all}` : all };
}

function isPolicyPath(written: string): boolean {
  return /^\.\.?\/.*\.osim$/s.test(written);
}
