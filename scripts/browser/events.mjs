// Node's `events`, as far as the DAP library uses it, for a browser's worker.
export class EventEmitter {
  listeners = new Map();

  on(event, listener) {
    this.listeners.set(event, [...(this.listeners.get(event) ?? []), listener]);
    return this;
  }

  emit(event, ...args) {
    for (const listener of this.listeners.get(event) ?? []) listener(...args);
    return this.listeners.has(event);
  }

  removeListener(event, listener) {
    this.listeners.set(
      event,
      (this.listeners.get(event) ?? []).filter((l) => l !== listener),
    );
    return this;
  }
}
export default EventEmitter;
