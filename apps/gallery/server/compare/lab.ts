import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer, memory } from 'longwave';
import { type LaneName, laneNames } from '../../shared/compare-limits.js';
import { type LabSettings, type Lines, labChannels } from '../../shared/compare.js';
import { createFeed } from './feed.js';
import { type Line, openLine } from './line.js';
import type { Conditions } from './pace.js';
import { answerRecent } from './recent.js';
import { serverTime } from './server-time.js';

/**
 * The objects of one page's comparison: a Longwave server with one channel, and in front of it a line for each lane. A
 * page has its own, so that its rate and its network are nobody else's.
 */
export interface Lab {
  readonly ports: Readonly<Record<LaneName, number>>;
  readonly lines: Lines;
  /** Connections that are open, on all lines. */
  readonly open: number;
  /** Returns the lines as they were when the settings changed. */
  configure(settings: Omit<LabSettings, 'lab'>): Lines;
  close(): Promise<void>;
}

interface LabOptions {
  /** Where the lines listen. */
  readonly host: string;
  /** The page's: no other may connect. Undefined: it comes from no browser. */
  readonly origin: string | undefined;
}

export async function openLab({ host, origin }: LabOptions): Promise<Lab> {
  // #region teach:compare-server
  const allowedOrigins = origin === undefined ? [] : [origin];
  const longwave = createServer({ channels: labChannels, store: memory(), allowedOrigins });
  const channel = longwave.channel('feed');
  // A message that could not be stored has used up its number: every lane reports it as lost.
  const feed = createFeed((message) => void channel.publish(message).catch(() => undefined), serverTime);
  // Each lane finds a message at hand when it connects: what it costs until the first one does not hang on the rate.
  feed.publishOne();
  // #endregion

  const http = createHttpServer((request, response) => {
    answerRecent(request, response, channel, origin).catch(() => response.destroy());
  });
  longwave.attach(http);
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const targetPort = (http.address() as AddressInfo).port;

  let conditions: Conditions = { delayMs: 0, bytesPerSecond: undefined };
  const lines: [LaneName, Line][] = [];
  const close = async (): Promise<void> => {
    feed.setRate(0);
    await longwave.close();
    await Promise.all(lines.map(([, line]) => line.close()));
    http.closeAllConnections();
    http.close();
    await once(http, 'close');
  };
  try {
    for (const name of laneNames) {
      lines.push([name, await openLine({ host, targetPort, conditions: () => conditions })]);
    }
  } catch (error) {
    await close();
    throw error;
  }
  const byLane = <T>(read: (line: Line) => T): Record<LaneName, T> =>
    Object.fromEntries(lines.map(([name, line]) => [name, read(line)])) as Record<LaneName, T>;
  const totals = (): Lines => byLane((line) => line.totals);

  return {
    ports: byLane((line) => line.port),
    get lines() {
      return totals();
    },
    get open() {
      return lines.reduce((sum, [, line]) => sum + line.open, 0);
    },
    configure: ({ rate, delayMs, bytesPerSecond }) => {
      const before = totals();
      conditions = { delayMs, bytesPerSecond: bytesPerSecond ?? undefined };
      feed.setRate(rate);
      return before;
    },
    close,
  };
}
