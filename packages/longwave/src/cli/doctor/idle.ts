import { NodeWebSocket } from '@longwave/node/client';
import { subprotocols } from '@longwave/protocol';
import { adviceOn } from './advice.js';
import { exchange } from './wire/exchange.js';
import type { Finding, Transports } from './finding.js';
import { encodeFrame, newClient, opening, readFrames } from './wire/frames.js';
import { type Target, dialOptions, endpointUrl } from './wire/target.js';
import { type Vendor, bySender } from './who.js';

/** A poll is asked to wait no longer than that: the server would not. */
const longestPollMs = 60_000;

/**
 * Leaves each transport alone for `idleMs`, all at the same time, and looks at what is cut. Over a WebSocket and a stream the
 * server's pings go; over a poll nothing does, so that it shows how patient whatever stands in between is.
 */
export async function checkIdle(
  target: Target,
  {
    idleMs,
    works,
    vendor,
  }: { readonly idleMs: number; readonly works: Transports; readonly vendor: Vendor | undefined },
): Promise<readonly Finding[]> {
  const jobs: Promise<Finding>[] = [];
  if (works.websocket) jobs.push(idleWebSocket(target, idleMs, vendor));
  if (works.stream) jobs.push(idleStream(target, idleMs, vendor));
  if (works.poll) jobs.push(quietPoll(target, Math.min(idleMs, longestPollMs), vendor));
  return Promise.all(jobs);
}

function judge(
  what: string,
  {
    lastedMs,
    pings,
    cut,
    idleMs,
    vendor,
  }: {
    readonly lastedMs: number;
    readonly pings: number;
    readonly cut: string | undefined;
    readonly idleMs: number;
    readonly vendor: Vendor | undefined;
  },
): Finding {
  const data = { what, lastedMs, pings, cut };
  const pinged = `${pings} ping${pings === 1 ? '' : 's'} of the server`;
  if (cut === undefined) {
    return { area: 'idle', verdict: 'ok', saw: `${what} stayed open for ${seconds(idleMs)}, with ${pinged}`, data };
  }
  return {
    area: 'idle',
    verdict: 'warn',
    saw: `${what} was cut after ${seconds(lastedMs)} (${cut}), after ${pinged}`,
    means: 'Clients come back and read on from where they were; each cut costs a reconnect.',
    change: adviceOn('patience', vendor),
    data,
  };
}

function idleWebSocket(target: Target, idleMs: number, vendor: Vendor | undefined): Promise<Finding> {
  const startedAt = performance.now();
  const { origin } = target;
  let pings = 0;
  return new Promise((resolve) => {
    const finish = (cut?: string): void => {
      clearTimeout(timer);
      resolve(judge('a WebSocket', { lastedMs: performance.now() - startedAt, pings, cut, idleMs, vendor }));
    };
    const timer = setTimeout(() => {
      finish();
      socket.close(1000);
    }, idleMs);
    const { rejectUnauthorized } = dialOptions(target);
    const socket = new NodeWebSocket(
      endpointUrl(target),
      {
        protocols: [subprotocols.json],
        tls: { rejectUnauthorized },
        ...(origin !== undefined && { headers: { Origin: origin } }),
      },
      {
        onOpen: () => void socket.send(opening(target, newClient())),
        onMessage: (message) => {
          for (const { type } of readFrames(String(message))) {
            if (type !== 'ping') continue;
            pings++;
            socket.send(encodeFrame({ type: 'pong' }));
          }
        },
        onClose: (code) => finish(`close ${code}`),
      },
    );
  });
}

async function idleStream(target: Target, idleMs: number, vendor: Vendor | undefined): Promise<Finding> {
  const body = opening(target, newClient());
  const { end, endMs, error, frames } = await exchange(target, { below: '/stream', body, timeoutMs: idleMs });
  const pings = frames.filter(({ type }) => type === 'ping').length;
  const cut = end === 'timeout' ? undefined : error || 'it was ended';
  return judge('a stream', { lastedMs: endMs, pings, cut, idleMs, vendor });
}

async function quietPoll(target: Target, holdMs: number, vendor: Vendor | undefined): Promise<Finding> {
  const body = opening(target, newClient());
  const timeoutMs = holdMs + target.timeoutMs;
  const { status, end, endMs, error, frames, headers } = await exchange(target, {
    below: `/poll?hold=${holdMs}`,
    body,
    timeoutMs,
  });
  const data = { what: 'a poll', status, end, endMs };
  if (end === 'complete' && frames.length > 0) {
    return { area: 'idle', verdict: 'ok', saw: `a poll was silent for ${seconds(endMs)} and then answered`, data };
  }
  const why = status === undefined ? error || 'no answer' : `${status}${bySender(headers)}`;
  return {
    area: 'idle',
    verdict: 'warn',
    saw: `a silent connection is cut after ${seconds(endMs)} (${why})`,
    means:
      'Clients notice, and have their polls held for less. With pings each 10 s a WebSocket or a stream may well last.',
    change: adviceOn('patience', vendor),
    data,
  };
}

function seconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`;
}
