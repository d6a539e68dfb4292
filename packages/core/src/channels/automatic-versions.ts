import type { CancelTimer, Clock } from '../base/ports.js';
import type { Timers } from '../base/timers.js';
import type { VersionRhythm } from './document-format.js';

/** Documents that are watched at once: the one that was written to least recently is let go of. */
const maxWatched = 10_000;
/** Several nodes may find a version due at once: the first to come spares the others the work. */
const spreadMs = 1000;
/** Time between two versions of a document for the number of its updates: a hundred people make 500 of them in a second. */
const restMs = 60_000;

interface Written {
  /** Since this node last tried to make a version. */
  updates: number;
  /** The offset of this node's newest. */
  offset: number;
  at: number;
  /** When it last tried that for the number of updates. */
  triedAt: number;
  cancel: CancelTimer;
}

export interface AutomaticVersionsOptions {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: () => number;
  readonly rhythm: VersionRhythm;
  /** It has rested since the operation with this offset. */
  readonly onRest: (document: string, offset: number) => void;
  /** So many updates were made. */
  readonly onMany: (document: string) => void;
}

/** Tells when a version of a document is due on this node: it rested after an update of ours, or we made many. */
export class AutomaticVersions {
  readonly #options: AutomaticVersionsOptions;
  readonly #written = new Map<string, Written>();

  constructor(options: AutomaticVersionsOptions) {
    this.#options = options;
  }

  wrote(document: string, offset: number): void {
    const { clock, rhythm, timers, random, onMany } = this.#options;
    const written = this.#written.get(document) ?? this.#watch(document);
    written.updates++;
    written.offset = offset;
    written.at = clock.now();
    if (written.updates < rhythm.updates || Math.abs(written.at - written.triedAt) < restMs) return;
    written.updates = 0;
    written.triedAt = written.at;
    timers.after(random() * spreadMs, () => onMany(document));
  }

  #watch(document: string): Written {
    if (this.#written.size >= maxWatched) {
      const [oldest, { cancel }] = this.#written.entries().next().value!;
      cancel();
      this.#written.delete(oldest);
    }
    const { timers, rhythm, clock } = this.#options;
    const cancel = timers.after(rhythm.idleMs, () => this.#look(document));
    const written = { updates: 0, offset: 0, at: clock.now(), triedAt: -Infinity, cancel };
    this.#written.set(document, written);
    return written;
  }

  /** One timer a document, however often it is written to. */
  #look(document: string): void {
    const { timers, rhythm, clock, onRest } = this.#options;
    const written = this.#written.get(document);
    if (!written) return;
    const leftMs = written.at + rhythm.idleMs - clock.now();
    if (leftMs > 0) {
      written.cancel = timers.after(leftMs, () => this.#look(document));
      return;
    }
    this.#written.delete(document);
    onRest(document, written.offset);
  }
}
