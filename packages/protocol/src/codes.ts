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
}

const table = {
  'bad-frame': { close: 4400, advice: 'fix' },
  unauthenticated: { close: 4401, advice: 'reauthenticate' },
  forbidden: { close: 4403, advice: 'give-up' },
  'unknown-channel': { close: 4404, advice: 'fix' },
  'unknown-method': { close: 4405, advice: 'fix' },
  'unsupported-version': { close: 4406, advice: 'give-up' },
  timeout: { close: 4408, advice: 'retry' },
  superseded: { close: 4409, advice: 'give-up' },
  'too-old': { close: 4410, advice: 'give-up' },
  'out-of-order': { close: 4411, advice: 'retry' },
  'epoch-changed': { close: 4412, advice: 'fix' },
  'too-large': { close: 4413, advice: 'fix' },
  'invalid-data': { close: 4422, advice: 'fix' },
  'rate-limited': { close: 4429, advice: 'retry' },
  'too-many': { close: 4430, advice: 'fix' },
  disconnected: { close: 4440, advice: 'give-up' },
  internal: { close: 4500, advice: 'retry' },
  unavailable: { close: 4503, advice: 'retry' },
  'going-away': { close: 4504, advice: 'retry' },
  'outbox-full': { close: 4450, advice: 'retry' },
  closed: { close: 4451, advice: 'give-up' },
  'connection-lost': { close: 4452, advice: 'retry' },
  trimmed: { close: 4414, advice: 'fix' },
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
