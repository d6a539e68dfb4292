type Members = Record<string, unknown>;

/**
 * The JSON Merge Patch (RFC 7396) that does what `first` and then `second` do, or undefined where none does: one cannot say
 * that an object takes the place of another.
 */
export function composePatches(first: unknown, second: unknown): unknown {
  if (!isObject(first) || !isObject(second)) return undefined;
  const composed: Members = { ...first };
  for (const [name, later] of Object.entries(second)) {
    if (name === '__proto__') return undefined;
    if (!Object.hasOwn(first, name) || !isObject(later)) {
      composed[name] = later;
      continue;
    }
    // Where the first put a scalar or removed a member, the second begins a new object there.
    const inner = composePatches(first[name], later);
    if (inner === undefined) return undefined;
    composed[name] = inner;
  }
  return composed;
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
