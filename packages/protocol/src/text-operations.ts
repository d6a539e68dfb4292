import { encodeData } from './text-codec.js';
import type { Operation } from './operation.js';

/** A run of operations in the text codec (WIRE-3). Payloads that are JSON text stand in it as they are (WIRE-7). */
export function encodeTextOperations(ops: readonly Operation[]): string {
  let text = '[';
  for (const op of ops) {
    if (text.length > 1) text += ',';
    text += `{${encodeData(op.payload)},"time":${op.time}`;
    if (op.id !== undefined) text += `,"id":${JSON.stringify(op.id)}`;
    if (op.user !== undefined) text += `,"user":${JSON.stringify(op.user)}`;
    text += '}';
  }
  return `${text}]`;
}
