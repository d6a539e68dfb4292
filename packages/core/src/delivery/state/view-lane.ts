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
  /** The offset that all of them were told last. What lies between it and `position` was nothing to them. */
  told: number;
  /** Of a view that filters: changes up to here were looked at. */
  lookedAt: number;
  /** Of a view that filters: what came, changed or went between `position` and `lookedAt`. */
  readonly pending = new Set<string>();
  /** Of a view with a border: places of what lies along it and nobody here has. */
  lacks: Places | undefined;
  /** Of a view that counts: what was told last. */
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

  /** What changed is looked at as it comes, however seldom it is told. */
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
    // What need not be known to go on is not followed.
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
