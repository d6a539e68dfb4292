/**
 * Every condition that crosses the wire or reaches an application as an error: one table for
 * both ends and for the documentation (SPEC.md, ERR-1).
 */

/** The action that the receiver of a code should take. */
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

const entry =
  (advice: Advice) =>
  (close: number): CodeEntry => ({ close, advice });
const retry = entry('retry');
const fix = entry('fix');
const giveUp = entry('give-up');

const table = {
  'bad-frame': fix(4400),
  unauthenticated: entry('reauthenticate')(4401),
  forbidden: giveUp(4403),
  'unknown-channel': fix(4404),
  'unknown-method': fix(4405),
  'unsupported-version': giveUp(4406),
  timeout: retry(4408),
  superseded: giveUp(4409),
  'too-old': giveUp(4410),
  'out-of-order': retry(4411),
  'epoch-changed': fix(4412),
  'too-large': fix(4413),
  'invalid-data': fix(4422),
  'rate-limited': retry(4429),
  'too-many': fix(4430),
  disconnected: giveUp(4440),
  internal: retry(4500),
  unavailable: retry(4503),
  'going-away': retry(4504),
  'outbox-full': retry(4450),
  closed: giveUp(4451),
  'connection-lost': retry(4452),
  trimmed: fix(4414),
  conflict: fix(4415),
  'wrong-mode': fix(4416),
} as const satisfies Record<string, CodeEntry>;

/** The name of a condition, as it stands in `error` frames and in {@link LongwaveError.code}. */
export type Code = keyof typeof table;

export const codes: Readonly<Record<Code, CodeEntry>> = table;

/** Whether `value` names a known condition. */
export function isCode(value: string): value is Code {
  return Object.hasOwn(table, value);
}

/** Returns the code that a WebSocket close code stands for, or undefined when it is none of ours. */
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

/** The failure that an acknowledged operation survives (G4). */
export type Durability = 'memory' | 'disk' | 'replicated';

export const durabilities: readonly Durability[] = ['memory', 'disk', 'replicated'];
