import { writePayload } from './binary-codec.js';
import type { ByteWriter } from './byte-writer.js';
import { type Operation, bodyOf, hasData, kindOf, operationKinds } from './operation.js';
import { bytesBit, idBit, keyBit, kindBit, userBit, versionBit } from './read-operations.js';

/** Operations in the binary codec (WIRE-4), with their offsets where they do not follow one another. Times are written as the zigzag difference to the one before. */
export function writeBinaryOperations(writer: ByteWriter, ops: readonly Operation[], versioned: boolean): void {
  writer.uint(ops.length);
  let last = 0;
  for (const op of ops) {
    const { time, id, user, key } = op;
    const kind = kindOf(op);
    const body = bodyOf(op);
    writer.byte(
      (typeof body === 'string' ? 0 : bytesBit) |
        (id === undefined ? 0 : idBit) |
        (user === undefined ? 0 : userBit) |
        (key ? keyBit : 0) |
        (kind === undefined ? 0 : kindBit) |
        (versioned ? versionBit : 0),
    );
    writer.uint(time >= last ? (time - last) * 2 : (last - time) * 2 - 1);
    last = time;
    if (id !== undefined) writer.text(id);
    if (user !== undefined) writer.text(user);
    if (key) writer.text(key);
    if (kind !== undefined) writer.byte(operationKinds.indexOf(kind));
    if (versioned) writer.uint(op.offset);
    if (hasData(kind)) writePayload(writer, body);
  }
}
