import { createSending } from '../sending/sending.js';
import { openLazy } from './open-lazy.js';

/** The part for publishes, calls, history and tokens, as the lazy entry loads it. See `states.ts` for `openLazy`. */
export const late = { createSending, openLazy };
