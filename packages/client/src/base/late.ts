import type { Duration, LongwaveError } from '@longwave/protocol';

/** Limits of a request. */
export interface Limits {
  readonly timeout?: Duration;
  readonly signal?: AbortSignal;
}

/** A part of the client that is at hand, or is loaded when it is first used. */
export interface Late<Part> {
  /** Undefined until it is loaded. */
  readonly part: Part | undefined;
  /**
   * Runs `run` with the part: at once where it is at hand, else when it is loaded, in the order of the calls. `drop` runs instead where
   * the client ends first.
   */
  use(run: (part: Part) => void, drop?: (error: LongwaveError) => void): void;
  /** As `use`, for a promise of the part. The limits in `options` hold while it is being loaded, and `act` gets those that are left. */
  ask<T>(options: Limits, act: (part: Part, options: Limits) => Promise<T>): Promise<T>;
  /** The client has ended: what is asked from now on is rejected with `error`. */
  end(error: LongwaveError): void;
}

/** A part that is there from the start. */
export function atHand<Part>(part: Part): Late<Part> {
  let ended: LongwaveError | undefined;
  return {
    part,
    use: (run) => run(part),
    ask: (options, act) => (ended ? Promise.reject(ended) : act(part, options)),
    end: (error) => void (ended = error),
  };
}
