import type { Codec, Encoded } from './codec.js';
import type { BadFrame } from './frames.js';
import type { Field, Shape, Shapes } from './shapes.js';
import { base64Decode, base64Encode } from '../values/base64.js';
import { Refusal } from './refusal.js';
import type { Check, ServerSide } from './server-side.js';
import { type Operation, type ReceivedOperation, hasData, operationKinds, payloadOf } from './operation.js';

type Fields = Record<string, unknown>;
type AnyFrame = { readonly type: string };
export type EncodeOps = (ops: readonly Operation[], versioned: boolean) => string;

/**
 * Frames as JSON objects, one a line (WIRE-3): readable in a browser's network panel, over SSE and
 * with curl. Application data stands under `data`, bytes as base64 under `bytes`.
 */
export function createTextCodec(into: Shapes, server?: ServerSide<EncodeOps>): Codec<AnyFrame, AnyFrame> {
  return {
    name: 'json',
    encode: (frame) => encodeText(frame, server),
    join: (parts) => parts.join('\n'),
    decode: (message) => decodeText(message, into, server?.check),
  };
}

function encodeText(frame: AnyFrame, server: ServerSide<EncodeOps> | undefined): string {
  const encode = server?.encodeData ?? payloadOf;
  let text = `{"type":"${frame.type}"`;
  // Frames are objects of our own, and nothing is inherited: to list their entries would cost an array each.
  for (const name in frame) {
    const value = (frame as Fields)[name];
    if (name === 'type' || (value === undefined && name !== 'data')) continue;
    if (name === 'ops') text += `,"ops":${server!.encodeOps(value as readonly Operation[], frame.type === 'changes')}`;
    else if (name === 'data') text += `,${encodeData(encode(value))}`;
    else text += `,"${name}":${typeof value === 'number' ? value : JSON.stringify(value)}`;
  }
  return `${text}}`;
}

export function encodeData(payload: string | Uint8Array): string {
  return typeof payload === 'string' ? `"data":${payload}` : `"bytes":"${base64Encode(payload)}"`;
}

function decodeText(message: Encoded, shapes: Shapes, check: Check | undefined): (AnyFrame | BadFrame)[] {
  // Bytes are a message of the other codec.
  if (typeof message !== 'string') return [decodeLine('', shapes, check)];
  if (!message.includes('\n')) return message === '' ? [] : [decodeLine(message, shapes, check)];
  return message
    .split('\n')
    .filter(Boolean)
    .map((line) => decodeLine(line, shapes, check));
}

function decodeLine(line: string, shapes: Shapes, check: Check | undefined): AnyFrame | BadFrame {
  let id: number | undefined;
  try {
    const value: unknown = JSON.parse(line);
    if (!isFields(value)) throw new Refusal(noObject);
    id = isUint(value['id']) ? value['id'] : undefined;
    const shape = shapes.get(value['type'] as string);
    if (!shape) throw new Refusal('Unknown frame type.');
    return readFields(value, shape, line, check);
  } catch (error) {
    // Anything else is thrown by `JSON.parse` alone, but a peer's line must not decide that.
    const { code, message } = error instanceof Refusal ? error : new Refusal(noObject);
    return { type: 'bad', id, code, message };
  }
}

const noObject = 'Not a JSON object.';

/** Copies the known fields, so that nothing else a peer wrote goes further. Throws `Refusal`. */
function readFields(value: Fields, shape: Shape, line: string, check: Check | undefined): AnyFrame {
  const frame: Fields = { type: shape.type };
  for (const field of shape.fields) {
    const read = field.kind === 'data' ? readData(value) : readField(value[field.name], field);
    if (read === undefined) {
      if (field.optional && value[field.name] === undefined) continue;
      throw new Refusal(`'${field.name}' is missing or not valid.`);
    }
    check?.(read, field, line);
    frame[field.name] = read;
  }
  return frame as AnyFrame & Fields;
}

function readField(value: unknown, field: Field): unknown {
  switch (field.kind) {
    case 'uint':
      return isUint(value) ? value : undefined;
    case 'text':
      return typeof value === 'string' ? value : undefined;
    case 'name':
      return typeof value === 'string' && field.names.includes(value) ? value : undefined;
    case 'flag':
      return value === true ? true : undefined;
    case 'json':
      return value;
    case 'ops':
      return readOps(value);
    case 'data':
      return undefined;
  }
}

function readData(value: Fields): unknown {
  if (Object.hasOwn(value, 'data')) return value['data'];
  return typeof value['bytes'] === 'string' ? base64Decode(value['bytes']) : undefined;
}

function readOps(value: unknown): ReceivedOperation[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const ops: ReceivedOperation[] = [];
  for (const item of value as unknown[]) {
    if (!isFields(item) || !isUint(item['time'])) return undefined;
    const { id, user, key, version } = item;
    // Most have none.
    const kind = item['kind'] === undefined ? undefined : operationKinds.find((known) => known === item['kind']);
    const data = hasData(kind) ? readData(item) : undefined;
    if (data === undefined && hasData(kind)) return undefined;
    ops.push({
      data,
      time: item['time'],
      id: typeof id === 'string' ? id : undefined,
      user: typeof user === 'string' ? user : undefined,
      key: typeof key === 'string' ? key : undefined,
      kind,
      version: isUint(version) ? version : undefined,
    });
  }
  return ops;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isUint(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
