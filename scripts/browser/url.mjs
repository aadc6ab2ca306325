// Node's `url`, as far as the DAP library uses it, for a browser's worker.
export const URL = globalThis.URL;
export const pathToFileURL = (path) => new globalThis.URL(`file://${path}`);
export const fileURLToPath = (url) => decodeURIComponent(new globalThis.URL(url).pathname);
export default { URL, pathToFileURL, fileURLToPath };
