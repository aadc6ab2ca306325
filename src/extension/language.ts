import * as vscode from 'vscode';
import type { BaseLanguageClient, LanguageClientOptions } from 'vscode-languageclient';
import type { FileAnswer } from '../language/server/server.js';
import type { HostFiles } from './host-files.js';
import type { LanguageOptions } from './platform.js';

export const LANGUAGE = 'osim';

export function clientOptions({ library, std }: LanguageOptions): LanguageClientOptions {
  return {
    documentSelector: [{ language: LANGUAGE }],
    initializationOptions: { library, std },
    // A file that others import may change outside of the editor.
    synchronize: {
      configurationSection: LANGUAGE,
      fileEvents: vscode.workspace.createFileSystemWatcher('**/*.osim'),
    },
    // The server's log is for those who look for it: an error of a user's program is a diagnostic, never a pop-up.
    revealOutputChannelOn: 4,
  };
}

/** The server has no files of its own, in a browser it could have none: what programs import is read by the editor. */
export function serveFiles(client: BaseLanguageClient, files: HostFiles): void {
  client.onRequest('osim/readFile', async ({ uri, folder }: { uri: string; folder: string }): Promise<FileAnswer> => {
    const found = await files.read(uri, folder);
    return 'problem' in found ? found : { text: new TextDecoder().decode(found) };
  });
}
