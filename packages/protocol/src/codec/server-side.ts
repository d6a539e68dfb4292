import type { Field } from './shapes.js';
import { type Payload, payloadOf } from './operation.js';
import { Refusal } from './refusal.js';
import { isValueTooDeep } from '../values/json-depth.js';
import { isWellFormed } from '../values/utf8.js';
import { wireLimits } from '../limits.js';

/**
 * The part of a codec that only the server has: it holds a peer to its bounds, and writes operations. A page does not
 * load it.
 */
export interface ServerSide<EncodeOps> {
  readonly encodeOps: EncodeOps;
  readonly encodeData: (data: unknown) => Payload;
  readonly check: Check;
}

/**
 * Holds what was read for a field to its bounds: texts (LIM-1, WIRE-10), views (VIEW-1), and the depth of all JSON
 * (WIRE-9). JSON values were parsed from `json` or a part of it. Throws `Refusal`.
 */
export type Check = (value: unknown, field: Field, json: string) => void;

const check: Check = (value, field, json) => {
  const { name } = field;
  if (field.kind === 'text') return checkText(value as string, field);
  if (field.kind !== 'data' && field.kind !== 'json') return;
  // A text neither nests nor overflows.
  if (typeof value !== 'string') checkValue(value, name, json);
  // Measured as it would be written: what else stands in a line is no part of it.
  if (field.kind === 'json' && json.length > field.max) checkLength(JSON.stringify(value).length, field);
};

function checkValue(value: unknown, name: string, json: string): void {
  if (isValueTooDeep(value, json)) {
    throw new Refusal(`'${name}' nests deeper than ${wireLimits.jsonDepth} levels.`, 'invalid-data');
  }
  if (mayOverflow(json) && hasInfinity(value)) {
    throw new Refusal(`'${name}' has a number beyond what a double holds.`, 'invalid-data');
  }
}

/** Digits of the largest double, written without an exponent. */
const mostDigits = 309;
const exponent = /[0-9][eE]\+?[0-9]{2}/;

/**
 * Whether a number in the text may be beyond what a double holds. In proportion to the text, whatever is in it: a peer
 * wrote it.
 */
function mayOverflow(json: string): boolean {
  return json.length >= mostDigits || ((json.includes('e') || json.includes('E')) && exponent.test(json));
}

/** Values that nest too deep were refused before. JSON would silently write `null` for an infinite number. */
function hasInfinity(value: unknown): boolean {
  if (typeof value === 'number') return !Number.isFinite(value);
  return typeof value === 'object' && value !== null && Object.values(value).some(hasInfinity);
}

function checkText(text: string, { name, max, over }: Extract<Field, { kind: 'text' }>): void {
  if (text.length > max) throw new Refusal(`'${name}' has ${text.length} units; at most ${max} may be sent.`, over);
  if (!isWellFormed(text)) throw new Refusal(`'${name}' is not well-formed Unicode.`, 'invalid-data');
}

function checkLength(length: number, { name, max }: Extract<Field, { kind: 'json' }>): void {
  if (length <= max) return;
  throw new Refusal(`'${name}' takes ${length} units as JSON; at most ${max} may be sent.`, 'invalid-data');
}

export function serverSide<E extends (...args: never[]) => unknown>(encodeOps: E): ServerSide<E> {
  return { encodeOps, encodeData: payloadOf, check };
}
