import { sharedNow } from './messages.js';

const probeMs = 50;
/** Less is no news. */
const toldMs = 200;

/** Tells when the timers of this process were late, and by how much. Returns how to stop. */
export function watchLag(tell: (lagMs: number) => void): () => void {
  let expected = sharedNow() + probeMs;
  const timer = setInterval(() => {
    const now = sharedNow();
    if (now - expected > toldMs) tell(now - expected);
    expected = now + probeMs;
  }, probeMs);
  return () => clearInterval(timer);
}
