import { encodeData } from './text-codec.js';
import { type Operation, bodyOf, hasData, kindOf } from './operation.js';

/** Operations in the text codec (WIRE-3), with their offsets where they do not follow one another. Payloads that are JSON text stand in it as they are (WIRE-7). */
export function encodeTextOperations(ops: readonly Operation[], versioned: boolean): string {
  let text = '[';
  for (const op of ops) {
    if (text.length > 1) text += ',';
    const kind = kindOf(op);
    text += hasData(kind) ? `{${encodeData(bodyOf(op))},"time":` : '{"time":';
    text += digits(op.time);
    if (op.key) text += `,"key":${quoted(op.key)}`;
    if (kind !== undefined) text += `,"kind":"${kind}"`;
    if (versioned) text += `,"version":${digits(op.offset)}`;
    if (op.id !== undefined) text += `,"id":${quoted(op.id)}`;
    if (op.user !== undefined) text += `,"user":${quoted(op.user)}`;
    text += '}';
  }
  return `${text}]`;
}

const lastDigits = Array.from({ length: 1000 }, (_, i) => String(i).padStart(3, '0'));

/**
 * A number as text. V8 remembers the texts of a few thousand numbers, in old space, and makes those of others anew: times and
 * offsets of a large state would fill that memory each time, but their thousands are few.
 */
function digits(number: number): string {
  const last = number < 1000 ? undefined : lastDigits[number % 1000];
  return last === undefined ? String(number) : String(Math.floor(number / 1000)) + last;
}

const plain = /^[ !#-[\]-~]*$/;

/** As JSON. Most keys, ids and users need no escapes. */
function quoted(text: string): string {
  return plain.test(text) ? `"${text}"` : JSON.stringify(text);
}
