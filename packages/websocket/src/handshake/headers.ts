import { isToken } from './extension-header.js';
import { WebSocketError } from '../websocket-error.js';

/**
 * Header fields with lower-case names, as Node's `IncomingMessage.headers` has them: a repeated field is either an array
 * or joined with commas. Anything may be absent or hostile.
 */
export type HeaderFields = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The field's value, repeated ones joined with commas (RFC 9110 §5.3). */
export function fieldValue(headers: HeaderFields, name: string): string | undefined {
  if (!Object.hasOwn(headers, name)) return undefined;
  const value = headers[name];
  const text = typeof value === 'string' || value === undefined ? value : value.join(', ');
  return text?.trim();
}

/** Whether a list such as `keep-alive, Upgrade` holds `token`, in any case. */
export function listHolds(value: string | undefined, token: string): boolean {
  if (value === undefined) return false;
  const list = value.toLowerCase();
  return list === token || list.split(',').some((item) => item.trim() === token);
}

/** The elements of a Sec-WebSocket-Protocol list: unique tokens (RFC 6455 §4.1, item 10). Undefined: it is not one. */
export function parseProtocols(value: string): readonly string[] | undefined {
  if (isToken(value)) return [value];
  const names = value.split(',').map((item) => item.trim());
  return names.every(isToken) && new Set(names).size === names.length ? names : undefined;
}

const RESERVED = /^(?:host|upgrade|connection|content-length|transfer-encoding|sec-websocket-.*)$/i;

/** Header lines that a host adds. Throws `bad-option` also for the fields that the handshake itself decides on. */
export function formatExtraFields(fields: Readonly<Record<string, string>> | undefined): string {
  if (fields === undefined) return '';
  const reserved = Object.keys(fields).find((name) => RESERVED.test(name));
  if (reserved === undefined) return formatFields(fields);
  throw new WebSocketError('bad-option', `the header ${reserved} is the handshake's own`);
}

/** Header lines for a head that this end writes. Throws `bad-option` for what would split or break the head. */
export function formatFields(fields: Readonly<Record<string, string>>): string {
  let lines = '';
  for (const [name, value] of Object.entries(fields)) {
    if (!isToken(name) || /[^\t\x20-\x7e\x80-\xff]/.test(value)) {
      throw new WebSocketError('bad-option', `not a valid header field: ${JSON.stringify(`${name}: ${value}`)}`);
    }
    lines += `${name}: ${value}\r\n`;
  }
  return lines;
}
