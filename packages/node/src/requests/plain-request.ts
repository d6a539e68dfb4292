import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { PollOptions } from '@longwave/core';
import type { CodecName } from '@longwave/protocol';
import type { RequestHead } from '@longwave/websocket';
import { allowOrigin } from '../gate/cors.js';
import type { Gate } from '../gate/gate.js';
import { LinkInfo } from '../http/link-info.js';
import { keepAliveMs } from '../http/listener.js';
import { type HttpProblem, problemBody } from '../http/problem.js';
import { refusalFields } from '../http/refuse.js';
import { targetOf } from '../http/target.js';
import { smallBytes } from './half-bodies.js';
import { answerFields, codecOf, pollOptions } from './request-options.js';

/** A request that can be served without `node:http`, as its head says it. */
export interface PlainRequest {
  readonly route: 'poll' | 'send';
  readonly codec: CodecName;
  readonly poll: PollOptions;
  /** Bytes of its body. */
  readonly bodyBytes: number;
  readonly info: LinkInfo;
  /** The same, for a session that is open. */
  readonly infoWithoutHeaders: LinkInfo;
  /** Fields of every response to it, for CORS, each with its line end. */
  readonly corsFields: string;
  /** The beginning of the head of its answer. */
  readonly answerHead: string;
}

export interface PlainRequestOptions {
  /** That of the endpoint. */
  readonly path: string;
  readonly gate: Gate;
  /** In front, that are trusted to tell the address. Undefined: nobody said. */
  readonly proxies: number | undefined;
}

const fieldsText = (codec: CodecName): string =>
  [...answerFields(codec), ['Connection', 'keep-alive'], ['Keep-Alive', `timeout=${keepAliveMs / 1000}`]]
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');
const answerFieldsText = { json: fieldsText('json'), binary: fieldsText('binary') };

/** Fields after which a request is not of the plain form, or is refused. */
const unusual = ['upgrade', 'content-encoding'];

/**
 * Reads the head of a `poll` or a `send` that is let in, and has a small body of a known length. Undefined for anything else, which
 * `node:http` and `RequestHost` answer.
 */
export function readPlainRequest(
  { method, url, headers }: RequestHead,
  socket: Socket,
  { path, gate, proxies }: PlainRequestOptions,
): PlainRequest | undefined {
  const { host, connection, 'content-length': length = '' } = headers;
  if (method !== 'POST' || host === undefined || !/^\d{1,5}$/.test(length)) return undefined;
  if (connection !== undefined && connection.toLowerCase() !== 'keep-alive') return undefined;
  if (unusual.some((name) => headers[name] !== undefined)) return undefined;
  const bodyBytes = Number(length);
  const target = targetOf({ url });
  const route = target.path === `${path}/poll` ? 'poll' : target.path === `${path}/send` ? 'send' : undefined;
  if (route === undefined || bodyBytes > smallBytes) return undefined;
  const query = new URLSearchParams(target.query);
  const codec = codecOf(query);
  if (codec === undefined) return undefined;
  let corsFields = '';
  const response = { setHeader: (name: string, value: string) => (corsFields += `${name}: ${value}\r\n`) };
  if (allowOrigin({ method, url, headers, socket }, response, gate, ['POST'])) return undefined;
  const info = new LinkInfo(route, headers, socket, proxies);
  return {
    route,
    codec,
    poll: pollOptions(query),
    bodyBytes,
    info,
    infoWithoutHeaders: info.withoutHeaders(),
    corsFields,
    answerHead: `HTTP/1.1 200 OK\r\n${corsFields}${answerFieldsText[codec]}`,
  };
}

/** Returns the response that refuses a request whose head was let in, and ends its connection. */
export function refusalOf({ corsFields, info }: PlainRequest, problem: HttpProblem): string {
  const body = JSON.stringify(problemBody(problem));
  const fields = Object.entries({
    ...refusalFields(problem.status, info.headers['cookie'] !== undefined),
    Connection: 'close',
    'Content-Length': Buffer.byteLength(body),
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}\r\n${corsFields}${fields.join('')}\r\n${body}`;
}
