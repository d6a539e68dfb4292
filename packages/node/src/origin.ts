import type { IncomingHttpHeaders } from 'node:http';

/** Origins that may connect, such as `https://example.com`; `'*'` lets all in. Default: the server's own. */
export type AllowedOrigins = readonly string[] | '*';

/**
 * Whether a browser may connect from the page it shows (RFC 6454, RFC 6455 §10.2). A request without an Origin comes from no
 * browser and passes; an opaque origin (`null`) never does. Same origin is decided by host and port: behind a proxy that ends
 * TLS the scheme is not known here.
 */
export function isOriginAllowed(headers: IncomingHttpHeaders, allowed: AllowedOrigins | undefined): boolean {
  const { origin, host } = headers;
  if (origin === undefined || allowed === '*') return true;
  let url: URL;
  try {
    url = new URL(origin);
  } catch {
    return false;
  }
  return allowed ? allowed.includes(url.origin) : url.host === host;
}
