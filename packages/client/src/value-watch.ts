import type { LocalWatch } from './local-watch.js';
import type { ValueWatch } from './state-api.js';

/** A watch of which only the entry `''` matters. */
export function toValueWatch(watch: LocalWatch): ValueWatch<unknown> {
  return {
    get state() {
      return watch.state;
    },
    get position() {
      return watch.position;
    },
    ready: watch.ready,
    getSnapshot: () => watch.entry('')?.value,
    subscribe: watch.subscribe,
    unsubscribe: () => watch.unsubscribe(),
  };
}
