export class Unavailable extends Error {}
export interface Server {
  origin: string;
  url(folder: string, payload?: [string, string][]): string;
  remote(file: string): string;
  exited: Promise<unknown>;
  stop(): Promise<void>;
}
export function installEmbeddedVSCode(): void;
export function installChrome(): string;
export function installExtension(vsix: string, extensionsDir: string): void;
export function startServer(options: {
  data: string;
  extensions: string;
  env?: Record<string, string>;
  args?: string[];
  userSettings?: Record<string, unknown>;
}): Promise<Server>;
