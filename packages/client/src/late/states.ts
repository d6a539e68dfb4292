// The part for state and presence, as the lazy entry loads it. It names `openLazy`, which the page has by then: bundlers that cut a module
// out for each set of its importers, as esbuild does, leave all that is loaded at first in one piece, which compresses better.
export { createStates } from '../client/states.js';
export { openLazy } from './open-lazy.js';
