import type { LanguageClientOptions } from 'vscode-languageclient';

export const LANGUAGE = 'osim';

export function clientOptions(library: unknown): LanguageClientOptions {
  return {
    documentSelector: [{ language: LANGUAGE }],
    initializationOptions: { library },
    synchronize: { configurationSection: LANGUAGE },
    // The server's log is for those who look for it: an error of a user's program is a diagnostic, never a pop-up.
    revealOutputChannelOn: 4,
  };
}
