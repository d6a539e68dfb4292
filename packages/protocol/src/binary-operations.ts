import { bytesBit, idBit, userBit, writePayload } from './binary-codec.js';
import type { ByteWriter } from './byte-writer.js';
import type { Operation } from './operation.js';

/** A run of operations in the binary codec (WIRE-4). Times are written as the zigzag difference to the one before. */
export function writeBinaryOperations(writer: ByteWriter, ops: readonly Operation[]): void {
  writer.uint(ops.length);
  let last = 0;
  for (const { payload, time, id, user } of ops) {
    const kind = typeof payload === 'string' ? 0 : bytesBit;
    writer.byte(kind | (id === undefined ? 0 : idBit) | (user === undefined ? 0 : userBit));
    writer.uint(time >= last ? (time - last) * 2 : (last - time) * 2 - 1);
    last = time;
    if (id !== undefined) writer.text(id);
    if (user !== undefined) writer.text(user);
    writePayload(writer, payload);
  }
}
