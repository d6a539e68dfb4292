/** `note`: worth knowing, and nothing is wrong. `warn`: it works, and not as well as it could. `fail`: something does not work. */
export type Verdict = 'ok' | 'note' | 'warn' | 'fail';

/** What was looked at. */
type Area = 'dns' | 'tcp' | 'tls' | 'http' | 'headers' | 'websocket' | 'origin' | 'stream' | 'poll' | 'send' | 'idle';

export interface Finding {
  readonly area: Area;
  readonly verdict: Verdict;
  /** What was seen, in one line. */
  readonly saw: string;
  /** What follows from it. */
  readonly means?: string;
  /** What an operator can change. */
  readonly change?: readonly string[];
  /** The figures behind it, for machines. */
  readonly data?: Readonly<Record<string, unknown>>;
}

/** The three ways to a server (HTTP-1): over each of them a client gets and does everything. */
export interface Transports {
  readonly websocket: boolean;
  readonly stream: boolean;
  readonly poll: boolean;
}
