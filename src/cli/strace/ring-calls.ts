/** io_uring as strace shows it. What goes through the rings is no call, so it is not to be seen here. */
import { call, type Calls } from './call.js';
import { type Moment, pointer } from './moment.js';
import { flags, type Names } from './names.js';

const SETUP_FLAGS: Names = [
  ['IORING_SETUP_IOPOLL', 1],
  ['IORING_SETUP_SQPOLL', 2],
  ['IORING_SETUP_SQ_AFF', 4],
  ['IORING_SETUP_CQSIZE', 8],
  ['IORING_SETUP_CLAMP', 16],
  ['IORING_SETUP_ATTACH_WQ', 32],
  ['IORING_SETUP_R_DISABLED', 64],
  ['IORING_SETUP_SUBMIT_ALL', 128],
];
const FEATURES: Names = [
  ['IORING_FEAT_SINGLE_MMAP', 1],
  ['IORING_FEAT_NODROP', 2],
  ['IORING_FEAT_SUBMIT_STABLE', 4],
  ['IORING_FEAT_RW_CUR_POS', 8],
  ['IORING_FEAT_CUR_PERSONALITY', 16],
  ['IORING_FEAT_FAST_POLL', 32],
];
const ENTER_FLAGS: Names = [
  ['IORING_ENTER_GETEVENTS', 1],
  ['IORING_ENTER_SQ_WAKEUP', 2],
  ['IORING_ENTER_SQ_WAIT', 4],
  ['IORING_ENTER_EXT_ARG', 8],
];
/** Where struct io_uring_params has the offsets of each ring, and what they are called: 4 bytes each. */
const SUBMISSION = { at: 40, names: ['head', 'tail', 'ring_mask', 'ring_entries', 'flags', 'dropped', 'array'] };
const COMPLETION = { at: 80, names: ['head', 'tail', 'ring_mask', 'ring_entries', 'overflow', 'cqes', 'flags'] };

/** Known when the call begins: the kernel leaves it as it is. */
function asked(m: Moment, at: number): string {
  const setup = flags(m.load(at + 8, 4) ?? 0, SETUP_FLAGS, '0', 'IORING_SETUP_');
  return `flags=${setup}, sq_thread_cpu=${m.load(at + 12, 4) ?? 0}, sq_thread_idle=${m.load(at + 16, 4) ?? 0}`;
}

function offsets(m: Moment, at: number, { at: from, names }: typeof SUBMISSION): string {
  return `{${names.map((name, i) => `${name}=${m.load(at + from + 4 * i, 4) ?? 0}`).join(', ')}}`;
}

/** struct io_uring_params, after the call. */
function parameters(m: Moment): string {
  const at = m.value(1);
  if (at === 0 || m.load(at + 8, 4) === null) return pointer(at);
  if (m.failed) return `{${asked(m, at)}}`;
  const features = flags(m.load(at + 20, 4) ?? 0, FEATURES, '0', 'IORING_FEAT_');
  const sizes = `sq_entries=${m.load(at, 4) ?? 0}, cq_entries=${m.load(at + 4, 4) ?? 0}, features=${features}`;
  return `{${asked(m, at)}, ${sizes}, sq_off=${offsets(m, at, SUBMISSION)}, cq_off=${offsets(m, at, COMPLETION)}}`;
}

export const RING_CALLS: Calls = {
  io_uring_setup: call(
    'io_uring_setup',
    (m) => [String(m.value(0) >>> 0)],
    (m) => [parameters(m)],
  ),
  io_uring_enter: call('io_uring_enter', (m) => [
    m.int(0),
    String(m.value(1) >>> 0),
    String(m.value(2) >>> 0),
    flags(m.value(3), ENTER_FLAGS, '0', 'IORING_ENTER_'),
    m.address(4),
    m.size(5),
  ]),
};
