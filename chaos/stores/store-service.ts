import type { Durability } from '@longwave/protocol';
import type { ActOutcome, OperatorAct } from '../faults/fault.js';
import type { StoreRules } from '../checker/judge.js';
import type { StoreChoice } from './open-store.js';

/** Faults that a store can suffer, besides those of the links to it. */
interface StoreFaults {
  /** Kill -9 and start it again after this long, on what it has written. */
  kill?(downMs: number): Promise<void>;
  /** SIGSTOP for so long. */
  freeze?(forMs: number): Promise<void>;
  /** A replica that has heard nothing for a while takes over, as `port` says from `onPromoted` on; the former master follows it. */
  failOver?(staleMs: number, onPromoted: () => void): Promise<void>;
  /** Nothing more can be written for so long. */
  fillDisk?(forMs: number): Promise<void>;
  /**
   * Acts of an operator on the store while it is in use. `restartNodes` ends all nodes, does `meanwhile`, and starts
   * them.
   */
  readonly acts?: Partial<Record<OperatorAct, (act: ActFacts) => Promise<ActOutcome | void>>>;
}

interface ActFacts {
  readonly durationMs: number;
  readonly amount: number;
  restartNodes(meanwhile: () => Promise<void> | void): Promise<void>;
  /** Resolves when all nodes say that they are ready, or all that they are not. Rejects when they do not within 10 s. */
  nodesBecome(ready: boolean): Promise<void>;
}

/** A store as the harness runs it: its processes, what can happen to it, and what it may do then. */
export interface StoreService {
  readonly name: string;
  readonly rules: Pick<StoreRules, 'forgets' | 'losesTail'>;
  /** Levels that an ack may name. */
  readonly levels: readonly Durability[];
  readonly maxNodes: number;
  readonly faults: StoreFaults;
  /** Where there is a process to connect to. */
  readonly port: number | undefined;
  /** The store's configuration for a node, which reaches the store over the link at `port`, if there is one. */
  choice(port: number | undefined): StoreChoice;
  /** Says what is wrong with its files. No node may have them open. */
  findDamage?(): readonly string[];
  stop(): Promise<void>;
}
