import type { ByteReader } from './byte-reader.js';
import type { ByteWriter } from './byte-writer.js';
import { type ReceivedOperation, hasData, operationKinds } from './operation.js';
import { Refusal } from './refusal.js';
import { utf8Decode } from '../values/utf8.js';

// Flags of an operation (WIRE-15).
export const bytesBit = 1;
export const idBit = 2;
export const userBit = 4;
export const keyBit = 8;
export const kindBit = 16;
export const versionBit = 32;

type Operation = { -readonly [Name in keyof ReceivedOperation]: ReceivedOperation[Name] };

const openArray = 0x5b;
const comma = 0x2c;
const lineBreak = 0x0a;
const closeArray = 0x5d;

/**
 * Reads the operations of a frame. Their payloads are put together in `payloads`, and decoded and parsed as one: in Chromium a call of
 * the decoder for each small message takes more time than all else that is done with it.
 */
export function readOperations(reader: ByteReader, payloads: ByteWriter): ReceivedOperation[] {
  const count = reader.uint();
  const readAlone = (from: ByteReader) => parseJson(from.data());
  if (count === 1) return readEach(reader, count, readAlone);
  const again = reader.fork();
  const waiting: Operation[] = [];
  payloads.clear();
  const ops = readEach(reader, count, (from, op) => {
    // No JSON text has a raw line break within a string, so none runs on into the next.
    payloads.byte(waiting.length === 0 ? openArray : comma);
    from.moveTo(payloads);
    payloads.byte(lineBreak);
    waiting.push(op);
    return undefined;
  });
  if (waiting.length === 0) return ops;
  payloads.byte(closeArray);
  const values = parseArray(payloads.lend());
  // One of them is not JSON: which one, and why, is found one by one. Texts that are JSON only together, such as `[1` and `2]` beside
  // `1,2`, are not found: a server that writes them could have written their values.
  if (values?.length !== waiting.length) return readEach(again, count, readAlone);
  for (const [i, op] of waiting.entries()) op.data = values[i];
  return ops;
}

/** `readJson` reads the payload of `op` where it is JSON text. */
function readEach(
  reader: ByteReader,
  count: number,
  readJson: (reader: ByteReader, op: Operation) => unknown,
): Operation[] {
  const ops: Operation[] = [];
  let time = 0;
  for (let i = 0; i < count; i++) {
    const flags = reader.byte();
    const zigzag = reader.uint();
    time += zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
    const id = flags & idBit ? reader.text() : undefined;
    const user = flags & userBit ? reader.text() : undefined;
    const key = flags & keyBit ? reader.text() : undefined;
    const kind = flags & kindBit ? operationKinds[reader.byte()] : undefined;
    const version = flags & versionBit ? reader.uint() : undefined;
    const op: Operation = { data: undefined, time, id, user, key, kind, version };
    if (hasData(kind)) op.data = flags & bytesBit ? reader.copy() : readJson(reader, op);
    ops.push(op);
  }
  return ops;
}

function parseArray(bytes: Uint8Array): readonly unknown[] | undefined {
  try {
    return JSON.parse(utf8Decode(bytes)) as readonly unknown[];
  } catch {
    return undefined;
  }
}

/** Throws `Refusal`. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal('The data is not JSON.', 'invalid-data');
  }
}
