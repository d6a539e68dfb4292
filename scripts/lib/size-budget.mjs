/** Bytes that the client may have, minified and gzipped: all of it, and what the lazy entry loads at first. CONTRIBUTING.md names them. */
export const budgets = { all: 23.8 * 1024, first: 21.4 * 1024 };
