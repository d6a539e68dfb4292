import type { Entry, View } from '@longwave/protocol';
import type { LocalWatch, WatchedFeed } from './local-watch.js';

/** The feed of a watch until that of its view is loaded: it has nothing yet. */
export class WaitingFeed implements WatchedFeed {
  readonly position = undefined;
  readonly complete = false;
  readonly table = { entries: new Map<string, Entry<unknown>>(), values: new Map<string, unknown>() };
  view: View;
  /** Undefined once it has ended. */
  watch: LocalWatch | undefined;

  constructor(view: View) {
    this.view = view;
  }

  add(watch: LocalWatch): void {
    this.watch = watch;
  }

  leave(): void {
    this.watch = undefined;
  }

  show(_: LocalWatch, view: View): void {
    this.view = view;
  }
}
