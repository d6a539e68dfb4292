/** Bytes that the client may have, minified and gzipped: all of it, what the lazy entry loads at first, and what rooms add. CONTRIBUTING.md names them. */
export const budgets = { all: 24.75 * 1024, first: 17.2 * 1024, rooms: 8.25 * 1024 };
