import type { Message, Published } from '@longwave/client';
import type { LongwaveError } from '@longwave/protocol';
import { useCallback, useMemo, useState } from 'react';
import { toError } from './base/to-error.js';

/** A log to which messages are sent. */
export interface SendTarget<In> {
  publish(data: In, options?: { readonly id?: string }): Promise<Published>;
}

/** A message that was sent and is not among the messages yet. */
export type Outgoing<In> = {
  /** Its message id: it becomes `meta.id`. */
  readonly id: string;
  readonly data: In;
} & (
  | { readonly state: 'sending'; readonly error: undefined }
  | { readonly state: 'failed'; readonly error: LongwaveError }
);

/** Messages of one component that are being sent or could not be, and the functions to send, retry and discard them. */
export interface Sending<In> {
  /** Messages on their way, in the order in which they were sent: show them after `messages`. */
  readonly outgoing: readonly Outgoing<In>[];
  /** Shows the message at once and publishes it. Returns its id. Throws `TypeError` on data that JSON cannot say. */
  readonly send: (data: In) => string;
  /** Publishes one that failed again, under the same id. */
  readonly retry: (id: string) => void;
  /** Shows it no longer. One that is on its way may be stored all the same. */
  readonly discard: (id: string) => void;
}

/** Messages that are shown before the server has stored them. */
export function useOutgoing<In>(channel: SendTarget<In>, messages: readonly Message<unknown>[]): Sending<In> {
  const [all, setAll] = useState<readonly Outgoing<In>[]>([]);

  const publish = useCallback(
    (id: string, data: In): void => {
      const stored = channel.publish(data, { id });
      setAll((now) => [...now.filter((other) => other.id !== id), { id, data, state: 'sending', error: undefined }]);
      stored.catch((error: unknown) =>
        setAll((now) =>
          now.map((other) => (other.id === id ? { id, data, state: 'failed', error: toError(error) } : other)),
        ),
      );
    },
    [channel],
  );
  const discard = useCallback((id: string) => setAll((now) => now.filter((other) => other.id !== id)), []);
  const send = useCallback(
    (data: In): string => {
      const id = randomId();
      publish(id, data);
      return id;
    },
    [publish],
  );
  const retry = useCallback(
    (id: string): void => {
      const failed = all.find((other) => other.id === id && other.state === 'failed');
      if (failed) publish(id, failed.data);
    },
    [all, publish],
  );

  const shown = useMemo(() => new Set(messages.map(({ meta }) => meta.id)), [messages]);
  const outgoing = useMemo(() => all.filter(({ id }) => !shown.has(id)), [all, shown]);
  // Those that are among the messages are done with.
  if (outgoing.length < all.length) setAll(outgoing);
  return { outgoing, send, retry, discard };
}

function randomId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
