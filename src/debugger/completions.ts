/** Completions in the debug console: commands, names in scope, fields of what stands before the dot. */
import type { DebugProtocol as P } from '@vscode/debugprotocol';
import { EvaluationError } from '../compiler/evaluate.js';
import { KERNEL } from '../machine/cpu.js';
import { RecordValue } from '../machine/values.js';
import { localsOf } from '../computer/inspect-frames.js';
import { COMMANDS } from './console.js';
import type { Debuggee } from './debuggee.js';
import { KernelNames } from './evaluate.js';
import type { FrameHandle } from './handles.js';
import type { HandlerTable } from './protocol.js';
import type { SessionState } from './session-state.js';

const MOST = 200;

export function consoleCompletions(session: SessionState): HandlerTable {
  return {
    completions: ({ text, column, frameId }) => {
      const debuggee = session.stopped();
      const frame = frameId == null ? null : (session.handles.frame(frameId) ?? null);
      const before = text.slice(0, Math.max(0, session.columnFromClient(column) - 1));
      const word = /[A-Za-z_][A-Za-z0-9_-]*$/.exec(before)?.[0] ?? '';
      const start = before.slice(0, before.length - word.length);
      const targets = start.endsWith('.')
        ? fieldsOf(debuggee, frame, start.slice(0, -1))
        : [...namesIn(debuggee, frame), ...(start.trim() === '' ? commands() : [])];
      return {
        targets: targets.filter(({ label }) => label.toLowerCase().startsWith(word.toLowerCase())).slice(0, MOST),
      };
    },
  };
}

function commands(): P.CompletionItem[] {
  return Object.entries(COMMANDS).map(([label, { help }]) => ({ label, type: 'keyword', detail: help }));
}

/** Fields of the value that the text before the dot has. */
function fieldsOf({ evaluator, machine }: Debuggee, handle: FrameHandle | null, before: string): P.CompletionItem[] {
  const expression = /[A-Za-z_0-9.[\]"]+$/.exec(before)?.[0] ?? '';
  try {
    const value = evaluator.evaluate(expression, { frame: handle?.frame ?? null, task: handle?.task ?? null });
    const names =
      value instanceof KernelNames
        ? machine.program.kernelGlobals.map(({ name }) => name).sort()
        : value instanceof RecordValue
          ? value.shape.fields
          : [];
    return names.map((label) => ({ label, type: 'field' }));
  } catch (error) {
    if (error instanceof EvaluationError) return [];
    throw error;
  }
}

function namesIn({ machine }: Debuggee, handle: FrameHandle | null): P.CompletionItem[] {
  const { program } = machine;
  const isKernel = handle === null || handle.frame.mode === KERNEL;
  const locals = handle ? localsOf(handle.frame).map(({ name }) => name) : [];
  const globals = isKernel
    ? program.kernelGlobals.map(({ name }) => name)
    : program.userGlobals
        .filter(({ image, name }) => image === 'program' || !name.startsWith('_'))
        .map(({ name }) => name);
  const items = [...new Set([...locals, ...globals])].map((label): P.CompletionItem => ({ label, type: 'variable' }));
  return [...items, { label: 'kernel', type: 'module', detail: "the kernel's variables" }];
}
