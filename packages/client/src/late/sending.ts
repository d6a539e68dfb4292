// The part for publishes, calls, history and tokens, as the lazy entry loads it. See `states.ts` for `openLazy`.
export { createSending } from '../sending/sending.js';
export { openLazy } from './open-lazy.js';
