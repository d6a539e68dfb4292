import { checked } from '../base/check.js';

const standardPath = '/longwave';

/**
 * The endpoint of the server at `base`, with an `http` or `https` scheme: at `path` if it is given, else below the path of
 * `base`, unless that names the endpoint itself. The query of `base` stays. Throws `TypeError` on what is no URL, and on one of another
 * scheme, such as `localhost:8080`.
 */
export function resolveUrl(base: string, path = ''): string {
  try {
    // Only a page has a place of its own.
    const url = new URL(base, globalThis.location?.href);
    const below = url.pathname.replace(/\/+$/, '');
    const target = new URL(path || (below.endsWith(standardPath) ? below : below + standardPath), url);
    target.search ||= url.search;
    const href = target.href.replace(/^ws/, 'http');
    if (/^https?:/.test(href)) return href;
  } catch {
    // It is no URL at all.
  }
  return checked('url', base + path, () => 'an http or ws URL');
}
