import type { Changes, MessageFrame, ReceivedOperation, Reset, ServerFrame } from '@longwave/protocol';
import { createClientCodec, createServerCodec, utf8Encode } from '@longwave/protocol';
import type { Wire } from '../base/ports.js';
import type { Subscriber } from '../delivery/subscription.js';

// Bytes pass as they are: as JSON a document of a megabyte would hold up the event loop.
const codec = createServerCodec('binary');
const reader = createClientCodec('binary');
const wire: Wire = { codec, pack: (message) => (typeof message === 'string' ? utf8Encode(message) : message) };

export interface ListenerEvents {
  /** For a log, or for a channel with state that is followed as a whole. False: takes no more until `drained`. */
  onMessage(message: MessageFrame<ReceivedOperation>): boolean | void;
  /** For a channel with state. */
  onChanges?(changes: Changes<ReceivedOperation>): boolean | void;
  /** Something may have been missed. */
  onReset?(reset: Reset): void;
  /** The same, by a fault of this node. Without `error` that was logged. */
  onFailed?(error: unknown): void;
}

/** A subscriber in this process, that is written to like any other. */
export class Listener implements Subscriber {
  readonly wire = wire;
  writable = true;
  readonly #events: ListenerEvents;

  constructor(events: ListenerEvents) {
    this.#events = events;
  }

  write(chunk: Uint8Array): boolean {
    for (const frame of reader.decode(chunk)) {
      if (frame.type === 'message') this.#take(this.#events.onMessage(frame));
      else if (frame.type === 'changes') this.#take(this.#events.onChanges?.(frame));
    }
    return this.writable;
  }

  /** It takes more: whoever owns its subscription resumes that. */
  drained(): void {
    this.writable = true;
  }

  cork(): void {}

  /** It stays: what comes next is heard. */
  break(error?: unknown): void {
    this.#events.onFailed?.(error);
  }

  send(frame: ServerFrame): void {
    this.tell(frame);
  }

  tell(frame: ServerFrame): void {
    if (frame.type === 'reset') this.#events.onReset?.(frame);
  }

  #take(more: boolean | void): void {
    if (more === false) this.writable = false;
  }
}
