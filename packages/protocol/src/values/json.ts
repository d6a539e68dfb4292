import { jsonDepth } from '../limits.js';

/**
 * Throws `TypeError` on what JSON cannot say, and would drop or change without a word: it names the place, as
 * `data.items[3].when`. A `toJSON` counts as the value that it returns, and a property that is `undefined` may be
 * dropped.
 */
export function requireJson(value: unknown, name = 'data'): void {
  const wrong = wrongOf(value, 0);
  if (wrong !== undefined) throw new TypeError(`${name}${wrong}`);
}

/**
 * The path from `value` on and what is wrong there. Texts are made only of what is wrong: every publish comes this way.
 */
function wrongOf(value: unknown, depth: number): string | undefined {
  if (typeof value === 'object') return value === null ? undefined : wrongIn(value, depth);
  if (typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)) return undefined;
  if (typeof value === 'number') return notJson(value);
  return notJson(typeof value === 'bigint' ? `the bigint ${value}` : typeof value);
}

function wrongIn(value: object, depth: number): string | undefined {
  if (depth >= jsonDepth) return ` nests deeper than ${jsonDepth} levels, or contains itself.`;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      const wrong = wrongOf(value[i], depth + 1);
      if (wrong !== undefined) return `[${i}]${wrong}`;
    }
    return undefined;
  }
  const wrong = isPlain(value) ? wrongMember(value, depth + 1) : notJson(`an instance of ${value.constructor?.name}`);
  // Looked for last: few objects have it, and all are asked.
  if (wrong === undefined || !('toJSON' in value && typeof value.toJSON === 'function')) return wrong;
  const said: unknown = value.toJSON('');
  return said === null && Object.prototype.toString.call(value) === '[object Date]'
    ? notJson('Invalid Date')
    : wrongOf(said, depth + 1);
}

function wrongMember(value: object, depth: number): string | undefined {
  for (const name of Object.keys(value)) {
    const member = (value as Readonly<Record<string, unknown>>)[name];
    const wrong = member === undefined ? undefined : wrongOf(member, depth);
    if (wrong !== undefined) return `.${name}${wrong}`;
  }
  return undefined;
}

/** A plain object of another realm has another `Object.prototype`. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null || Object.getPrototypeOf(prototype) === null;
}

function notJson(what: unknown): string {
  return ` is ${String(what)}: JSON cannot say that.`;
}
