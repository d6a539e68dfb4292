/** A value in a message for people: short, and never the text itself where that may be a secret. */
export function describeValue(value: unknown, { secret = false } = {}): string {
  if (typeof value === 'string') {
    if (secret) return 'a text';
    return value.length > 60 ? `a text of ${value.length} characters` : `'${value}'`;
  }
  if (typeof value === 'function' || typeof value === 'symbol') return `a ${typeof value}`;
  if (typeof value === 'object') return describeObject(value);
  return typeof value === 'bigint' ? `${value}n` : `${value as number | boolean | undefined}`;
}

function describeObject(value: object | null): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (value instanceof Promise) return 'a promise';
  if (isPlainObject(value)) return 'an object';
  const { name } = (value.constructor ?? {}) as { readonly name?: unknown };
  return typeof name === 'string' && name !== '' ? `an instance of ${name}` : 'an object';
}

/** Made by `{}`, `Object.create(null)` or `JSON.parse`, in whichever realm: no array, no instance of a class. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
