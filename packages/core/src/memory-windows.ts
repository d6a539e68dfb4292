import type { ProducerScope, ProducerWindow, WindowCounts, WindowTable } from './producer-windows.js';

export interface MemoryScope extends ProducerScope {
  readonly windows: Map<string, ProducerWindow>;
  /** The size that it is filed under, 0 for none. */
  placed: number;
}

/** As plain data: windows, the one longest unused first, with whose it is (null: an anonymous client's), id, floor, top, sequences and their offsets. */
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

  snapshot(): WindowSnapshot {
    const windows = [...this.#anonymous.values(), ...this.#ofUsers].map(
      ({ user, id, floor, top, seqs, offsets }) => [user ?? null, id, floor, top, [...seqs], [...offsets]] as const,
    );
    const scopes = this.#bySize.flatMap((same) => Array.from(same, ({ user, floor }) => [user, floor] as const));
    return { ...this.counts, windows, scopes };
  }

  /** Of one that was just made. */
  restore({ windows, scopes, producers, forgottenSeq, anonymousFloor }: WindowSnapshot): void {
    Object.assign(this.counts, { producers, forgottenSeq, anonymousFloor });
    for (const [user, floor] of scopes) this.newScope(user, floor);
    for (const [user, id, floor, top, seqs, offsets] of windows) {
      const window = { user: user ?? undefined, id, floor, top, seqs: [...seqs], offsets: [...offsets], use: 0 };
      const scope = user === null ? undefined : (this.#scopes.get(user) ?? this.newScope(user, forgottenSeq));
      if (scope) scope.size++;
      this.add(window, scope);
      this.use(window);
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
    return scope;
  }

  add(window: ProducerWindow, scope: MemoryScope | undefined): void {
    (scope?.windows ?? this.#anonymous).set(window.id, window);
  }

  remove(window: ProducerWindow, scope: MemoryScope | undefined): void {
    if (this.#last === window) this.#last = undefined;
    (scope?.windows ?? this.#anonymous).delete(window.id);
    this.#ofUsers.delete(window);
  }

  use(window: ProducerWindow): void {
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
}

function firstOf<T>(values: Iterator<T> | undefined): T | undefined {
  const next = values?.next();
  return next?.done ? undefined : next?.value;
}
