import type { ClientFrame, ServerFrame } from './frames.js';
import { type Code, durabilities, resetReasons } from '../codes.js';
import { publishKinds } from './frames.js';
import { channelLength, epochLength, tagLength, viewLength, wireLimits } from '../limits.js';

/**
 * How a field is checked and written. `text` holds at most `max` UTF-16 units, and one of more is answered with
 * `over`; `name` is one of a list; `flag` is true or absent; `data` is application data; `ops` a run of operations; `json` is a value of at most
 * `max` units as JSON.
 */
type Kind =
  | { readonly kind: 'uint' }
  | { readonly kind: 'text'; readonly max: number; readonly over: Code }
  | { readonly kind: 'name'; readonly names: readonly string[] }
  | { readonly kind: 'flag' }
  | { readonly kind: 'data' }
  | { readonly kind: 'json'; readonly max: number }
  | { readonly kind: 'ops' };

export type Field = Kind & { readonly name: string; readonly optional: boolean };

export interface Shape {
  readonly type: string;
  /** The type byte of the binary codec. */
  readonly code: number;
  readonly fields: readonly Field[];
}

const uint = { kind: 'uint', optional: false } as const;
const text = (max: number, over: Code = 'too-large') => ({ kind: 'text', max, over, optional: false }) as const;
const name = (names: readonly string[]) => ({ kind: 'name', names, optional: false }) as const;
const flag = { kind: 'flag', optional: true } as const;
const data = { kind: 'data', optional: false } as const;
const ops = { kind: 'ops', optional: false } as const;
const json = (max: number) => ({ kind: 'json', max, optional: false }) as const;
const optional = <K extends Kind>(kind: K) => ({ ...kind, optional: true }) as const;

type FieldSpec = Kind & { readonly optional: boolean };
/** One entry for every field of every frame: the compiler refuses a table that misses one. */
type Table<F extends { type: string }> = {
  readonly [T in F['type']]: readonly [
    code: number,
    fields: { readonly [N in Exclude<keyof Extract<F, { type: T }>, 'type'>]: FieldSpec },
  ];
};

const id = uint;
const channel = text(channelLength, 'unknown-channel');
const epoch = text(epochLength);
const unbounded = text(Infinity);
const tag = optional(text(tagLength));

// Field order is the order on the binary wire: append only, and never reuse a code.

// Made by a function: a bundle that only reads JSON leaves the client's table out.
const clientTable = (view = json(viewLength)): Table<ClientFrame> => ({
  connect: [
    1,
    {
      version: uint,
      client: text(wireLimits.clientLength),
      token: optional(text(wireLimits.tokenLength)),
      turn: optional(uint),
      bytesPerSecond: optional(uint),
      params: optional(json(wireLimits.paramsBytes)),
      user: optional(text(wireLimits.tokenLength)),
    },
  ],
  subscribe: [
    2,
    {
      id,
      channel,
      epoch: optional(epoch),
      offset: optional(uint),
      last: optional(uint),
      again: flag,
      view: optional(view),
      fresh: flag,
      scope: tag,
    },
  ],
  unsubscribe: [3, { id, channel, tag }],
  publish: [
    4,
    {
      id,
      channel,
      seq: uint,
      retry: flag,
      messageId: optional(text(wireLimits.messageIdLength)),
      data,
      after: optional(uint),
      key: optional(text(wireLimits.keyLength, 'wrong-mode')),
      kind: optional(name(publishKinds)),
      expect: optional(uint),
      ttlMs: optional(uint),
    },
  ],
  call: [5, { id, method: text(wireLimits.methodLength, 'unknown-method'), data }],
  history: [
    6,
    {
      id,
      channel,
      limit: uint,
      epoch: optional(epoch),
      after: optional(uint),
      before: optional(uint),
      since: optional(uint),
      until: optional(uint),
    },
  ],
  refresh: [7, { id, token: text(wireLimits.tokenLength) }],
  ping: [8, {}],
  pong: [9, {}],
  track: [10, { id, channel, tag, view }],
  enter: [11, { id, channel, data, away: flag, again: flag }],
  exit: [12, { id, channel }],
  answer: [13, { id, data }],
  input: [15, { channel, data }],
  refuse: [14, { id, code: text(wireLimits.refusalCodeLength), message: text(wireLimits.refusalLength) }],
});

const serverTable: Table<ServerFrame> = {
  connected: [
    32,
    {
      node: unbounded,
      user: optional(unbounded),
      heartbeatMs: uint,
      messageBytes: uint,
      expiresInMs: optional(uint),
    },
  ],
  subscribed: [
    33,
    { id, channel, epoch, offset: uint, top: uint, reset: optional(name(resetReasons)), mode: optional(unbounded) },
  ],
  done: [34, { id, expiresInMs: optional(uint), key: optional(unbounded) }],
  ack: [35, { id, epoch, offset: uint, durability: name(durabilities), duplicate: flag }],
  message: [36, { channel, epoch, offset: uint, ops }],
  top: [37, { channel, epoch, offset: uint, tag }],
  reset: [38, { channel, reason: name(resetReasons), epoch, offset: uint, tag }],
  reply: [39, { id, data }],
  page: [40, { id, channel, epoch, offset: uint, ops, floor: uint, top: uint }],
  goaway: [41, { retryAfterMs: uint }],
  error: [42, { id: optional(id), code: unbounded, message: unbounded, retryAfterMs: optional(uint) }],
  ping: [8, {}],
  pong: [9, {}],
  exited: [44, { channel, code: unbounded }],
  ask: [45, { id, method: unbounded, data }],
  snapshot: [46, { channel, data }],
  changes: [
    43,
    {
      channel,
      epoch,
      after: uint,
      offset: uint,
      ops,
      tag,
      replace: flag,
      more: flag,
      keep: optional(json(Infinity)),
      scope: tag,
    },
  ],
};

/** The shapes of one direction, by type name. */
export type Shapes = ReadonlyMap<string, Shape>;

function shapesOf(table: Readonly<Record<string, readonly [number, Readonly<Record<string, FieldSpec>>]>>): Shapes {
  return new Map(
    Object.entries(table).map(([type, [code, specs]]) => {
      const fields = Object.entries(specs).map(([fieldName, spec]) => ({ ...spec, name: fieldName }));
      return [type, { type, code, fields }];
    }),
  );
}

/** The shapes of one direction. */
function shapesIn(table: () => Table<ClientFrame>): Shapes {
  return shapesOf(table());
}

export const clientShapes: Shapes = /* @__PURE__ */ shapesIn(clientTable);
export const serverShapes: Shapes = shapesOf(serverTable);
