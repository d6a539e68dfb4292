import { Renewals, type RenewalEvents } from './renewals.js';
import { type Candidate, Upgrade } from './upgrade.js';
import type { TransportFallback } from './transport-fallback.js';
import type { Backoff } from './backoff.js';
import type { FrameSender } from './frame-sender.js';
import type { Settings } from '../base/options.js';
import type { Ports } from '../base/ports.js';

export interface LinkExchangeParts extends RenewalEvents {
  readonly ports: Ports;
  readonly settings: Settings;
  readonly backoff: Backoff;
  readonly sender: FrameSender;
  readonly fallback: TransportFallback;
  /** A link was let in, to take over. */
  adopt(candidate: Candidate): void;
  /** A link that was about to take over came to nothing. */
  onGivenUp(): void;
}

/** The part of a connection for links that do not last: those that are made of requests, and those that another takes the place of. */
export interface LinkExchange {
  readonly renewals: Renewals;
  readonly upgrade: Upgrade;
  /** The connection is over. */
  stop(): void;
}

export function createLinkExchange(parts: LinkExchangeParts): LinkExchange {
  const renewals = new Renewals(parts.ports.clock, parts.sender, parts);
  const upgrade = new Upgrade(parts);
  const stop = (): void => {
    renewals.stop();
    upgrade.stop();
  };
  return { renewals, upgrade, stop };
}
