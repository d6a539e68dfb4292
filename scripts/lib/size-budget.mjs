/** Bytes that the client may have, minified and gzipped: all of it, and what the lazy entry loads at first. CONTRIBUTING.md names them. */
export const budgets = { all: 24 * 1024, first: 21.5 * 1024 };
