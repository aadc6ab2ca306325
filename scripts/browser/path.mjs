// Node's `path`, as far as the DAP library uses it, for a browser's worker.
export const isAbsolute = (path) => path.startsWith('/');
export const basename = (path) => path.slice(path.lastIndexOf('/') + 1);
export const normalize = (path) => path;
export const join = (...parts) => parts.filter(Boolean).join('/');
export default { isAbsolute, basename, normalize, join };
