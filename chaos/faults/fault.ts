import type { Consequence } from '../checker/excuses.js';

/** Faults that can be inflicted on the cluster. */
export type FaultKind =
  | 'kill-node'
  | 'freeze-node'
  | 'clock-jump'
  | 'partition-clients'
  | 'one-way'
  | 'cut-clients'
  | 'half-open'
  | 'slow-clients'
  | 'sliced-clients'
  | 'balancer-restart'
  | 'partition-store'
  | 'cut-store'
  | 'slow-store'
  | 'sliced-store'
  | 'kill-store'
  | 'freeze-store'
  | 'fail-over'
  | 'disk-full'
  | 'rolling-restart'
  | 'revoke'
  | OperatorAct;

/** Acts of people on a store, by hand. */
export type OperatorAct =
  | 'delete-channel'
  | 'delete-stream'
  | 'purge-stream'
  | 'edit-settings'
  | 'remove-folder'
  | 'restore-backup'
  | 'same-pid'
  | 'freeze-master';

/** Nothing may come of some, and of none a gap, a wrong level of durability or a loss that nobody was told of. */
export const consequences: Readonly<Record<OperatorAct, Consequence | undefined>> = {
  'delete-channel': 'forgets',
  'delete-stream': 'forgets',
  'purge-stream': 'forgets',
  'edit-settings': undefined,
  'remove-folder': 'forgets',
  'restore-backup': 'losesTail',
  'same-pid': undefined,
  'freeze-master': undefined,
};

export const operatorActs = Object.keys(consequences) as OperatorAct[];

export function isOperatorAct(kind: FaultKind): kind is OperatorAct {
  return Object.hasOwn(consequences, kind);
}

/** The target of an act. */
export interface ActOutcome {
  /** Channels. Default: all. */
  touches?(channel: string): boolean;
  /** Nothing may be acknowledged in this time. */
  readonly silence?: { readonly from: number; readonly to: number };
}

export interface PlannedFault {
  readonly kind: FaultKind;
  /** `node 0`, `store`, `store link 0`, `clients 0`, `balancer`. */
  readonly target: string;
  readonly node: number;
  /** Milliseconds after the start of the run. */
  readonly atMs: number;
  readonly durationMs: number;
  /** A number for whatever the kind needs one: latency, size of a slice, how far a clock jumps. */
  readonly amount: number;
}

/** As it happened; times of the shared clock. */
export interface InflictedFault extends Omit<PlannedFault, 'atMs' | 'durationMs'> {
  readonly from: number;
  readonly to: number;
  readonly note?: string;
}
