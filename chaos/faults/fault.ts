/** What can be done to the cluster. */
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
  | 'revoke';

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
