import { isToken } from './extension-header.js';

// An HTTP/1.1 response head, read strictly: this is the first thing that a hostile server can send.

export interface ResponseHead {
  readonly status: number;
  /** Names in lower case, each with all its values. */
  readonly fields: ReadonlyMap<string, readonly string[]>;
}

/** Undefined when `text` (the head without its final empty line) is not one. */
export function parseResponseHead(text: string): ResponseHead | undefined {
  const lines = text.split('\r\n');
  const status = /^HTTP\/1\.1 ([1-5][0-9]{2})(?: [\t\x20-\x7e\x80-\xff]*)?$/.exec(lines[0]!)?.[1];
  if (status === undefined) return undefined;
  const fields = new Map<string, string[]>();
  for (const line of lines.slice(1)) {
    const colon = line.indexOf(':');
    // No folded lines and no space before the colon (RFC 9112 §5.1, §5.2); no bare CR or LF, no NUL.
    if (colon < 1 || !isToken(line.slice(0, colon)) || /[^\t\x20-\x7e\x80-\xff]/.test(line)) return undefined;
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    const values = fields.get(name);
    if (values === undefined) fields.set(name, [value]);
    else values.push(value);
  }
  return { status: Number(status), fields };
}
