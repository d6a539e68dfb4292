const standardPath = '/longwave';

/**
 * The endpoint of the server at `base`, with an `http` or `https` scheme: at `path` if it is given, else below the path of
 * `base`, unless that names the endpoint itself. The query of `base` stays. Throws `TypeError` on what is no URL.
 */
export function resolveUrl(base: string, path?: string): string {
  const page = typeof location === 'object' ? location.href : undefined;
  const url = new URL(base, page);
  const below = url.pathname.replace(/\/+$/, '');
  const target = new URL(path ?? (below.endsWith(standardPath) ? below : below + standardPath), url);
  target.search ||= url.search;
  return target.href.replace(/^ws/, 'http');
}
