import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type CodecName,
  type ReceivedFrame,
  type View,
  codes,
  defineCalls,
  defineChannels,
  log,
  map,
  maxInflight,
  wireLimits,
} from '@longwave/protocol';
import { defaultLimits } from '@longwave/core';
import { createServer } from './create-server.js';
import { type RawLink, openRawLink, rawFrame } from '../testing/raw-links.js';

type Fields = Record<string, unknown>;

/** One row of the table of bounds in SPEC.md, and how to try it. */
interface Bound {
  readonly what: string;
  readonly most: number;
  readonly code: keyof typeof codes;
  /** One more ends the connection. */
  readonly ends?: true;
  /** Which way the frames go where requests carry them: subscriptions and members down, all else up. */
  readonly way: 'up' | 'down';
  readonly only?: readonly Route[];
  /** Frames of which the last, with the id 1, is at the bound when `n` is `most`. */
  readonly frames: (n: number) => readonly Fields[];
  /** The type of the answer at the bound. */
  readonly answer: ReceivedFrame['type'];
  /** Fields of `connect`. */
  readonly connect?: (n: number) => Fields;
  /** The whole message is as many bytes or frames. */
  readonly fill?: 'bytes' | 'frames';
}

type Route = 'websocket' | 'stream' | 'poll' | 'send';

const chars = (n: number): string => 'x'.repeat(n);
const array = (n: number): unknown => JSON.parse('['.repeat(n) + ']'.repeat(n));
const history = (fields: Fields = {}): Fields => ({ type: 'history', id: 1, channel: 'log', limit: 1, ...fields });
const publish = (fields: Fields = {}): Fields => ({
  type: 'publish',
  id: 1,
  channel: 'log',
  seq: 1,
  data: 1,
  ...fields,
});
const put = (fields: Fields = {}): Fields => publish({ channel: 'map', key: 'a', ...fields });
const subscribe = (fields: Fields = {}): Fields => ({ type: 'subscribe', id: 1, channel: 'log', ...fields });
const watch = (view: Fields): readonly Fields[] => [subscribe({ channel: 'map', view })];
const enter = (fields: Fields = {}): Fields => ({ type: 'enter', id: 1, channel: 'room/a', data: 1, ...fields });
const each = (n: number, make: (i: number) => Fields): readonly Fields[] =>
  Array.from({ length: n }, (_, i) => ({ ...make(i), id: i + 1 === n ? 1 : i + 10 }));

/** A view of its own with so many fields in `where`, and so many values over all of them. */
function choice(i: number, fields: number, values: number): Fields {
  const where = Array.from({ length: fields }, (_, field): [string, unknown] => {
    const count = Math.min(100, values - 100 * field);
    return [`f${field}`, { in: [...Array<number>(count - 1).fill(1), i + 2] }];
  });
  return subscribe({ channel: 'map', view: { where: Object.fromEntries(where) } });
}

/** A view of exactly so many units of JSON. */
function viewOf(units: number): View {
  const empty = '{"keys":[""]}'.length;
  return { keys: [chars(units - empty)] };
}

const { messageBytes, connectBytes, downstreamMessages, framesPerMessage } = wireLimits;
const text = { way: 'up', code: 'too-large' } as const;
const view = { way: 'down', code: 'invalid-data', answer: 'subscribed' } as const;

const bounds: readonly Bound[] = [
  {
    what: 'bytes of a message',
    ...{ most: messageBytes, code: 'too-large', ends: true, way: 'up', only: ['websocket'] },
    ...{ fill: 'bytes', frames: () => [publish()], answer: 'ack' },
  },
  {
    what: 'bytes of a `send`',
    ...{ most: messageBytes + connectBytes, code: 'too-large', ends: true, way: 'up', only: ['send'] },
    ...{ fill: 'bytes', frames: () => [history()], answer: 'page' },
  },
  {
    what: 'bytes of a `stream` or a `poll`',
    ...{
      most: messageBytes * downstreamMessages,
      code: 'too-large',
      ends: true,
      way: 'down',
      only: ['stream', 'poll'],
    },
    ...{ fill: 'bytes', frames: () => [subscribe()], answer: 'subscribed' },
  },
  {
    what: 'frames of a message or a `send`',
    ...{ most: framesPerMessage, code: 'too-many', ends: true, way: 'up', fill: 'frames' },
    ...{ frames: () => [history()], answer: 'page' },
  },
  {
    what: 'frames of a `stream` or a `poll`',
    ...{ most: framesPerMessage * downstreamMessages, code: 'too-many', ends: true, way: 'down', fill: 'frames' },
    ...{ only: ['stream', 'poll'], frames: () => [subscribe()], answer: 'subscribed' },
  },
  {
    what: 'units of `client`',
    ...{ ...text, most: wireLimits.clientLength, ends: true, frames: () => [history()], answer: 'page' },
    connect: (n) => ({ client: chars(n) }),
  },
  {
    what: 'units of `token` in `connect`',
    ...{ ...text, most: wireLimits.tokenLength, ends: true, frames: () => [history()], answer: 'page' },
    connect: (n) => ({ token: chars(n) }),
  },
  {
    what: '`params` of a `connect`',
    ...{ most: wireLimits.params, code: 'invalid-data', ends: true, way: 'up' },
    ...{ frames: () => [history()], answer: 'page' },
    connect: (n) => ({ params: Object.fromEntries(Array.from({ length: n }, (_, i) => [`p${i}`, ''])) }),
  },
  {
    what: 'bytes of `params` as JSON',
    ...{ most: wireLimits.paramsBytes, code: 'invalid-data', ends: true, way: 'up' },
    ...{ frames: () => [history()], answer: 'page' },
    // Each of the last ones takes two bytes.
    connect: (n) => ({ params: { a: chars((n % 2) + 2) + 'é'.repeat((n - '{"a":""}'.length - 2 - (n % 2)) / 2) } }),
  },
  {
    what: 'units of `user` in `connect`',
    ...{ ...text, most: wireLimits.tokenLength, ends: true, frames: () => [history()], answer: 'page' },
    connect: (n) => ({ token: 'long name', user: chars(n) }),
  },
  {
    what: 'units of `token` in `refresh`',
    ...{ ...text, most: wireLimits.tokenLength, answer: 'done' },
    frames: (n) => [{ type: 'refresh', id: 1, token: chars(n) }],
  },
  {
    what: 'units of `channel`',
    ...{ most: wireLimits.channelLength, code: 'unknown-channel', way: 'down', answer: 'subscribed' },
    frames: (n) => [subscribe({ channel: chars(n) })],
  },
  {
    what: 'units of `epoch`',
    ...{ ...text, most: wireLimits.epochLength, way: 'down', answer: 'subscribed' },
    frames: (n) => [subscribe({ epoch: chars(n), offset: 1 })],
  },
  {
    what: 'units of `messageId`',
    ...{ ...text, most: wireLimits.messageIdLength, answer: 'ack' },
    frames: (n) => [publish({ messageId: chars(n) })],
  },
  {
    what: 'units of `reason` of a redaction',
    // At the bound it is read, and the log is another one than it names.
    ...{ ...text, most: wireLimits.reasonLength, answer: 'error' },
    frames: (n) => [publish({ kind: 'redact', data: { epoch: 'another', offset: 1, reason: chars(n) } })],
  },
  {
    what: 'units of `key`',
    ...{ most: wireLimits.keyLength, code: 'wrong-mode', way: 'up', answer: 'ack' },
    frames: (n) => [put({ key: chars(n) })],
  },
  {
    what: 'units of `method`',
    ...{ most: wireLimits.methodLength, code: 'unknown-method', way: 'up', answer: 'reply' },
    frames: (n) => [{ type: 'call', id: 1, method: chars(n), data: 1 }],
  },
  {
    what: 'units of `code` in `refuse`',
    ...{ ...text, most: wireLimits.refusalCodeLength, answer: 'page' },
    // It has no answer itself: the request after it has the same id.
    frames: (n) => [{ type: 'refuse', id: 1, code: chars(n), message: '' }, history()],
  },
  {
    what: 'units of `message` in `refuse`',
    ...{ ...text, most: wireLimits.refusalLength, answer: 'page' },
    frames: (n) => [{ type: 'refuse', id: 1, code: 'internal', message: chars(n) }, history()],
  },
  {
    what: 'units of `tag`',
    ...{ ...text, most: wireLimits.tagLength, answer: 'done' },
    frames: (n) => [{ type: 'unsubscribe', id: 1, channel: 'map', tag: chars(n) }],
  },
  {
    what: 'units of `view` as JSON',
    ...{ ...view, most: wireLimits.viewLength },
    frames: (n) => watch({ ...viewOf(n) }),
  },
  {
    what: '`keys` of a view',
    ...{ ...view, most: 1000 },
    frames: (n) => watch({ keys: Array.from({ length: n }, (_, i) => `${i}`) }),
  },
  {
    what: 'fields in `where`',
    ...{ ...view, most: 16 },
    frames: (n) => watch({ where: Object.fromEntries(Array.from({ length: n }, (_, i) => [`f${i}`, 1])) }),
  },
  {
    what: 'values of `in`',
    ...{ ...view, most: 100 },
    frames: (n) => watch({ where: { a: { in: Array(n).fill(1) } } }),
  },
  { what: '`rate`', ...{ ...view, most: 1000 }, frames: (n) => watch({ rate: n }) },
  {
    what: '`margin`',
    ...{ ...view, most: 10 },
    frames: (n) => watch({ area: { at: ['x', 'y'], box: [0, 0, 1, 1], margin: n } }),
  },
  {
    what: 'levels of JSON',
    ...{ most: wireLimits.jsonDepth, code: 'invalid-data', way: 'up', answer: 'ack' },
    frames: (n) => [publish({ data: array(n) })],
  },
  {
    what: 'any number',
    ...{ most: Number.MAX_SAFE_INTEGER, code: 'bad-frame', way: 'up', answer: 'page' },
    frames: (n) => [history({ limit: n })],
  },
  {
    what: 'subscriptions of a connection',
    ...{ most: 256, code: 'too-many', way: 'down', answer: 'subscribed' },
    frames: (n) => each(n, (i) => subscribe({ channel: `c${i}` })),
  },
  {
    what: 'cost of the views of a connection (VIEW-14)',
    ...{ most: defaultLimits.viewCost, code: 'too-many', way: 'down', answer: 'subscribed' },
    // Fourteen views of 139 each, and one that costs what is left.
    frames: (n) => each(15, (i) => (i < 14 ? choice(i, 10, 1000) : choice(i, 8, 8 * (n - 14 * 139 - 12)))),
  },
  {
    what: 'cost of the views of a user on a node (VIEW-14)',
    // By several connections: in core/state/view-costs.test.ts.
    ...{ most: defaultLimits.userViewCost, code: 'too-many', way: 'down', answer: 'subscribed', only: [] },
    frames: () => [],
  },
  {
    what: 'memberships of a connection',
    ...{ most: 256, code: 'too-many', way: 'down', answer: 'done' },
    frames: (n) => each(n, (i) => enter({ channel: `room/${i}` })),
  },
  {
    what: 'publishes and calls in flight',
    ...{ most: maxInflight, code: 'rate-limited', way: 'up', answer: 'page' },
    frames: (n) => each(n, () => ({ type: 'call', method: 'never', data: 1 })),
  },
  {
    what: 'units of an answer to a `call` (CALL-9)',
    ...{ ...text, most: defaultLimits.answerBytes, answer: 'reply' },
    frames: (n) => [{ type: 'call', id: 1, method: 'text', data: n }],
  },
];

const codecs: readonly CodecName[] = ['json', 'binary'];
const aliveId = 5;
let close: () => Promise<void>;
let url: string;
let clients = 0;

beforeAll(async () => {
  const name = (n: number): string => chars(n);
  const server = createServer({
    channels: defineChannels({
      log: log({ redactable: true }),
      ':name': log(),
      map: map(),
      'room/:id': log({ presence: {} }),
    }),
    calls: defineCalls({
      [name(wireLimits.methodLength)]: { input: undefined, handle: () => 1 },
      text: { input: undefined, handle: (n) => chars((n as number) - '""'.length) },
      bytes: { input: undefined, handle: (n) => new Uint8Array(n as number) },
      never: { input: undefined, handle: () => new Promise<never>(() => undefined) },
    }),
    limits: { framesPerSecond: 1e9, userFramesPerSecond: 1e9 },
    authenticate: (token) => (token === 'long name' ? { user: chars(wireLimits.tokenLength) } : {}),
    logger: { error: () => undefined, info: () => undefined },
  });
  close = () => server.close();
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  url = `http://127.0.0.1:${port}/longwave`;
});
afterAll(() => close());

/** What the server answers to the frames of a bound at `n`, and whether it goes on to serve the connection. */
async function attempt(bound: Bound, n: number, route: Route, codec: CodecName) {
  const link: RawLink = await openRawLink(url, route, codec);
  const connect = { type: 'connect', version: 1, client: `c${clients++}`, ...bound.connect?.(n) };
  const alive = bound.way === 'up' ? history({ id: aliveId }) : subscribe({ id: aliveId, channel: 'alive' });
  const asked = bound.fill ? bound.frames(n) : [...bound.frames(n), alive];
  const parts = message(bound, n, [connect, ...asked], codec);
  // A request is one message; over a WebSocket many frames are several.
  const together = bound.fill || route !== 'websocket' ? parts.length : 200;
  for (let i = 0; i < parts.length; i += together) link.send(...parts.slice(i, i + together));
  const answerTo = (id: number) => (frame: ReceivedFrame) => 'id' in frame && frame.id === id;
  const isOver = (frame: ReceivedFrame): boolean => frame.type === 'error' && frame.id === undefined;
  const awaited = bound.fill || n > bound.most || bound.code !== 'rate-limited' ? 1 : aliveId;
  const frames = await link.until(
    (all) =>
      all.some(isOver) || (all.some(answerTo(awaited)) && (bound.fill !== undefined || all.some(answerTo(aliveId)))),
  );
  // The close comes behind the frame.
  if (frames.some(isOver) && route === 'websocket') await link.until(() => false);
  const outcome = {
    answer: frames.find(answerTo(1)) ?? frames.find(isOver),
    alive: frames.some(answerTo(aliveId)),
    closed: link.closed,
  };
  link.end();
  return outcome;
}

function message(
  bound: Bound,
  n: number,
  frames: readonly Fields[],
  codec: CodecName,
): readonly (string | Uint8Array)[] {
  const encode = (frame: Fields): string | Uint8Array => rawFrame(codec, frame);
  if (bound.what === 'levels of JSON' && n > bound.most && codec === 'binary') {
    return frames.map((frame) =>
      frame['data'] === undefined ? encode(frame) : deeper(encode({ ...frame, data: array(n - 1) })),
    );
  }
  if (n > Number.MAX_SAFE_INTEGER && codec === 'binary') {
    const largest = frames.map((frame) =>
      'limit' in frame && frame['limit'] === n ? { ...frame, limit: n - 1 } : frame,
    );
    return largest.map(encode).map(beyondSafe);
  }
  if (bound.fill === 'frames') {
    return [...frames.slice(0, 1), ...Array(n - frames.length).fill({ type: 'ping' }), ...frames.slice(1)].map(encode);
  }
  if (bound.fill !== 'bytes') return frames.map(encode);
  // Filled up by frames that are answered and do nothing else: as long as it takes, and one that is shorter.
  const parts = frames.map(encode);
  const size = (): number =>
    parts.reduce((sum, part) => sum + part.length + (codec === 'json' ? 1 : 0), codec === 'json' ? -1 : 0);
  for (let rest = n - size(); rest > 0; rest = n - size()) parts.splice(1, 0, padding(codec, rest));
  return parts;
}

/** A frame of at most `bytes`, with its line break, and as many where it can be. */
function padding(codec: CodecName, bytes: number): string | Uint8Array {
  if (codec === 'json')
    return JSON.stringify({ type: 'pong', x: '' }).replace('""', `"${chars(Math.max(0, bytes - 23))}"`);
  // A pong with bytes behind it, which are ignored (WIRE-4).
  const body = bytes < 129 ? bytes - 1 : Math.min(bytes - 2, 15_000);
  const length = body < 128 ? [body] : [(body % 128) | 128, body >> 7];
  return Uint8Array.from([...length, 9, ...Array<number>(body - 1).fill(0)]);
}

/** With one level more in the data, which is the last of the frame: a client's codec writes none so deep. */
function deeper(frame: string | Uint8Array): Uint8Array {
  const bytes = Buffer.from(frame as Uint8Array);
  const at = bytes.indexOf('[');
  const text = `[${bytes.subarray(at).toString()}]`;
  // Behind the length of the frame and in front of that of the text, which take two bytes each.
  const body = Buffer.concat([
    bytes.subarray(2, at - 2),
    Buffer.from([(text.length % 128) | 128, text.length >> 7]),
    Buffer.from(text),
  ]);
  return Uint8Array.from([(body.length % 128) | 128, body.length >> 7, ...body]);
}

/** 2^53 in place of 2^53 − 1. */
function beyondSafe(frame: string | Uint8Array): Uint8Array {
  const bytes = Buffer.from(frame as Uint8Array);
  const at = bytes.indexOf(Buffer.from([255, 255, 255, 255, 255, 255, 255, 15]));
  if (at >= 0) bytes.set([128, 128, 128, 128, 128, 128, 128, 16], at);
  return Uint8Array.from(bytes);
}

describe('LIM-1: at each bound of SPEC.md, and one over it', () => {
  const table = [
    ...readFileSync(new URL('../../../../SPEC.md', import.meta.url), 'utf8').matchAll(
      /^\| ([^|]+?) \| ([\d,]+) \| `([a-z-]+)` \| (stands|ends) \|$/gm,
    ),
  ].map(([, what, most, code, then]) => ({
    what,
    most: Number(most!.replaceAll(',', '')),
    code,
    ends: then === 'ends',
  }));

  it('the table there is the one that is tried here', () => {
    expect(bounds.map(({ what, most, code, ends }) => ({ what, most, code, ends: ends === true }))).toEqual(table);
  });

  const cases = bounds.flatMap((bound) => {
    const routes: readonly Route[] = bound.way === 'up' ? ['websocket', 'send'] : ['websocket', 'stream', 'poll'];
    return (bound.only ?? routes).flatMap((route) => codecs.map((codec) => [bound.what, route, codec, bound] as const));
  });

  it.each(cases)('%s over %s as %s', async (_, route, codec, bound) => {
    const at = await attempt(bound, bound.most, route, codec);
    if (bound.code !== 'rate-limited') expect(at.answer).toMatchObject({ type: bound.answer });
    if (!bound.fill) expect(at.alive).toBe(true);
    const over = bound.most === Number.MAX_SAFE_INTEGER ? 2 ** 53 : bound.most + 1;
    const beyond = await attempt(bound, over, route, codec);
    // A body is refused before anybody looks into it.
    if (bound.fill === 'bytes' && route !== 'websocket') return expect(beyond.closed).toBe(413);
    expect(beyond.answer).toMatchObject({ type: 'error', code: bound.code, message: expect.stringMatching(/ .*\.$/) });
    expect((beyond.answer as { id?: number }).id).toBe(bound.ends ? undefined : 1);
    expect(beyond.alive).toBe(!bound.ends);
    if (bound.ends && route === 'websocket') expect(beyond.closed).toBe(codes[bound.code].close);
  });
});

const ways = (['websocket', 'send'] as const).flatMap((route) => codecs.map((codec) => [route, codec] as const));
it.each(ways)('CALL-9: bytes of an answer over %s as %s have the same bound', async (route, codec) => {
  const bound: Bound = {
    what: 'bytes of an answer',
    ...{ ...text, most: defaultLimits.answerBytes, answer: 'reply' },
    frames: (n) => [{ type: 'call', id: 1, method: 'bytes', data: n }],
  };
  const at = await attempt(bound, bound.most, route, codec);
  expect(at).toMatchObject({ answer: { type: 'reply' }, alive: true });
  const beyond = await attempt(bound, bound.most + 1, route, codec);
  expect(beyond).toMatchObject({
    answer: {
      type: 'error',
      id: 1,
      code: 'too-large',
      message: 'The answer has 262145 units; at most 262144 are sent.',
    },
    alive: true,
  });
});
