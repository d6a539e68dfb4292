type Json = string | number | boolean | { readonly [name: string]: Json };
type Fields = { readonly [name: string]: Json };

/**
 * The JSON Merge Patch (RFC 7396) that makes `after` of `before`, or undefined when they are equal. For objects of the same
 * members whose values are neither lists nor null.
 */
export function patchBetween(before: Fields, after: Fields): Fields | undefined {
  const changes: [string, Json][] = [];
  for (const [name, value] of Object.entries(after)) {
    const old = before[name];
    if (old === value) continue;
    if (typeof value !== 'object') changes.push([name, value]);
    else {
      const inner = typeof old === 'object' ? patchBetween(old, value) : value;
      if (inner !== undefined) changes.push([name, inner]);
    }
  }
  return changes.length === 0 ? undefined : Object.fromEntries(changes);
}
