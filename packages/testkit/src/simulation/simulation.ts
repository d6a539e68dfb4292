import type { LedgerEntry } from '../checking/ledger.js';
import type { Sabotage } from './sabotage.js';
import { Checker, type Violation } from '../checking/checker.js';
import { Cluster } from './cluster.js';
import { FakeNetwork } from '../network/fake-network.js';
import { Faults } from './faults.js';
import { DocumentLedger } from '../checking/document-ledger.js';
import { Ledger } from '../checking/ledger.js';
import { type Profile, type StoreKind, makeProfile } from './profile.js';
import { PublishLog } from '../checking/publish-log.js';
import { Random } from '../random.js';
import { Rights } from '../checking/rights.js';
import { VirtualClock } from '../virtual-clock.js';
import { DocumentWorkload } from './document-workload.js';
import { Workload } from './workload.js';
import { QuietChannels } from './quiet-channels.js';
import { Pending } from './scene.js';
import { StateLedger } from '../checking/state-ledger.js';
import type { World } from './world.js';
import { checkSettled, isSettled } from './settled.js';
import { closeAll } from './close-all.js';

export interface SimulationOptions {
  readonly seed: number;
  /** Bugs planted at the ports. */
  readonly sabotage?: Sabotage | undefined;
  readonly store?: StoreKind | undefined;
  /** Gets a line for everything that happens. */
  readonly trace?: string[] | undefined;
}

export interface SimulationResult {
  readonly seed: number;
  readonly profile: Profile;
  readonly violations: readonly Violation[];
  /** Differs between two runs that went differently. */
  readonly hash: number;
  readonly steps: number;
  /** Operations stored. */
  readonly stored: number;
  /** How often a client went from one transport to another. */
  readonly switches: number;
  /** Virtual milliseconds. */
  readonly virtualMs: number;
}

/** The faults are over: within this long everybody must be up to date. */
const settleMs = 60_000;
/** Longest time from the beginning of a drain to the next start. */
const drainMs = 2500;
/** And so must what is published then, even when a connection is being renewed. */
const lastWordMs = 8000;

/** Runs one seed: a storm of work and faults, calm, the end. Stops at the first violation. */
export async function simulate(options: SimulationOptions): Promise<SimulationResult> {
  return new Simulation(options).run();
}

class Simulation {
  readonly #seed: number;
  readonly #world: World;
  readonly #quiet: QuietChannels;
  #stored = 0;
  #answers = false;

  constructor({ seed, sabotage = {}, store, trace }: SimulationOptions) {
    this.#seed = seed;
    const random = new Random(seed);
    const profile = makeProfile(random.stream('profile'), store);
    const clock = new VirtualClock(random.stream('clock'));
    const checker = new Checker(clock, trace);
    const ledger = new Ledger(
      clock,
      (entry) => this.#onAppend(entry),
      (what) => checker.violate('G1', 'store', what),
    );
    checker.trace('seed', () => `${seed} ${JSON.stringify(profile)}`);
    const rights = new Rights(clock);
    const onAnswer = (): void => void (this.#answers = true);
    const states = new StateLedger(clock);
    const documents = new DocumentLedger(checker);
    const ledgers = { ledger, states, documents };
    const cluster = new Cluster({ clock, random, profile, checker, ...ledgers, rights, sabotage, onAnswer });
    const network = new FakeNetwork({
      ...{ clock, latencyMs: profile.latencyMs, jitterMs: profile.jitterMs, bufferBytes: profile.bufferBytes },
      random: random.stream('network'),
      listeners: () => cluster.nodes,
      onMisuse: (what) => checker.violate('port', 'network', what),
      tamper: sabotage.frames?.(random.stream('frames')),
      sabotageSink: sabotage.sink,
    });
    const slow = profile.asyncRights || profile.store === 'remote' || profile.store === 'lossy';
    const publishes = new PublishLog(checker, ledger, {
      forgetful: profile.maxProducers < 100,
      inOnePlace: profile.nodes === 1 && !slow,
    });
    const revocationMs = slow ? 3000 : 0;
    this.#world = {
      ...{
        clock,
        random,
        profile,
        checker,
        ...ledgers,
        publishes,
        rights,
        network,
        cluster,
        sabotage,
        revocationMs,
        onAnswer,
      },
      pending: new Pending(),
      clients: [],
    };
    this.#quiet = new QuietChannels(this.#world);
  }

  async run(): Promise<SimulationResult> {
    const { clock, profile, checker, publishes } = this.#world;
    const workload = new Workload(this.#world);
    const writers = new DocumentWorkload(this.#world);
    const faults = new Faults(this.#world);
    workload.start();
    writers.start();
    faults.start();
    await this.#until(profile.stormMs);
    checker.trace('world', () => 'the faults are over');
    workload.stop();
    writers.stop();
    faults.heal();
    workload.settle();
    // Nodes that were draining when the faults ended are restarted first.
    await this.#until(clock.time + drainMs);
    const end = clock.time + settleMs;
    const fine = (): boolean => checker.violations.length === 0;
    while (fine() && clock.time < end && !isSettled(this.#world, true)) await this.#until(clock.time + 1000);
    if (fine()) checkSettled(this.#world, false);
    if (fine()) {
      workload.publishLast();
      const last = clock.time + lastWordMs;
      await this.#until(clock.time + 1500);
      while (fine() && clock.time < last && !isSettled(this.#world, true)) await this.#until(clock.time + 500);
    }
    if (fine()) checkSettled(this.#world, true);
    if (fine()) {
      await closeAll(this.#world, (forMs) => this.#until(clock.time + forMs));
      publishes.check(profile.store === 'shared' || profile.store === 'dying');
    }
    const { steps, hash, time: virtualMs } = clock;
    const { violations, switches } = checker;
    return { seed: this.#seed, profile, violations, hash, steps, stored: this.#stored, switches, virtualMs };
  }

  /** Runs until `time`, or until something is wrong. */
  async #until(time: number): Promise<void> {
    const { clock, checker } = this.#world;
    while (checker.violations.length === 0 && clock.step(time)) {
      if (!this.#answers && !this.#world.cluster.draining) continue;
      this.#answers = false;
      await allPromises();
    }
    if (checker.violations.length === 0) clock.time = time;
    await allPromises();
  }

  #onAppend(entry: LedgerEntry): void {
    this.#stored++;
    this.#world.clock.note(entry.offset);
    this.#quiet.onAppend(entry);
  }
}

/** Until nobody who waits for a promise could go on. */
function allPromises(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
