import type { ResetReason, Transport } from 'longwave/client';

/** The answer of the server to a subscription that asked to go on. */
export interface Resumed {
  readonly channel: string;
  /** The position at which it goes on. */
  readonly offset: number;
  /** Operations after it that were missed, and follow. */
  readonly missed: number;
  /** Why it could not go on, and began anew. */
  readonly reset: ResetReason | undefined;
}

/** Reads along what servers answer to the subscriptions of this page, while somebody wants to know. */
export interface Witness {
  /** Returns how to stop. */
  listen(listener: (resumed: Resumed) => void): () => void;
  /** A transport that is read along. */
  through(transport: Transport): Transport;
}

export function createWitness(): Witness {
  const listeners = new Set<(resumed: Resumed) => void>();
  const read = (message: unknown): void => {
    for (const resumed of readSubscribed(message)) for (const listener of listeners) listener(resumed);
  };
  return {
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    through: (transport) => ({
      name: transport.name,
      connect: (url, codec, events) =>
        transport.connect(url, codec, {
          onOpen: () => events.onOpen(),
          onMessage: (message, aside) => {
            if (listeners.size > 0) read(message);
            events.onMessage(message, aside);
          },
          onLost: () => events.onLost(),
          onRenew: () => events.onRenew(),
          onClose: (close) => events.onClose(close),
        }),
    }),
  };
}

/** The frames `subscribed` of a message in JSON: one frame a line (WIRE-3). */
export function readSubscribed(message: unknown): readonly Resumed[] {
  if (typeof message !== 'string') return [];
  return message.split('\n').flatMap((line) => {
    if (!line.includes('"type":"subscribed"')) return [];
    const frame = JSON.parse(line) as {
      type: string;
      channel: string;
      offset: number;
      top: number;
      reset?: ResetReason;
    };
    if (frame.type !== 'subscribed') return [];
    const { channel, offset, top, reset } = frame;
    return [{ channel, offset, missed: Math.max(0, top - offset), reset }];
  });
}
