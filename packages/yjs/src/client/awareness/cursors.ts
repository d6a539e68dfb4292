import type * as Y from 'yjs';
import { Awareness } from 'y-protocols/awareness';
import type { DocumentChannel } from '../document-channel.js';
import type { BindingPorts } from '../ports.js';
import { presenceFeedOf } from '../shared-feeds.js';
import { AwarenessBinding } from './awareness-binding.js';

export interface CursorsOptions {
  readonly channel: DocumentChannel;
  readonly ydoc: Y.Doc;
  /** The application's. False: nobody hears of the one that is made. */
  readonly awareness: Awareness | false | undefined;
  readonly isConnected: () => boolean;
  readonly ports: Pick<BindingPorts, 'clock' | 'onPage'>;
}

/** The `Awareness` of a bound document. It is made when it is first asked for. */
export class Cursors {
  readonly #options: CursorsOptions;
  #own: Awareness | undefined;
  #binding: AwarenessBinding | undefined;
  #stopPage: (() => void) | undefined;
  #isOver = false;

  constructor(options: CursorsOptions) {
    this.#options = options;
    if (options.awareness) this.#bind(options.awareness);
  }

  get awareness(): Awareness {
    const { awareness, ydoc } = this.#options;
    if (awareness) return awareness;
    if (!this.#own) {
      this.#own = new Awareness(ydoc);
      if (awareness === undefined) this.#bind(this.#own);
    }
    return this.#own;
  }

  onConnected(): void {
    this.#binding?.onConnected();
  }

  end(): void {
    this.#isOver = true;
    this.#stopPage?.();
    this.#binding?.end();
    this.#own?.destroy();
  }

  #bind(awareness: Awareness): void {
    if (this.#isOver) return;
    const { channel, isConnected, ports } = this.#options;
    const feed = presenceFeedOf(channel, ports.clock);
    this.#binding = new AwarenessBinding(awareness, feed, { clock: ports.clock, isConnected });
    // A visitor who closes the page is gone at once.
    this.#stopPage = ports.onPage((isLeft) => feed.hide(isLeft));
  }
}
