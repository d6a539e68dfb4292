import type { CancelTimer, Wire } from '../ports.js';
import type { CompiledView } from './compiled-view.js';
import { Lane } from '../lane.js';

/** How long a view is followed that nobody has: who polls comes again, and what it has is known then. */
export const lingerMs = 10_000;

/** The subscribers at the head that share a wire and a view: they get the same bytes (VIEW-3). */
export class ViewLane extends Lane {
  readonly view: CompiledView;
  /** The offset that all of them were told last. What lies between it and `position` was nothing to them. */
  told: number;
  /** Of a view that filters: the entries that one of them may have. */
  readonly inside = new Set<string>();
  /** Of a view that counts: what was told last. */
  count: string | undefined;
  /** Not to be written to before (VIEW-4). */
  dueAt: number;
  timer: CancelTimer | undefined;
  #leftAt: number | undefined;

  constructor(wire: Wire, position: number, view: CompiledView, dueAt: number) {
    super(wire, position);
    this.view = view;
    this.told = position;
    this.dueAt = dueAt;
  }

  /** Nobody has been here for a while. */
  isLeft(now: number): boolean {
    if (this.subscriptions.length > 0) this.#leftAt = undefined;
    else this.#leftAt ??= now;
    // What need not be known to go on is not followed.
    const { filters, count } = this.view;
    return this.#leftAt !== undefined && ((!filters && !count) || Math.abs(now - this.#leftAt) > lingerMs);
  }

  end(): void {
    this.timer?.();
    this.timer = undefined;
  }
}
