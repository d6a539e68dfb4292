import type { Operation, OperationKind, Payload } from '@longwave/protocol';

// As scripts have an operation: see `scripts/operation.ts`.

const bodyHead = 18;
const stampSize = 16;
const flag = { payloadIsBytes: 1, id: 2, user: 4, key: 8 } as const;

/** By what is written of them. */
const kinds: readonly (OperationKind | undefined)[] = [undefined, 'delete', 'expire', 'redact', 'redacted'];

/** The part of an operation that a node knows before it is stored. */
export type OperationBody = Pick<Operation, 'payload' | 'id' | 'user' | 'key' | 'kind'>;

export function encodeBody({ payload, id, user, key, kind }: OperationBody): Buffer {
  const texts = [id, user, key].map((text) => Buffer.from(text ?? ''));
  const data = typeof payload === 'string' ? Buffer.from(payload) : payload;
  const head = Buffer.alloc(bodyHead);
  const bytes = typeof payload === 'string' ? 0 : flag.payloadIsBytes;
  const has = (value: string | undefined, bit: number): number => (value === undefined ? 0 : bit);
  head[0] = bytes | has(id, flag.id) | has(user, flag.user) | has(key, flag.key);
  head[1] = Math.max(0, kinds.indexOf(kind));
  for (const [i, part] of [...texts, data].entries()) head.writeUInt32BE(part.length, 2 + 4 * i);
  return Buffer.concat([head, ...texts, data]);
}

/** A delta, of which the first byte says what it is; nothing is none. */
export function encodeDelta(delta: Payload | undefined): Buffer {
  if (delta === undefined) return Buffer.alloc(0);
  return typeof delta === 'string'
    ? Buffer.concat([Buffer.of(0), Buffer.from(delta)])
    : Buffer.concat([Buffer.of(flag.payloadIsBytes), delta]);
}

function decodeDelta(delta: Buffer): Payload | undefined {
  return delta.length === 0 ? undefined : payloadOf(delta.subarray(1), delta[0]! === flag.payloadIsBytes);
}

/** Copies what it returns, so that an operation that is kept does not keep a whole answer. */
function payloadOf(data: Buffer, isBytes: boolean): Payload {
  return isBytes ? new Uint8Array(data) : data.toString();
}

export function decodeOperation(op: Buffer, delta?: Payload): Operation {
  const flags = op[stampSize]!;
  let at = stampSize + bodyHead;
  const [id, user, key] = [0, 1, 2].map((i) => {
    const size = op.readUInt32BE(stampSize + 2 + 4 * i);
    at += size;
    return flags & (flag.id << i) ? op.toString('utf8', at - size, at) : undefined;
  });
  const kind = kinds[op[stampSize + 1]!];
  return {
    offset: op.readDoubleBE(0),
    time: op.readDoubleBE(8),
    payload: payloadOf(op.subarray(at), (flags & flag.payloadIsBytes) !== 0),
    id,
    user,
    ...(key === undefined ? kind && { kind } : { key, kind, delta }),
  };
}

/** The content of a channel's message. */
export interface Announcement {
  /** How far the shard is with it; 0: more of the same comes. */
  readonly seq: number;
  readonly epoch: string;
  readonly ops: readonly Operation[];
}

export function decodeAnnouncement(message: Buffer): Announcement {
  const seq = message.readDoubleBE(0);
  let at = 8;
  const next = (): Buffer => {
    const size = message.readUInt32BE(at);
    at += 4 + size;
    return message.subarray(at - size, at);
  };
  const epoch = next().toString();
  const ops: Operation[] = [];
  while (at < message.length) {
    const op = next();
    ops.push(decodeOperation(op, decodeDelta(next())));
  }
  return { seq, epoch, ops };
}
