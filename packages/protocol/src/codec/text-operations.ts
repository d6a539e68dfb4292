import { bodyOf, kindOf } from './operation-body.js';
import { encodeData } from './text-codec.js';
import { type Operation, hasData } from './operation.js';

/** Operations in the text codec (WIRE-3), with their offsets where they do not follow one another. Payloads that are JSON text stand in it as they are (WIRE-7). */
export function encodeTextOperations(ops: readonly Operation[], versioned: boolean): string {
  let text = '[';
  for (const op of ops) {
    if (text.length > 1) text += ',';
    const kind = kindOf(op);
    text += hasData(kind) ? `{${encodeData(bodyOf(op))},"time":${op.time}` : `{"time":${op.time}`;
    if (op.key) text += `,"key":${JSON.stringify(op.key)}`;
    if (kind !== undefined) text += `,"kind":"${kind}"`;
    if (versioned) text += `,"version":${op.offset}`;
    if (op.id !== undefined) text += `,"id":${JSON.stringify(op.id)}`;
    if (op.user !== undefined) text += `,"user":${JSON.stringify(op.user)}`;
    text += '}';
  }
  return `${text}]`;
}
