/** All functions of the machine's own that code can call by name. */
import { ATOMICS } from './atomics.js';
import { INTRINSICS } from './intrinsics.js';
import { LIBRARY } from './library.js';
import type { Native } from './native.js';
import { REMOTE_NATIVES } from './network/remote-calls.js';
import { THREAD_LIBRARY } from './thread-library.js';

export const NATIVES: Readonly<Record<string, Native>> = {
  ...LIBRARY,
  ...THREAD_LIBRARY,
  ...ATOMICS,
  ...REMOTE_NATIVES,
  ...INTRINSICS,
};
