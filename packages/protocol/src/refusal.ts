import type { Code } from './codes.js';
import type { Field } from './shapes.js';
import { isValueTooDeep } from './json-depth.js';
import { isWellFormed } from './utf8.js';
import { wireLimits } from './limits.js';

/** Why a frame is refused (WIRE-6): thrown and caught within this package. */
export class Refusal extends Error {
  readonly code: Code;

  constructor(message: string, code: Code = 'bad-frame') {
    super(message);
    this.code = code;
  }
}

/** Holds a text to its field (LIM-1, WIRE-10). */
export function checkText(text: string, { name, max, over }: Extract<Field, { kind: 'text' }>): string {
  if (text.length > max) throw new Refusal(`'${name}' has ${text.length} units; at most ${max} may be sent.`, over);
  if (!isWellFormed(text)) throw new Refusal(`'${name}' is not well-formed Unicode.`, 'invalid-data');
  return text;
}

/** Holds a value, parsed from `json` or a part of it, to the bound of depth (WIRE-9). */
export function checkDepth(value: unknown, { name }: Field, json: string): unknown {
  if (!isValueTooDeep(value, json)) return value;
  throw new Refusal(`'${name}' nests deeper than ${wireLimits.jsonDepth} levels.`, 'invalid-data');
}

/** Holds a JSON value that is no application data to its bound of units (VIEW-1). */
export function checkLength(length: number, { name, max }: Extract<Field, { kind: 'json' }>): void {
  if (length <= max) return;
  throw new Refusal(`'${name}' takes ${length} units as JSON; at most ${max} may be sent.`, 'invalid-data');
}
