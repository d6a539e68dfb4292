import { type ConnectionState, type Environment, type Transport, connect } from 'longwave/client';
import type { LaneName } from '../../shared/compare-limits.js';
import type { LabChannels } from '../../shared/compare.js';
import { countingTransports } from './counting-transports.js';
import type { Lane, LaneOptions, LaneStatus } from './lane.js';
import type { Tally } from './tally.js';

export type LongwaveLaneName = Exclude<LaneName, 'polling'>;

/** Without a memory: what the page's own client has learned of this network is not for a lane to change. */
const environment: Environment = { onWake: () => () => undefined, isOnline: () => navigator.onLine };

/** A client of its own, pinned to one transport, whose traffic is counted. */
export function openLongwaveLane(
  name: LongwaveLaneName,
  { url, tally, cable, onMessage, onStatus }: LaneOptions,
): Lane {
  // #region teach:compare-client
  const client = connect<LabChannels>(url, {
    transport: cable.through(transportOf(name, tally)),
    environment,
    reconnect: { maxDelay: 2000 },
  });
  client.onState((state) => onStatus(statusOf(state)));
  const subscription = client.channel('feed').subscribe({ from: { last: 1 } }, onMessage);
  // Closed before it stood: the lane has been closed, and knows.
  subscription.ready.catch(() => undefined);
  return { intervalChanged: () => undefined, close: () => client.close() };
  // #endregion
}

function transportOf(name: LongwaveLaneName, tally: Tally): Transport {
  const [websocket, stream, poll] = countingTransports(tally);
  return { websocket, stream, 'long-polling': poll }[name];
}

function statusOf({ status }: ConnectionState): LaneStatus {
  switch (status) {
    case 'connected':
      return 'connected';
    case 'connecting':
      return 'connecting';
    case 'waiting':
    case 'closed':
      return 'failing';
  }
}
