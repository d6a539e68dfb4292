import type { Codec, Encoded } from './codec.js';
import type { BadFrame } from './frames.js';
import type { Field, Shape, Shapes } from './shapes.js';
import { ByteReader } from './byte-reader.js';
import { ByteWriter } from './byte-writer.js';
import { Refusal } from './refusal.js';
import type { Check, ServerSide } from './server-side.js';
import { isWellFormed } from '../values/utf8.js';
import { type Operation, type Payload, payloadOf } from './operation.js';
import { bytesBit, parseJson, readOperations } from './read-operations.js';

type Fields = Record<string, unknown>;
type AnyFrame = { readonly type: string };
export type WriteOps = (writer: ByteWriter, ops: readonly Operation[], versioned: boolean) => void;

interface BinaryShape extends Shape {
  /** Some of its fields may be absent. */
  readonly hasOptional: boolean;
}

/** By the type byte. */
type BinaryShapes = ReadonlyMap<number, BinaryShape>;

function toBinary(shape: Shape): BinaryShape {
  return { ...shape, hasOptional: shape.fields.some(({ optional }) => optional) };
}

/**
 * Frames as bytes (WIRE-4): length, type byte, a bit set of the optional fields that are present,
 * the fields in the order of their shape. Numbers are LEB128, texts and payloads length-prefixed.
 */
export function createBinaryCodec(out: Shapes, into: Shapes, server?: ServerSide<WriteOps>): Codec<AnyFrame, AnyFrame> {
  const writer = new ByteWriter();
  const payloads = new ByteWriter();
  const outShapes = new Map([...out].map(([type, shape]) => [type, toBinary(shape)]));
  const intoShapes = new Map([...into.values()].map((shape) => [shape.code, toBinary(shape)]));
  const write = (frame: AnyFrame): ByteWriter => {
    try {
      writeFrame(writer, frame, outShapes, server);
      writer.prefixLength();
      return writer;
    } catch (error) {
      // The part that was written must not stand in front of the next frame, which may belong to somebody else.
      writer.clear();
      throw error;
    }
  };
  return {
    name: 'binary',
    encode: (frame) => write(frame).take(),
    encodeBriefly: (frame) => write(frame).lend(),
    join: (parts) => {
      for (const part of parts) writer.raw(part as Uint8Array);
      return writer.take();
    },
    decode: (message) => decodeBinary(message, intoShapes, payloads, server?.check),
  };
}

function writeFrame(
  writer: ByteWriter,
  frame: AnyFrame,
  shapes: ReadonlyMap<string, BinaryShape>,
  server: ServerSide<WriteOps> | undefined,
): void {
  const shape = shapes.get(frame.type)!;
  const values = frame as AnyFrame & Fields;
  writer.byte(shape.code);
  if (shape.hasOptional) writer.byte(presenceOf(values, shape));
  for (const field of shape.fields) {
    const value = values[field.name];
    if (field.kind === 'ops') server!.encodeOps(writer, value as readonly Operation[], frame.type === 'changes');
    else if (value !== undefined || field.kind === 'data') writeField(writer, field, value, server?.encodeData);
  }
}

/** A bit for each optional field. */
function presenceOf(values: Fields, shape: Shape): number {
  let present = 0;
  let bit = 1;
  for (const field of shape.fields) {
    if (!field.optional) continue;
    if (values[field.name] !== undefined) present |= bit;
    bit <<= 1;
  }
  return present;
}

function writeField(writer: ByteWriter, field: Field, value: unknown, encode = payloadOf): void {
  switch (field.kind) {
    case 'uint':
      return writer.uint(value as number);
    case 'text':
      if (writer.ascii(value as string)) return;
      if (!isWellFormed(value as string)) throw new TypeError(`'${field.name}' is not well-formed Unicode.`);
      return writer.text(value as string);
    case 'name':
      return writer.byte(field.names.indexOf(value as string));
    case 'flag':
      return;
    case 'json':
      return writer.text(JSON.stringify(value));
    case 'data': {
      const payload = encode(value);
      writer.byte(typeof payload === 'string' ? 0 : bytesBit);
      return writePayload(writer, payload);
    }
    case 'ops':
      return;
  }
}

export function writePayload(writer: ByteWriter, payload: Payload): void {
  if (typeof payload === 'string') writer.text(payload);
  else writer.bytes(payload);
}

function decodeBinary(
  message: Encoded,
  shapes: BinaryShapes,
  payloads: ByteWriter,
  check: Check | undefined,
): (AnyFrame | BadFrame)[] {
  if (typeof message === 'string') return [{ type: 'bad', code: 'bad-frame', message: 'A message of the other kind.' }];
  const frames: (AnyFrame | BadFrame)[] = [];
  const reader = new ByteReader(message);
  while (!reader.done) frames.push(readFrame(reader, shapes, payloads, check));
  return frames;
}

function readFrame(
  message: ByteReader,
  shapes: BinaryShapes,
  payloads: ByteWriter,
  check: Check | undefined,
): AnyFrame | BadFrame {
  const frame: Fields = {};
  try {
    const reader = message.part();
    const shape = shapes.get(reader.byte());
    if (!shape) return { type: 'bad', code: 'bad-frame', message: 'Unknown frame type.' };
    frame['type'] = shape.type;
    readFields(reader, shape, frame, payloads, check);
    return frame as AnyFrame & Fields;
  } catch (error) {
    const id = frame['id'] as number | undefined;
    const { code, message: reason } = error instanceof Refusal ? error : new Refusal('The frame cannot be read.');
    return { type: 'bad', id, code, message: reason };
  }
}

function readFields(
  reader: ByteReader,
  shape: BinaryShape,
  frame: Fields,
  payloads: ByteWriter,
  check: Check | undefined,
): void {
  let present = shape.hasOptional ? reader.byte() : 0;
  for (const field of shape.fields) {
    if (field.optional) {
      const here = present & 1;
      present >>= 1;
      if (!here) continue;
    }
    frame[field.name] = field.kind === 'ops' ? readOperations(reader, payloads) : readField(reader, field, check);
  }
}

function readField(reader: ByteReader, field: Field, check: Check | undefined): unknown {
  switch (field.kind) {
    case 'uint':
      return reader.uint();
    case 'text': {
      const text = reader.text();
      check?.(text, field, '');
      return text;
    }
    case 'name': {
      const name = field.names[reader.byte()];
      if (name === undefined) throw new Refusal(`'${field.name}' is not valid.`);
      return name;
    }
    case 'flag':
      return true;
    case 'json':
      return parse(reader.text(), field, check);
    case 'data': {
      // Raw bytes are copied: a view would keep the whole message alive, or change under its reader.
      if (reader.byte() & bytesBit) return reader.copy();
      return parse(reader.data(), field, check);
    }
    case 'ops':
      return undefined;
  }
}

function parse(text: string, field: Field, check: Check | undefined): unknown {
  const value = parseJson(text);
  check?.(value, field, text);
  return value;
}
