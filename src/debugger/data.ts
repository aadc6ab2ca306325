/** Scopes, variables and expressions. */
import type { DebugProtocol as P } from '@vscode/debugprotocol';
import { EvaluationError } from '../compiler/evaluate.js';
import { showValue } from '../machine/text.js';
import { textOf } from '../machine/text.js';
import { runCommand } from './console.js';
import { insideOf, partOf, type Container, type Part } from './containers.js';
import { evaluateWithAssignment } from './edit.js';
import { KernelNames, type Context } from './evaluate.js';
import type { FrameHandle } from './handles.js';
import { RequestError, type HandlerTable } from './protocol.js';
import { readingFor, scopesOf } from './scopes.js';
import type { SessionState } from './session-state.js';
import { defaultFrame } from './stack.js';

/** Numbered parts in one answer when the client does not page. */
const PAGE = 1000;

export function dataHandlers(session: SessionState): HandlerTable {
  /** By path: what was shown, at which stop, and what had been shown before that. */
  const seen = new Map<string, { text: string; generation: number; before: string | undefined }>();

  const frameOf = (id: number | undefined | null): FrameHandle | null => {
    if (id == null) return session.debuggee ? defaultFrame(session, session.debuggee) : null;
    const frame = session.handles.frame(id);
    if (!frame) throw new RequestError('This stack frame does not exist any more.');
    return frame;
  };

  const contextOf = (handle: FrameHandle | null): Context => ({
    frame: handle?.frame ?? null,
    task: handle?.task ?? null,
  });

  const addContainer = (container: Container | null | undefined, frame: FrameHandle | null, path: string): number =>
    container ? session.handles.addContainer({ container, frame, path }) : 0;

  /** Whether a value differs from the one shown at an earlier stop. */
  const hasChanged = (path: string, text: string): boolean => {
    const { generation } = session.execution;
    const last = seen.get(path);
    const before = last?.generation === generation ? last.before : last?.text;
    seen.set(path, { text, generation, before });
    return before !== undefined && before !== text;
  };

  const variableOf = (part: Part, frame: FrameHandle | null, path: string): P.Variable => {
    const own = `${path}/${part.name}`;
    const attributes = [
      ...(part.fixed || part.expression === null ? ['readOnly'] : []),
      ...(hasChanged(own, part.text) ? ['changed'] : []),
    ];
    return {
      name: part.name,
      value: part.text,
      ...(part.type ? { type: part.type } : {}),
      variablesReference: addContainer(part.inside, frame, own),
      ...(part.inside?.named ? { namedVariables: part.inside.named } : {}),
      ...(part.inside?.indexed ? { indexedVariables: part.inside.indexed } : {}),
      ...(part.expression !== null ? { evaluateName: part.expression } : {}),
      ...(part.memory ? { memoryReference: part.memory } : {}),
      ...(attributes.length > 0 ? { presentationHint: { attributes } } : {}),
    };
  };

  const refuse = (error: unknown): never => {
    throw error instanceof EvaluationError ? new RequestError(error.message) : error;
  };

  /** A value as the result of an evaluation. */
  const resultOf = (
    value: ReturnType<typeof evaluateWithAssignment>,
    text: string,
    handle: FrameHandle | null,
    hex: boolean,
  ) => {
    if (value instanceof KernelNames)
      return { result: "the kernel's variables: kernel.tasks, kernel.run_queues …", variablesReference: 0 };
    const reading = readingFor(session.loaded(), handle?.task ?? null);
    const part = partOf(reading, text, value, text, { hex });
    return {
      result: part.text,
      ...(part.type ? { type: part.type } : {}),
      variablesReference: addContainer(insideOf(reading, value, text), handle, `=${text}`),
      ...(part.inside?.named ? { namedVariables: part.inside.named } : {}),
      ...(part.inside?.indexed ? { indexedVariables: part.inside.indexed } : {}),
      ...(part.memory ? { memoryReference: part.memory } : {}),
    };
  };

  return {
    scopes: ({ frameId }) => {
      const debuggee = session.stopped();
      const handle = frameOf(frameId) as FrameHandle;
      const scopes = scopesOf(debuggee, handle).map(({ name, hint, expensive, container }) => ({
        name,
        ...(hint ? { presentationHint: hint } : {}),
        variablesReference: addContainer(container, handle, `${handle.threadId}/${handle.frame.function.name}/${name}`),
        namedVariables: container.named,
        indexedVariables: container.indexed,
        expensive,
      }));
      return { scopes };
    },

    variables: ({ variablesReference, filter, start, count, format }) => {
      session.stopped();
      const found = session.handles.container(variablesReference);
      if (!found) throw new RequestError('These variables do not exist any more.');
      const { container, frame, path } = found;
      const options = { hex: format?.hex === true };
      const parts: Part[] = [];
      if (filter !== 'indexed') parts.push(...container.namedParts(options));
      if (filter !== 'named') parts.push(...container.indexedParts(start ?? 0, Math.min(count || PAGE, PAGE), options));
      return { variables: parts.map((part) => variableOf(part, frame, path)) };
    },

    setVariable: ({ variablesReference, name, value }) => {
      session.stopped();
      const found = session.handles.container(variablesReference);
      if (!found) throw new RequestError('These variables do not exist any more.');
      const { container, frame } = found;
      const part =
        container.namedParts({}).find((candidate) => candidate.name === name) ??
        (/^\d+$/.test(name) ? container.indexedParts(Number(name), 1, {})[0] : findNumbered(container, name));
      if (!part) throw new RequestError(`There is no ${name} here.`);
      if (part.fixed || part.expression === null) throw new RequestError(`${name} can not be set.`);
      try {
        const set = evaluateWithAssignment(session, frame, `${part.expression} = (${value})`);
        const { result, ...rest } = resultOf(set, part.expression, frame, false);
        return { value: result, ...rest };
      } catch (error) {
        return refuse(error);
      }
    },

    setExpression: ({ expression, value, frameId }) => {
      session.stopped();
      const handle = frameOf(frameId);
      try {
        const set = evaluateWithAssignment(session, handle, `${expression} = (${value})`);
        const { result, ...rest } = resultOf(set, expression, handle, false);
        return { value: result, ...rest };
      } catch (error) {
        return refuse(error);
      }
    },

    evaluate: ({ expression, frameId, context, format }) => {
      const debuggee = session.loaded();
      if (context === 'repl') {
        const answer = runCommand(session, expression, session.execution.running ? null : frameOf(frameId));
        if (answer !== null) return { result: answer, variablesReference: 0 };
      }
      session.stopped();
      const handle = frameOf(frameId);
      try {
        const value =
          context === 'repl'
            ? evaluateWithAssignment(session, handle, expression)
            : debuggee.evaluator.evaluate(expression, contextOf(handle));
        if (context === 'clipboard' && !(value instanceof KernelNames)) {
          const shown = typeof value === 'string' ? textOf(value) : textOf(showValue(value));
          return { result: shown, variablesReference: 0 };
        }
        return resultOf(value, expression, handle, format?.hex === true);
      } catch (error) {
        return refuse(error);
      }
    },
  };
}

/** A part among numbered ones whose names are keys. */
function findNumbered(container: Container, name: string): Part | undefined {
  return container.indexedParts(0, container.indexed, {}).find((part) => part.name === name);
}
