/** Counters of a node since it started. Counters only rise. */
export interface Stats {
  /** Open connections. */
  connections: number;
  /** Connections accepted since the start. */
  accepted: number;
  subscriptions: number;
  /** Watched channels. */
  channels: number;
  framesReceived: number;
  published: number;
  duplicates: number;
  /** Operations times the subscribers they were written to. */
  delivered: number;
  resets: number;
  errors: number;
}

export function createStats(): Stats {
  return {
    connections: 0,
    accepted: 0,
    subscriptions: 0,
    channels: 0,
    framesReceived: 0,
    published: 0,
    duplicates: 0,
    delivered: 0,
    resets: 0,
    errors: 0,
  };
}
