import { type Client, connect } from 'longwave/client';
import { createHooks } from 'longwave/react';
import type { channels } from '../shared/channels.js';
import type { Session } from './session.js';

export const { LongwaveProvider, useChannel, useConnection } = createHooks<typeof channels>();

/** One client serves the whole page. Calls `onRefused` when the server does not take the token. */
export function openClient({ token }: Session, onRefused: () => void): Client<typeof channels> {
  const client = connect<typeof channels>(location.origin, { token });
  client.onState((state) => {
    const error = state.status === 'waiting' || state.status === 'closed' ? state.error : undefined;
    if (error?.code !== 'unauthenticated') return;
    client.close();
    onRefused();
  });
  return client;
}
