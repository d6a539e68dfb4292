import { onTestFinished } from 'vitest';
import type { ClientOptions } from '@longwave/client';
import type { Channels } from '@longwave/protocol';
import { connect } from '../client-node.js';

/** A client until the test has ended. */
export function openClient<C extends Channels>(url: string, options: ClientOptions) {
  const client = connect<C>(url, options);
  onTestFinished(() => client.close());
  return client;
}

/** A client that climbs whenever it is woken, and whose switches of the transport are waited for. */
export function openSwitching<C extends Channels>(url: string, options: ClientOptions) {
  const wakes = new Set<() => void>();
  const client = openClient<C>(url, {
    transport: 'auto',
    // Attempts that fail are followed at once by the next.
    reconnect: { minDelay: 1, maxDelay: 2 },
    environment: {
      onWake: (listener) => {
        const wake = (): void => listener('visible');
        wakes.add(wake);
        return () => wakes.delete(wake);
      },
      isOnline: () => undefined,
    },
    ...options,
  });
  /** Why the transport is the one in use, after each change of it. */
  const whys: string[] = [];
  let losses = 0;
  let transport: string | undefined;
  let notice = (): void => undefined;
  client.onState((state) => {
    if (state.status === 'waiting') losses++;
    if (state.status === 'connected' && state.transport !== transport) {
      ({ transport } = state);
      whys.push(state.why);
    }
    notice();
  });
  return {
    client,
    whys,
    /** How often a connection or an attempt was lost. */
    losses: () => losses,
    /** Resolves when it is connected by `name`; wakes it as often as it stands elsewhere. */
    reach: async (name: string): Promise<void> => {
      for (;;) {
        const { state } = client;
        if (state.status === 'connected' && state.transport === name) return;
        const changed = new Promise<void>((resolve) => (notice = resolve));
        if (state.status === 'connected') for (const wake of wakes) wake();
        await changed;
      }
    },
  };
}
