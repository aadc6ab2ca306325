/** From hello to goodbye: initialize, launch, configurationDone, restart, terminate, disconnect. */
import type { DebugProtocol as P } from '@vscode/debugprotocol';
import { parseExpression } from '../compiler/evaluate.js';
import { nothingToRun } from '../computer/nothing-to-run.js';
import type { LaunchArguments } from './arguments.js';
import { toClient } from './breakpoints.js';
import { canonical } from './code-map.js';
import type { Debuggee } from './debuggee.js';
import { FILTERS } from './exceptions.js';
import { ReachUser } from './goals.js';
import type { SessionHost } from './host.js';
import { launchComputer } from './launch.js';
import { RequestError, type HandlerTable } from './protocol.js';
import type { SessionState } from './session-state.js';

const CAPABILITIES: P.Capabilities = {
  supportsConfigurationDoneRequest: true,
  supportsRestartRequest: true,
  supportsTerminateRequest: true,
  supportTerminateDebuggee: true,
  supportsCancelRequest: true,
  supportsConditionalBreakpoints: true,
  supportsHitConditionalBreakpoints: true,
  supportsLogPoints: true,
  supportsFunctionBreakpoints: true,
  supportsDataBreakpoints: true,
  supportsInstructionBreakpoints: true,
  supportsBreakpointLocationsRequest: true,
  supportsExceptionFilterOptions: true,
  supportsExceptionInfoRequest: true,
  exceptionBreakpointFilters: FILTERS,
  supportsStepBack: true,
  supportsStepInTargetsRequest: true,
  supportsRestartFrame: true,
  supportsSteppingGranularity: true,
  supportsTerminateThreadsRequest: true,
  supportsDelayedStackTraceLoading: true,
  supportsSetVariable: true,
  supportsSetExpression: true,
  supportsEvaluateForHovers: true,
  supportsClipboardContext: true,
  supportsValueFormattingOptions: true,
  supportsCompletionsRequest: true,
  completionTriggerCharacters: ['.', '['],
  supportsReadMemoryRequest: true,
  supportsWriteMemoryRequest: true,
  supportsDisassembleRequest: true,
  supportsLoadedSourcesRequest: true,
  supportsModulesRequest: true,
};

export function lifecycleHandlers(session: SessionState): HandlerTable {
  const { execution, breakpoints } = session;
  let configured = false;
  let wanted: LaunchArguments | null = null;
  let launching = false;

  const begin = (launch: LaunchArguments): void => {
    if (execution.started || execution.over || !session.debuggee) return;
    if (launch.noDebug !== true) session.print(greeting(session.debuggee));
    const nothing = nothingToRun(session.debuggee.computer);
    if (nothing !== null) session.print(`${canonical(launch.program)} ${nothing}`, 'important');
    const run = (): void => {
      if (launch.stopOnEntry === true && launch.noDebug !== true) execution.run(new ReachUser(session.loaded().view));
      else execution.run(null);
    };
    session.connection.afterResponse(run);
  };

  const load = async (launch: LaunchArguments): Promise<void> => {
    const debuggee = await launchComputer(session.host, launch, (line) => session.print(line, 'stderr'));
    session.debuggee = debuggee;
    session.handles.reset();
    execution.attach(debuggee);
    const { code, evaluator } = debuggee;
    const placed = breakpoints.load({
      code,
      check: (expression) => evaluator.check(expression),
      get tracepoints() {
        return debuggee.tracepoints;
      },
      sourceOf: (uri) => session.sourceOf(uri),
    });
    for (const breakpoint of placed) {
      session.event('breakpoint', { reason: 'changed', breakpoint: clientBreakpoint(session, toClient(breakpoint)) });
    }
  };

  return {
    initialize: ({ linesStartAt1, columnsStartAt1, supportsProgressReporting }) => {
      session.tellsProgress = supportsProgressReporting === true;
      session.firstLine = linesStartAt1 === false ? 0 : 1;
      session.firstColumn = columnsStartAt1 === false ? 0 : 1;
      session.connection.afterResponse(() => void warmUp(session.host));
      return CAPABILITIES;
    },

    launch: async (launch) => {
      if (session.debuggee || launching)
        throw new RequestError('A program has been launched already: restart it, or end the session.');
      launching = true;
      try {
        await load(launch);
      } finally {
        launching = false;
      }
      wanted = launch;
      session.event('initialized');
      if (configured) begin(launch);
    },

    attach: () => {
      throw new RequestError('There is nothing to attach to: a program and its computer are launched together.', true);
    },

    configurationDone: () => {
      configured = true;
      if (wanted) begin(wanted);
    },

    restart: async ({ arguments: changed }) => {
      if (!wanted) throw new RequestError('No program is loaded: launch one first.');
      const launch = { ...wanted, ...changed };
      execution.abandon();
      await load(launch);
      wanted = launch;
      begin(launch);
    },

    terminate: () => {
      session.loaded();
      execution.abandon();
      session.event('terminated');
    },

    disconnect: () => {
      session.close();
      session.connection.afterResponse(() => session.onDisconnect());
    },

    cancel: ({ requestId }) => {
      // What runs or is on its way was begun by a request that has been answered: only a look
      // at another part of the run is still pending.
      if (requestId != null && requestId !== session.connection.pending)
        throw new RequestError('This request has been answered already.');
      execution.pause();
    },
  };
}

/** The first line of a session: how this computer was made, and how to ask it. */
function greeting({ computer, launch }: Debuggee): string {
  const { cpus } = computer.machine;
  const { scheduler, costs } = { ...computer.compiled.image.machine, ...withoutNull(launch) };
  const made = [`scheduler ${scheduler ?? 'rr'}`, `${cpus.length} CPU${cpus.length === 1 ? '' : 's'}`];
  made.push(`${costs ?? 'teaching'} costs`, `seed ${launch.seed ?? 0}`);
  return `${made.join(', ')}. Type help for what can be asked here.`;
}

function withoutNull({ scheduler, costs }: LaunchArguments): { scheduler?: string; costs?: string } {
  return { ...(scheduler != null && { scheduler }), ...(costs != null && { costs }) };
}

/** Reads the kernel and makes the parser, while the client prepares its next request. */
async function warmUp(host: SessionHost): Promise<void> {
  await host.system().catch(() => null);
  await host.turn();
  parseExpression('0');
}

/** Lines and columns as the client counts them. */
export function clientBreakpoint(session: SessionState, breakpoint: P.Breakpoint): P.Breakpoint {
  const { line, column } = breakpoint;
  return {
    ...breakpoint,
    ...(line !== undefined ? { line: session.lineToClient(line) } : {}),
    ...(column !== undefined ? { column: session.columnToClient(column) } : {}),
  };
}
