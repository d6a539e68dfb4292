/** The endpoint at `path` of the server at `base`, with an `http` or `https` scheme. Throws `TypeError` on what is no URL. */
export function resolveUrl(base: string, path: string): string {
  const page = typeof location === 'object' ? location.href : undefined;
  const { href } = new URL(path, new URL(base, page));
  return href.replace(/^ws/, 'http');
}
