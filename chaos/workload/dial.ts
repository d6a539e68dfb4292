import { type Client, connect } from 'longwave/client';
import { plantInCodec } from '../plants/in-client.js';
import { type ClientsConfig, sharedNow } from '../processes/messages.js';
import type { Collector } from './collector.js';
import type { channels } from './contract.js';

export type User = Client<typeof channels>;

type Transport = ClientsConfig['transports'][number];

export interface Dialled {
  readonly client: User;
  /** Since when it is connected; -1 while it is not. */
  connectedSince(): number;
}

/** A client of the application, with its transport, its counters and the bug that is planted in it. */
export function dial(
  { url, bug }: Pick<ClientsConfig, 'url' | 'bug'>,
  collector: Collector,
  user: string,
  transport: Transport,
): Dialled {
  const codec = plantInCodec(bug);
  const client = connect<typeof channels>(url, {
    token: user,
    transport,
    ...(codec && { codec }),
    reconnect: { minDelay: 50, maxDelay: 1500 },
    connectTimeout: 4000,
    outbox: { maxCount: 5000 },
    reportError: (error) => collector.violations.report('corrupted', user, `a handler threw ${String(error)}`),
    onDiagnostic: ({ kind }) => collector.count('diagnostics', kind),
  });
  let since = -1;
  let isFirst = true;
  client.onState(({ status }) => {
    if (status !== 'connected') {
      since = -1;
      return;
    }
    if (since >= 0) return;
    since = sharedNow();
    if (!isFirst) collector.interval.reconnects++;
    isFirst = false;
  });
  return { client, connectedSince: () => since };
}
