import type { Published } from './forgotten-channels.js';
import type { Meter } from './meter.js';
import type { ProducerScope, ProducerWindow, WindowCounts, WindowTable } from './producer-windows.js';

export interface MemoryScope extends ProducerScope {
  readonly windows: Map<string, ProducerWindow>;
  /** The size that it is filed under, 0 for none. */
  placed: number;
}

/** Bytes that a window, a user and a sequence take, roughly. */
const windowBytes = 550;
const scopeBytes = 350;
const seqBytes = 16;

/**
 * As plain data: windows, the one longest unused first, with whose it is (null: an anonymous client's), id, floor, top,
 * sequences and their offsets.
 */
export interface WindowSnapshot extends WindowCounts {
  readonly windows: readonly (readonly [string | null, string, number, number, readonly number[], readonly number[]])[];
  /** Users and their floors; those with as many windows in the order in which they came to it. */
  readonly scopes: readonly (readonly [string, number])[];
}

/** Windows in the memory of this process. */
export class MemoryWindows implements WindowTable<MemoryScope> {
  readonly counts: WindowCounts = { producers: 0, forgottenSeq: 0, anonymousFloor: 0 };
  readonly #scopes = new Map<string, MemoryScope>();
  /** In the order of their last use, like the next. */
  readonly #anonymous = new Map<string, ProducerWindow>();
  readonly #ofUsers = new Set<ProducerWindow>();
  /** By size, in the order in which they came to it. */
  readonly #bySize: Set<MemoryScope>[] = [];
  #uses = 0;
  /** Each append looks for its window several times. */
  #last: ProducerWindow | undefined;
  readonly #meter: Meter;
  /** Bytes that all of it takes, roughly. */
  bytes = 0;

  constructor(meter: Meter) {
    this.#meter = meter;
  }

  /** Yields all publishers that it knows anything of: the windows, and the floors of those that were forgotten. */
  *published(): Iterable<Published> {
    const { anonymousFloor, forgottenSeq } = this.counts;
    if (forgottenSeq > 0) yield { of: 'everyone', seq: forgottenSeq };
    if (anonymousFloor > 0) yield { of: 'user', user: undefined, seq: anonymousFloor };
    for (const { user, floor } of this.#scopes.values()) {
      // It may be below what is known of everyone, from whom the user is told apart by this.
      if (floor > 0 || forgottenSeq > 0) yield { of: 'user', user, seq: floor };
    }
    for (const windows of [this.#anonymous.values(), this.#ofUsers]) {
      for (const { user, id, top, floor } of windows) yield { of: 'producer', user, id, seq: Math.max(top, floor) };
    }
  }

  snapshot(): WindowSnapshot {
    const windows = [...this.#anonymous.values(), ...this.#ofUsers].map(
      ({ user, id, floor, top, seqs, offsets }) => [user ?? null, id, floor, top, [...seqs], [...offsets]] as const,
    );
    const scopes = this.#bySize.flatMap((same) => Array.from(same, ({ user, floor }) => [user, floor] as const));
    return { ...this.counts, windows, scopes };
  }

  /** Restores one that was just created. */
  restore({ windows, scopes, producers, forgottenSeq, anonymousFloor }: WindowSnapshot): void {
    Object.assign(this.counts, { producers, forgottenSeq, anonymousFloor });
    for (const [user, floor] of scopes) this.newScope(user, floor);
    for (const [user, id, floor, top, seqs, offsets] of windows) {
      const window = { user: user ?? undefined, id, floor, top, seqs: [...seqs], offsets: [...offsets], use: 0 };
      const scope = user === null ? undefined : (this.#scopes.get(user) ?? this.newScope(user, forgottenSeq));
      if (scope) scope.size++;
      this.add(window, scope);
      this.use(window, 0);
    }
    for (const scope of this.#scopes.values()) this.place(scope);
  }

  window(user: string | undefined, id: string): ProducerWindow | undefined {
    const last = this.#last;
    if (last && last.id === id && last.user === user) return last;
    const windows = user === undefined ? this.#anonymous : this.#scopes.get(user)?.windows;
    return (this.#last = windows?.get(id));
  }

  scope(user: string): MemoryScope | undefined {
    return this.#scopes.get(user);
  }

  newScope(user: string, floor: number): MemoryScope {
    const scope: MemoryScope = { user, size: 0, floor, windows: new Map(), placed: 0 };
    this.#scopes.set(user, scope);
    this.#count(scopeBytes);
    return scope;
  }

  add(window: ProducerWindow, scope: MemoryScope | undefined): void {
    (scope?.windows ?? this.#anonymous).set(window.id, window);
    this.#count(windowBytes + window.seqs.length * seqBytes);
  }

  remove(window: ProducerWindow, scope: MemoryScope | undefined): void {
    if (this.#last === window) this.#last = undefined;
    (scope?.windows ?? this.#anonymous).delete(window.id);
    this.#ofUsers.delete(window);
    this.#count(-windowBytes - window.seqs.length * seqBytes);
  }

  use(window: ProducerWindow, growth: number): void {
    if (growth > 0) this.#count(growth * seqBytes);
    window.use = ++this.#uses;
    if (window.user === undefined) {
      this.#anonymous.delete(window.id);
      this.#anonymous.set(window.id, window);
      return;
    }
    this.#ofUsers.delete(window);
    this.#ofUsers.add(window);
  }

  place(scope: MemoryScope): void {
    if (scope.placed > 0) this.#bySize[scope.placed]!.delete(scope);
    scope.placed = scope.size;
    if (scope.size === 0) {
      this.#scopes.delete(scope.user);
      this.#count(-scopeBytes);
      return;
    }
    while (this.#bySize.length <= scope.size) this.#bySize.push(new Set());
    this.#bySize[scope.size]!.add(scope);
  }

  oldest(): ProducerWindow | undefined {
    return firstOf(this.#anonymous.values()) ?? firstOf(this.#ofUsers.values());
  }

  oldestOf({ windows }: MemoryScope): ProducerWindow | undefined {
    let oldest: ProducerWindow | undefined;
    for (const window of windows.values()) if (!oldest || window.use < oldest.use) oldest = window;
    return oldest;
  }

  heaviest(): MemoryScope | undefined {
    return firstOf(this.#bySize.findLast(({ size }) => size > 0)?.values());
  }

  #count(bytes: number): void {
    this.bytes += bytes;
    this.#meter.bytes += bytes;
  }
}

function firstOf<T>(values: Iterator<T> | undefined): T | undefined {
  const next = values?.next();
  return next?.done ? undefined : next?.value;
}
