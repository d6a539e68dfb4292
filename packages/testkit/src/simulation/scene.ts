import type { Checker } from '../checking/checker.js';
import type { Cluster } from './cluster.js';
import type { FakeNetwork } from '../network/fake-network.js';
import type { DocumentLedger } from '../checking/document-ledger.js';
import type { Ledger } from '../checking/ledger.js';
import type { Profile } from './profile.js';
import type { PublishLog } from '../checking/publish-log.js';
import type { Random } from '../random.js';
import type { Rights } from '../checking/rights.js';
import type { Sabotage } from './sabotage.js';
import type { StateLedger } from '../checking/state-ledger.js';
import type { VirtualClock } from '../virtual-clock.js';

/** Requests that are still to be answered. */
export class Pending {
  count = 0;

  begin(): void {
    this.count++;
  }

  end(): void {
    this.count--;
  }
}

/** Everything that there is in one run, but for the clients. */
export interface Scene {
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly profile: Profile;
  readonly checker: Checker;
  readonly ledger: Ledger;
  readonly states: StateLedger;
  readonly documents: DocumentLedger;
  readonly publishes: PublishLog;
  readonly rights: Rights;
  readonly network: FakeNetwork;
  readonly cluster: Cluster;
  readonly sabotage: Sabotage;
  readonly pending: Pending;
  /** See `MonitorOptions`. */
  readonly revocationMs: number;
  /** A promise was settled or asked for: let those who wait go on before the next event. */
  readonly onAnswer: () => void;
}
