/**
 * Origins of pages that may connect, such as `https://example.com` or `capacitor://localhost`. `'*'` lets all pages in,
 * those of other sites without their cookies. Default: the server's own.
 */
export type AllowedOrigins = readonly string[] | '*';

/** The rule for origins of browsers, compiled once. `own`: the page's host is the request's. */
export type OriginRule =
  | { readonly kind: 'own' }
  | { readonly kind: 'any' }
  | { readonly kind: 'listed'; readonly origins: ReadonlySet<string> };

/**
 * Throws `TypeError` on what is neither `'*'` nor a list of texts, `RangeError` on an entry that no browser would ever
 * send; both name `option`.
 */
export function createOriginRule(allowed: AllowedOrigins | undefined, option = 'allowedOrigins'): OriginRule {
  if (allowed === undefined) return { kind: 'own' };
  if (allowed === '*') return { kind: 'any' };
  const given: unknown = allowed;
  if (!Array.isArray(given)) {
    throw new TypeError(`${option} must be '*' or a list such as ['https://example.com'], not ${show(given)}.`);
  }
  return { kind: 'listed', origins: new Set(given.map((entry: unknown) => parseEntry(entry, option))) };
}

function parseEntry(entry: unknown, option: string): string {
  if (typeof entry !== 'string') throw new TypeError(`${option} must hold texts, not ${show(entry)}.`);
  const refuse = (why: string): never => {
    throw new RangeError(`${option}: '${entry}' can never match: ${why}.`);
  };
  if (entry === '*') return refuse("'*' stands alone, without a list");
  if (entry === 'null') return refuse("every file and every sandboxed frame has the origin 'null'. '*' lets them in");
  const url = parse(entry);
  if (!url?.host) return refuse("an origin is a scheme and a host, such as 'https://example.com'");
  if (url.host.includes('*')) return refuse('a list has no wildcards. Name each origin');
  if (/^wss?:$/.test(url.protocol)) return refuse(`pages have the scheme ${url.protocol.replace('ws', 'http')}`);
  if (url.username || url.password || url.search || url.hash || !/^\/?$/.test(url.pathname)) {
    return refuse(`an origin ends behind its host: '${serialise(url)}'`);
  }
  return serialise(url);
}

/**
 * The origin as a browser writes it (RFC 6454 §6.2), undefined where it is opaque. Unlike `URL.origin` it knows schemes
 * of applications, such as `tauri:`.
 */
export function parseOrigin(text: string): { readonly text: string; readonly url: URL } | undefined {
  const url = parse(text);
  return url?.host ? { text: serialise(url), url } : undefined;
}

function parse(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

function serialise({ protocol, host }: URL): string {
  return `${protocol}//${host.toLowerCase()}`;
}

function show(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : value === null ? 'null' : typeof value;
}
