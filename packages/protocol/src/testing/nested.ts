/** JSON text that nests so many levels deep. */
export function nested(depth: number, shape: 'array' | 'object' = 'array'): string {
  if (shape === 'array') return '['.repeat(depth) + ']'.repeat(depth);
  return '{"a":'.repeat(depth - 1) + '{}' + '}'.repeat(depth - 1);
}
