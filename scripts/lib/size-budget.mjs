/** Bytes that the client may have, minified and gzipped: all of it, and what the lazy entry loads at first. CONTRIBUTING.md names them. */
export const budgets = { all: 23.4 * 1024, first: 20.9 * 1024 };
