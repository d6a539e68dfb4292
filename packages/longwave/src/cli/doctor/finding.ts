/** `note`: worth knowing, and nothing is wrong. `warn`: it works, and not as well as it could. `fail`: something does not work. */
export type Verdict = 'ok' | 'note' | 'warn' | 'fail';

/** The subject of a check. */
type Area = 'dns' | 'tcp' | 'tls' | 'http' | 'headers' | 'websocket' | 'origin' | 'stream' | 'poll' | 'send' | 'idle';

export interface Finding {
  readonly area: Area;
  readonly verdict: Verdict;
  /** The observation, in one line. */
  readonly saw: string;
  /** Its consequence. */
  readonly means?: string;
  /** Changes that an operator can make. */
  readonly change?: readonly string[];
  /** The figures that it is based on, for machines. */
  readonly data?: Readonly<Record<string, unknown>>;
}

/** The three ways to a server (HTTP-1): over each of them a client gets and does everything. */
export interface Transports {
  readonly websocket: boolean;
  readonly stream: boolean;
  readonly poll: boolean;
}
