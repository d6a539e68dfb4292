// An HTTP/1.1 request head, read strictly. This is no HTTP server: a host that has one gives it whatever is refused here.

export interface RequestHead {
  readonly method: 'GET' | 'POST';
  readonly httpVersion: '1.1';
  /** The request target: a path, perhaps with a query. */
  readonly url: string;
  /** Names in lower case, each with its one value. */
  readonly headers: Readonly<Record<string, string>>;
}

const MAX_LENGTH = 8192;
const MAX_FIELDS = 64;
/**
 * Origin form only (RFC 9112 §3.2.1), ASCII only, no folded lines and no space before the colon (§5.1, §5.2); of the names,
 * those in common use, and no tabs, which Node does not take off the end of every field. One pass over the text, no choice in it to
 * go back to.
 */
const HEAD = /^(?:GET|POST) \/[!"$-~]* HTTP\/1\.1(?:\r\n[A-Za-z][0-9A-Za-z-]*:[\x20-\x7e]*)*$/;
/** Names as clients write them, in lower case: to look one up costs less than to make it, and gives each object the same text. */
const USUAL = new Map(
  [
    ...['Host', 'Connection', 'Upgrade', 'Origin', 'Cookie', 'Authorization', 'User-Agent', 'Pragma', 'Cache-Control'],
    ...[
      'Accept',
      'Accept-Encoding',
      'Accept-Language',
      'Content-Type',
      'Content-Length',
      'Referer',
      'Sec-Fetch-Dest',
      'Sec-Fetch-Mode',
      'Sec-Fetch-Site',
    ],
    ...['Sec-WebSocket-Version', 'Sec-WebSocket-Key', 'Sec-WebSocket-Protocol', 'Sec-WebSocket-Extensions'],
    ...['X-Forwarded-For', 'X-Forwarded-Proto', 'X-Forwarded-Host', 'X-Real-IP', 'X-Request-ID', 'Forwarded', 'Via'],
  ].map((name) => [name, name.toLowerCase()]),
);
/** They change how the rest is read, or have a form of their own in Node. */
const UNUSUAL = new Set(['transfer-encoding', 'expect', 'trailer', 'te', 'set-cookie']);

/**
 * Reads `text`, the head of a GET or POST request without its final empty line. Undefined for whatever is not simple and short, or
 * repeats a field, well-formed or not, for a GET with a body, and for a POST without the length of one. It reads the heads that it takes
 * as `node:http` does, but for the value of `Content-Length`, at which it does not look.
 */
export function parseRequestHead(text: string): RequestHead | undefined {
  if (text.length > MAX_LENGTH || !HEAD.test(text)) return undefined;
  let end = text.indexOf('\r\n');
  if (end < 0) end = text.length;
  const method = text.startsWith('GET') ? 'GET' : 'POST';
  const url = text.slice(method.length + 1, end - 9); // between the method and ` HTTP/1.1`
  const headers: Record<string, string> = {};
  for (let fields = 0; end < text.length; fields++) {
    if (fields === MAX_FIELDS) return undefined;
    const start = end + 2;
    const colon = text.indexOf(':', start);
    end = text.indexOf('\r\n', colon);
    if (end < 0) end = text.length;
    const written = text.slice(start, colon);
    let name = USUAL.get(written);
    if (name === undefined) {
      name = written.toLowerCase();
      if (UNUSUAL.has(name)) return undefined;
    }
    // Those that every object has, such as `constructor`, are found too, and left to others.
    if (headers[name] !== undefined) return undefined;
    headers[name] = text.slice(colon + 1, end).trim();
  }
  if ((method === 'POST') !== (headers['content-length'] !== undefined)) return undefined;
  return { method, httpVersion: '1.1', url, headers };
}
