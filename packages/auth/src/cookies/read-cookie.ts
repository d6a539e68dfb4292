/**
 * Returns the value of a cookie in the header of a request (RFC 6265 §4.2.1, §5.4), undefined where it is absent. A value in quotes
 * is what stands between them; nothing else is decoded. Where several cookies have the name, the first counts, as
 * with other servers: it has the longest path.
 */
export function readCookie(header: string | readonly string[] | undefined, name: string): string | undefined {
  if (header === undefined) return undefined;
  // Over HTTP/2 each may come in a field of its own (RFC 9113 §8.2.3).
  const text = typeof header === 'string' ? header : header.join(';');
  for (let at = 0; at < text.length;) {
    const semicolon = text.indexOf(';', at);
    const end = semicolon === -1 ? text.length : semicolon;
    const pair = text.slice(at, end);
    const equals = pair.indexOf('=');
    if (equals !== -1 && trim(pair.slice(0, equals)) === name) return unquote(trim(pair.slice(equals + 1)));
    at = end + 1;
  }
  return undefined;
}

/** Whether a cookie may have this name: a token of RFC 9110 §5.6.2. */
export function isCookieName(name: unknown): name is string {
  return typeof name === 'string' && /^[\w!#$%&'*+.^`|~-]{1,256}$/.test(name);
}

/** Takes away blanks and tabs alone, which `String.trim` does not. */
function trim(text: string): string {
  let [from, to] = [0, text.length];
  while (from < to && isBlank(text.charCodeAt(from))) from++;
  while (to > from && isBlank(text.charCodeAt(to - 1))) to--;
  return text.slice(from, to);
}

function isBlank(unit: number): boolean {
  return unit === 0x20 || unit === 0x09;
}

function unquote(value: string): string {
  return value.length > 1 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value;
}
