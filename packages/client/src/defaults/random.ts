/** At least 0, less than 1. For jitter, not for secrets. */
export function hostRandom(): number {
  return Math.random();
}
