import type { Code } from './codes.js';

/**
 * Returns the place in the documentation where cause and cure of a code stand. The documentation has no address of its own: without
 * `docs` it is the path in the repository, `docs/errors.md#forbidden`.
 * @param docs - Where the built documentation is served, as an address or a path: `https://example.com/docs` or `/docs`, which
 * gives `/docs/errors#forbidden`.
 */
export function errorPage(code: Code, docs?: string): string {
  return docs === undefined
    ? `docs/errors.md#${code}`
    : `${docs.endsWith('/') ? docs.slice(0, -1) : docs}/errors#${code}`;
}
