import { LongwaveError } from '@longwave/protocol';
import { type Authority, Engine, type Store } from '@longwave/core';
import type { Checker } from '../checking/checker.js';
import type { Ledger } from '../checking/ledger.js';
import type { Profile } from './profile.js';
import type { Random } from '../random.js';
import type { Rights } from '../checking/rights.js';
import type { Sabotage } from './sabotage.js';
import type { StateLedger } from '../checking/state-ledger.js';
import type { VirtualClock } from '../virtual-clock.js';
import { wordFormat } from '../checking/document-ledger.js';
import type { DocumentLedger } from '../checking/document-ledger.js';
import { Host } from '../checking/host.js';
import { NodeStore } from '../stores/node-store.js';
import { RecordingStore } from '../checking/recording-store.js';
import { RemoteStore, StoreFailure } from '../stores/remote-store.js';
import { SimNode } from './sim-node.js';
import { calls, channels } from './profile.js';

export interface ClusterOptions {
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly profile: Profile;
  readonly checker: Checker;
  readonly ledger: Ledger;
  readonly states: StateLedger;
  readonly documents: DocumentLedger;
  readonly rights: Rights;
  readonly sabotage: Sabotage;
  /** Something asynchronous was settled. */
  readonly onAnswer: () => void;
}

/** Nodes over a store, restarted as often as it takes. */
export class Cluster {
  readonly nodes: readonly SimNode[];
  /** The store's own machine: its clock decides what is old. */
  readonly storeHost: Host;
  /** Nodes that are sending their clients elsewhere: a chain of timers and promises. */
  draining = 0;
  /** False: nothing is made to fail any more. */
  faulty = true;
  readonly #options: ClusterOptions;
  readonly #random: Random;
  #store: RecordingStore;

  constructor(options: ClusterOptions) {
    this.#options = options;
    this.#random = options.random.stream('cluster');
    this.storeHost = new Host('store', options.clock, this.#random.stream('store'));
    this.#store = this.#openStore();
    this.nodes = Array.from({ length: options.profile.nodes }, (_, i) => new SimNode(`node-${i}`));
    for (const node of this.nodes) this.start(node);
  }

  get store(): RecordingStore {
    return this.#store;
  }

  /** Starts a node that is down. A store that died with it is a new one, in a new epoch. */
  start(node: SimNode): void {
    if (node.engine) return;
    const { clock, profile, checker } = this.#options;
    if (profile.store === 'dying' && node.starts > 0) this.#store = this.#openStore();
    const host = new Host(`${node.name}.${node.starts}`, clock, this.#random.stream(`${node.name}.${node.starts}`));
    const store = this.#storeFor(host);
    checker.trace(node.name, () => `starts, epoch ${this.#store.epoch.slice(0, 4)}`);
    node.begin(host, this.#openEngine(host, store), store);
  }

  /** Has one node see to it on all of them, and another one until the store takes it. */
  order(work: (engine: Engine) => Promise<unknown>): void {
    const { clock } = this.#options;
    const again = (): void => void clock.after(300, () => this.order(work));
    const up = this.nodes.filter(({ engine }) => engine);
    if (up.length === 0) return again();
    // One that stands still does it before anything else, when it goes on.
    const running = up.filter(({ host }) => host.running);
    const { host, engine } = this.#random.pick(running.length > 0 ? running : up);
    host.run(() => void work(engine!).catch(again));
  }

  #openStore(): RecordingStore {
    const { ledger, states, documents, sabotage, profile } = this.#options;
    const makeId = sabotage.makeEpoch ?? (() => this.#random.id());
    const { maxProducers } = profile;
    return new RecordingStore({ host: this.storeHost, ledger, states, documents, makeId, maxProducers });
  }

  #storeFor(host: Host): NodeStore | RemoteStore {
    const { profile, random, onAnswer } = this.#options;
    if (profile.store === 'shared' || profile.store === 'dying') return new NodeStore(this.#store, host);
    return new RemoteStore(this.#store, host, random.stream(host.name), {
      announcements: profile.store === 'remote' ? 'reliable' : 'best-effort',
      delayMs: profile.storeDelayMs,
      failureRate: () => (this.faulty ? profile.storeFailures : 0),
      onAnswer,
    });
  }

  #openEngine(host: Host, store: Store): Engine {
    const { profile, sabotage, checker } = this.#options;
    const { heartbeatMs, chunkBytes, tailBytes, framesPerSecond, userFramesPerSecond, connectsPerSecond } = profile;
    const random = this.#random.stream(`${host.name} bugs`);
    const authority = this.#authority(host);
    return new Engine({
      channels,
      calls,
      documents: sabotage.documents ? sabotage.documents(wordFormat, random) : wordFormat,
      store: sabotage.store ? sabotage.store(store, random) : store,
      clock: host.serverClock,
      random: () => this.#random.next(),
      makeId: () => this.#random.id(),
      digest: (text) => `member ${text}`,
      cluster: { label: host.name },
      authority: sabotage.authority ? sabotage.authority(authority) : authority,
      heartbeatMs,
      limits: {
        ...{ chunkBytes, tailBytes, framesPerSecond, userFramesPerSecond },
        addressConnectsPerSecond: connectsPerSecond,
        addressConnectBurst: 3,
      },
      logger: {
        info: () => undefined,
        error: (message, cause) => {
          if (cause instanceof StoreFailure) return;
          checker.violate('internal', host.name, `${message} ${cause instanceof Error ? cause.stack : String(cause)}`);
        },
      },
    });
  }

  /** A token is the user's name and a number that makes it a new one. */
  #authority(host: Host): Authority {
    const { rights, profile, onAnswer } = this.#options;
    const random = this.#random.stream(`${host.name} authority`);
    const later = <T>(work: () => T): T | Promise<T> => {
      if (!profile.asyncRights) return work();
      // Not a timer of the host's: those are all the engine's own, and have to be gone when it is closed.
      const passed = new Promise<void>((resolve) => {
        const settle = (): void => {
          onAnswer();
          resolve();
        };
        host.clock.after(random.between(0, 30), () => host.run(settle));
      });
      return passed.then(work);
    };
    return {
      authenticate: (token) =>
        later(() => {
          if (this.faulty && random.chance(0.03)) throw new LongwaveError('unavailable', 'Planned.');
          const user = token?.split('.')[0];
          const { expiresAfterMs } = profile;
          return { user, expiresAt: expiresAfterMs === undefined ? undefined : host.now() + expiresAfterMs };
        }),
      authorize: ({ user = '', action, channel }) =>
        later(() => {
          if (action === 'publish') return !channel.startsWith('closed/');
          const { view } = rights.imposed(user, channel);
          return rights.allows(user, channel) && (view ? { view } : true);
        }),
    };
  }
}
