import { wireLimits } from '../limits.js';

const { jsonDepth } = wireLimits;

/** Whether the JSON text nests arrays and objects deeper than `levels` (WIRE-9). A scalar nests 0 deep. */
export function isTextTooDeep(json: string, levels: number = jsonDepth): boolean {
  if (!mayBeTooDeep(json)) return false;
  let depth = 0;
  for (let i = 0; i < json.length; i++) {
    const unit = json.charCodeAt(i);
    if (unit === quote) i = endOfString(json, i);
    else if (unit === openArray || unit === openObject) {
      if (++depth > levels) return true;
    } else if (unit === closeArray || unit === closeObject) depth--;
  }
  return false;
}

/** The same of `value`, which `JSON.parse` gave for `json` or a part of it. */
export function isValueTooDeep(value: unknown, json: string): boolean {
  return mayBeTooDeep(json) && nestsDeeper(value, jsonDepth);
}

const quote = 0x22;
const backslash = 0x5c;
const openArray = 0x5b;
const closeArray = 0x5d;
const openObject = 0x7b;
const closeObject = 0x7d;

/** On the way of every message: most texts have too few brackets, and that is found without a look at each unit. */
function mayBeTooDeep(json: string): boolean {
  if (json.length < 2 * jsonDepth) return false;
  return count(json, '[', count(json, '{', 0)) > jsonDepth;
}

function count(json: string, bracket: string, before: number): number {
  let found = before;
  for (let at = json.indexOf(bracket); at >= 0 && found <= jsonDepth; at = json.indexOf(bracket, at + 1)) found++;
  return found;
}

function endOfString(json: string, start: number): number {
  let i = start + 1;
  for (; i < json.length; i++) {
    const unit = json.charCodeAt(i);
    if (unit === quote) return i;
    if (unit === backslash) i++;
  }
  return i;
}

function nestsDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  for (const member of Array.isArray(value) ? (value as unknown[]) : Object.values(value)) {
    if (nestsDeeper(member, levels - 1)) return true;
  }
  return false;
}
