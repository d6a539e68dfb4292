/** A member of a channel: one client of a user (PRES-1). */
export interface Member<Data> {
  /** The data that the member gave to `enter`. */
  readonly data: Data;
  /** True when the member is there but does not look, as with a hidden tab. */
  readonly away: boolean;
}
