/**
 * Texts of what is built in, for clients that cannot open `osim-kernel:` and `osim-std:` by themselves; lists of all
 * sources.
 */
import { canonical } from './code-map.js';
import { RequestError, type HandlerTable } from './protocol.js';
import type { SessionState } from './session-state.js';

export function sourceHandlers(session: SessionState): HandlerTable {
  const textOf = (uri: string): string | undefined => {
    const wanted = canonical(session.debuggee?.code.nameOf(uri) ?? uri);
    const { images } = session.loaded().machine;
    for (const { files } of images)
      for (const file of files) if (canonical(file.uri) === wanted && file.text !== undefined) return file.text;
    return session.loaded().computer.loaded.files.find((file) => canonical(file.uri) === wanted)?.text;
  };
  return {
    source: ({ source }) => {
      const content = source?.path ? textOf(source.path) : undefined;
      if (content === undefined)
        throw new RequestError('This source is not part of the program, its library or its kernel.');
      return { content, mimeType: 'text/x-osim' };
    },
    loadedSources: () => ({
      sources:
        session.debuggee?.code
          .sources()
          .sort()
          .map((uri) => session.sourceOf(uri)) ?? [],
    }),
    modules: ({ startModule, moduleCount }) => {
      const sources = session.debuggee?.code.sources().sort() ?? [];
      const modules = sources.map((uri) => ({ id: canonical(uri), ...pick(session.sourceOf(uri)) }));
      const from = startModule ?? 0;
      return {
        modules: modules.slice(from, moduleCount ? from + moduleCount : undefined),
        totalModules: modules.length,
      };
    },
  };
}

function pick({ name, path }: { name?: string; path?: string }): { name: string; path: string } {
  return { name: name ?? '', path: path ?? '' };
}
