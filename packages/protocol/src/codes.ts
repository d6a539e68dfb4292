/**
 * Every condition that crosses the wire or reaches an application as an error: one table for
 * both ends and for the documentation (SPEC.md, ERR-1).
 */

/** What the receiver of a code should do about it. */
export type Advice =
  /** The same request may succeed later; `retryAfterMs` says when, if present. */
  | 'retry'
  /** Get a new token, then connect or refresh again. */
  | 'reauthenticate'
  /** The request is wrong and stays wrong: change it. */
  | 'fix'
  /** Stop: repeating the request cannot help. */
  | 'give-up';

interface CodeEntry {
  /** The WebSocket close code (RFC 6455 §7.4.2, private range) when the condition ends a connection. */
  readonly close: number;
  readonly advice: Advice;
  readonly message: string;
}

const table = {
  'bad-frame': { close: 4400, advice: 'fix', message: 'The frame is malformed or of an unknown type.' },
  unauthenticated: { close: 4401, advice: 'reauthenticate', message: 'The token is missing, invalid or expired.' },
  forbidden: { close: 4403, advice: 'give-up', message: 'The identity has no right to do this.' },
  'unknown-channel': { close: 4404, advice: 'fix', message: 'No channel definition matches this name.' },
  'unknown-method': { close: 4405, advice: 'fix', message: 'No handler is registered for this method.' },
  'unsupported-version': { close: 4406, advice: 'give-up', message: 'The protocol version is not supported.' },
  timeout: { close: 4408, advice: 'retry', message: 'The time limit passed.' },
  superseded: { close: 4409, advice: 'give-up', message: 'A newer connection of the same client took over.' },
  'too-old': {
    close: 4410,
    advice: 'give-up',
    message: 'The retried publish is too old to tell whether it was stored.',
  },
  'epoch-changed': {
    close: 4412,
    advice: 'fix',
    message: 'The log was replaced: positions of the old epoch have no meaning.',
  },
  'too-large': { close: 4413, advice: 'fix', message: 'The message exceeds the size limit.' },
  'invalid-data': { close: 4422, advice: 'fix', message: 'The data does not match the schema.' },
  'rate-limited': { close: 4429, advice: 'retry', message: 'Too many requests.' },
  'too-many': { close: 4430, advice: 'fix', message: 'A count limit of the connection is reached.' },
  disconnected: { close: 4440, advice: 'give-up', message: 'The server ended the connection on purpose.' },
  internal: { close: 4500, advice: 'retry', message: 'The server failed to handle the request.' },
  unavailable: { close: 4503, advice: 'retry', message: 'The service cannot handle the request now.' },
  'going-away': { close: 4504, advice: 'retry', message: 'The node is draining: connect again.' },
  'outbox-full': { close: 4450, advice: 'retry', message: 'Too much is waiting to be sent.' },
  closed: { close: 4451, advice: 'give-up', message: 'The client was closed.' },
  'connection-lost': { close: 4452, advice: 'retry', message: 'The connection ended before the reply came.' },
} as const satisfies Record<string, CodeEntry>;

/** The name of a condition, as it stands in `error` frames and in {@link LongwaveError.code}. */
export type Code = keyof typeof table;

export const codes: Readonly<Record<Code, CodeEntry>> = table;

/** Whether `value` names a known condition. */
export function isCode(value: string): value is Code {
  return Object.hasOwn(table, value);
}

/** The condition behind a WebSocket close code, or undefined when the code is none of ours. */
export function codeOfClose(close: number): Code | undefined {
  for (const name of Object.keys(table) as Code[]) if (table[name].close === close) return name;
  return undefined;
}

/**
 * Why continuity of a subscription could not be proven (G3).
 *
 * - `trimmed`: operations after the position are no longer retained.
 * - `epoch-changed`: the log is another one than the position speaks of.
 * - `truncated`: the log ends before the position: its tail was lost.
 * - `revoked`: the right to read was withdrawn; the subscription has ended.
 */
export type ResetReason = 'trimmed' | 'epoch-changed' | 'truncated' | 'revoked';

export const resetReasons: readonly ResetReason[] = ['trimmed', 'epoch-changed', 'truncated', 'revoked'];

/** What an acknowledged operation survives (G4). */
export type Durability = 'memory' | 'disk' | 'replicated';

export const durabilities: readonly Durability[] = ['memory', 'disk', 'replicated'];
