/** Milliseconds since 1970 with their fractions, which `Date.now` has not. It never jumps. */
export function serverTime(): number {
  return performance.timeOrigin + performance.now();
}
