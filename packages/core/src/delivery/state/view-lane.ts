import type { CancelTimer, Wire } from '../../base/ports.js';
import type { CompiledView } from './compiled-view.js';
import type { Places } from './places.js';
import { Lane } from '../lane.js';

/** How long a view is followed that nobody has: who polls comes again, and what it has is known then. */
export const lingerMs = 10_000;

/** Lanes that nobody is in, of one feed. */
export const maxLeft = 256;
/** Keys that a lane remembers while it waits for its rate. */
export const maxPending = 4096;

/** The subscribers at the head that share a wire and a view: they get the same bytes (VIEW-3). */
export class ViewLane extends Lane {
  readonly view: CompiledView;
  /** The offset that all of them were told last. Changes between it and `position` were outside their view. */
  told: number;
  /** For a view that filters: changes up to this offset were looked at. */
  lookedAt: number;
  /** For a view that filters: keys that came, changed or went between `position` and `lookedAt`. */
  readonly pending = new Set<string>();
  /** For a view with a border: places along it that nobody in this lane has. */
  lacks: Places | undefined;
  /** For a view that counts: the count that was told last. */
  count: string | undefined;
  /** Not to be written to before (VIEW-4). */
  dueAt: number;
  timer: CancelTimer | undefined;
  #leftAt: number | undefined;

  constructor(wire: Wire, position: number, view: CompiledView, dueAt: number) {
    super(wire, position);
    this.view = view;
    this.told = this.lookedAt = position;
    this.dueAt = dueAt;
  }

  /** Whether changes are looked at as they come, however seldom the lane is written to. */
  get follows(): boolean {
    return this.view.filters && !this.view.count;
  }

  /** It is to be told more than it remembers: when it may be told, its members read on. */
  get overflowed(): boolean {
    return this.pending.size > maxPending;
  }

  /** Nobody has been here for a while. */
  isLeft(now: number): boolean {
    if (this.subscriptions.length > 0) this.#leftAt = undefined;
    else this.#leftAt ??= now;
    // A view without filter or count can resume without its lane: drop the lane.
    const { filters, count } = this.view;
    return this.#leftAt !== undefined && ((!filters && !count) || Math.abs(now - this.#leftAt) > lingerMs);
  }

  get leftAt(): number | undefined {
    return this.#leftAt;
  }

  end(): void {
    this.timer?.();
    this.timer = undefined;
  }
}
