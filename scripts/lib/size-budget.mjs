/** Bytes that `connect` with all transports may have, minified and gzipped. CONTRIBUTING.md names it. */
export const sizeBudget = 23.3 * 1024;
