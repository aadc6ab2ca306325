/** The requests that set breakpoints, and those that ask where one could be. */
import type { DebugProtocol as P } from '@vscode/debugprotocol';
import { toClient, type Breakpoint } from './breakpoints.js';
import { dataBreakpointHandlers } from './data-breakpoints.js';
import { clientBreakpoint } from './lifecycle.js';
import type { HandlerTable } from './protocol.js';
import type { SessionState } from './session-state.js';

export function breakpointHandlers(session: SessionState): HandlerTable {
  const { breakpoints } = session;
  const answer = (list: readonly Breakpoint[]): { breakpoints: P.Breakpoint[] } => ({
    breakpoints: list.map((breakpoint) => clientBreakpoint(session, toClient(breakpoint))),
  });

  return {
    setBreakpoints: ({ source, breakpoints: wanted, lines }) => {
      const list: P.SourceBreakpoint[] = wanted ?? (lines ?? []).map((line) => ({ line }));
      return answer(
        breakpoints.setInSource(
          source,
          list.map(({ column, ...rest }) => ({
            ...rest,
            line: session.lineFromClient(rest.line),
            ...(column != null ? { column: session.columnFromClient(column) } : {}),
          })),
        ),
      );
    },

    setFunctionBreakpoints: ({ breakpoints: wanted }) => answer(breakpoints.setFunctions(wanted)),

    setInstructionBreakpoints: ({ breakpoints: wanted }) => answer(breakpoints.setInstructions(wanted)),

    setExceptionBreakpoints: ({ filters, filterOptions }) => {
      const known = session.exceptions.set(filters ?? [], filterOptions ?? []);
      session.execution.breakpointsChanged();
      return {
        breakpoints: known.map((verified) =>
          verified ? { verified } : { verified, message: 'There is no such filter.' },
        ),
      };
    },

    breakpointLocations: ({ source, line, column, endLine, endColumn }) => {
      const places = session.debuggee?.code.placesOf(source.path ?? source.name ?? '') ?? [];
      const from = session.lineFromClient(line);
      const to = session.lineFromClient(endLine ?? line);
      const left = column != null ? session.columnFromClient(column) : 0;
      const right = endColumn != null ? session.columnFromClient(endColumn) : Infinity;
      const within = places.filter(
        (place) =>
          place.line >= from &&
          place.line <= to &&
          (place.line > from || place.column >= left) &&
          (place.line < to || place.column <= right),
      );
      return {
        breakpoints: within.map((place) => session.startToClient(place)),
      };
    },

    ...dataBreakpointHandlers(session),
  };
}
