/** A route that is answered, for a list of them. */
export interface Route {
  readonly method: string;
  /** With its parameters as `:name`. */
  readonly path: string;
}

/** The target of a request as it was written: neither decoded nor resolved. */
export interface Target {
  readonly path: string;
  readonly query: string;
}

/** Reads a request target in origin form, or in absolute form, which servers must take too (RFC 9112 §3.2.2). */
export function targetOf({ url = '/' }: { readonly url?: string | undefined }): Target {
  const own = url.startsWith('/') ? url : url.replace(/^https?:\/\/[^/?#]*/i, '').replace(/^(?=\?|$)/, '/');
  const mark = own.indexOf('?');
  return mark < 0 ? { path: own, query: '' } : { path: own.slice(0, mark), query: own.slice(mark + 1) };
}

/**
 * The path of an endpoint as it is compared: a missing slash in front of it is added, one at its end taken away. `/` is
 * ''. Throws `TypeError` on what is no text, `RangeError` on what no request could ask for; both name `option`.
 */
export function normalizePath(path: unknown, option: string): string {
  if (typeof path !== 'string')
    throw new TypeError(`${option} must be a text such as '/longwave', not ${typeof path}.`);
  const clean = path.replace(/\/+$/, '').replace(/^\/*(?=.)/, '/');
  if (/^(?:\/[\w.~!$&'()*+,;=:@%-]+)*$/.test(clean) && isPlainPath(clean)) return clean;
  throw new RangeError(
    `${option}: no request can ask for '${path}'. It is a path such as '/longwave', without a query.`,
  );
}

/** A segment `.` or `..`, however it is written, for whoever resolves paths by the URL standard: to it `\` is `/`. */
const dots = /(?:^|[/\\])(?:\.|%2e){1,2}(?=[/\\]|$)/i;

/**
 * Whether a path leads to one place as it is written. Anything else could be let through by a proxy for what it looks
 * like, and be served for what it resolves to.
 */
export function isPlainPath(path: string): boolean {
  return !dots.test(path) && !/[#\p{Cc}]/u.test(path);
}
