import { forwardedAddress } from '../http/remote-address.js';
import type { IncomingMessage } from 'node:http';
import type { ConnectionInfo } from '@longwave/core';
import { type Subscribe, wireLimits } from '@longwave/protocol';
import type { Route } from '../http/target.js';
import { HttpProblem } from '../http/problem.js';
import type { RoutedTarget } from '../http/query-form.js';
import { parsePosition } from './event-text.js';

/** The document that a path names. */
export type ReaderRoute =
  | { readonly to: 'events' | 'bounds'; readonly channel: string; readonly named: string }
  | {
      readonly to: 'page';
      readonly channel: string;
      /** Query parameters that links of the answer need. */
      readonly named: string;
      readonly epoch: string;
      readonly first: string;
    };

/** As they stand in the OpenAPI document. */
export function readerRoutes(basePath: string): readonly Route[] {
  const under = `${basePath}/v1/channels/:channel`;
  return ['events', 'history', 'history/:epoch/:first'].map((rest) => ({ method: 'GET', path: `${under}/${rest}` }));
}

const shape = /^\/v1\/channels\/([^/]+)\/(?:(events)|history(?:\/([^/]+)\/([^/]+))?)$/;

/** Undefined: the path is none of a reader's. */
export function routeOf({ path, named }: Pick<RoutedTarget, 'path' | 'named'>): ReaderRoute | undefined {
  const [, channelText, events, epochText, first] = shape.exec(path) ?? [];
  if (channelText === undefined) return undefined;
  // A text that cannot be decoded names no channel.
  const channel = decode(channelText) ?? '';
  if (epochText !== undefined && first !== undefined) {
    return { to: 'page', channel, named, epoch: decode(epochText) ?? '', first };
  }
  return { to: events ? 'events' : 'bounds', channel, named };
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** Never from the URL, which ends in logs and histories. Throws `unauthenticated` on one that no client could send. */
export function tokenOf({ headers }: IncomingMessage): string | undefined {
  const token = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  if (token !== undefined && token.length > wireLimits.tokenLength) throw new HttpProblem('unauthenticated');
  return token;
}

export function infoOf({ headers, socket }: IncomingMessage, transport: string, proxies = 0): ConnectionInfo {
  return { transport, remoteAddress: forwardedAddress(headers, proxies) ?? socket.remoteAddress, headers };
}

/**
 * READ-2: Last-Event-ID, which a browser that comes back sends with the URL it first asked for, goes before `from`, and
 * `last` stays beside it (SUB-4). Throws `bad-frame`.
 */
export function startOf(
  { headers }: IncomingMessage,
  query: URLSearchParams,
): Pick<Subscribe, 'epoch' | 'offset' | 'last'> {
  const lastText = query.get('last');
  const last = lastText === null ? undefined : wholeNumber('last', lastText);
  const from = query.get('from');
  // Browsers send UTF-8, which Node reads as Latin-1.
  const id = Buffer.from((headers['last-event-id'] as string | undefined) ?? '', 'latin1').toString();
  const text = id || (from === 'now' ? null : from);
  if (!text) return { last };
  // All that is retained, unless `last` asks for less.
  if (!id && text === 'start') return { last: last ?? Number.MAX_SAFE_INTEGER };
  const position = parsePosition(text);
  if (position) return { ...position, last };
  throw new HttpProblem(
    'bad-frame',
    `${id ? 'Last-Event-ID' : 'from'} must be EPOCH:OFFSET${id ? '' : ", 'start' or 'now'"}.`,
  );
}

function wholeNumber(name: string, text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new HttpProblem('bad-frame', `${name} must be a whole number.`);
}
