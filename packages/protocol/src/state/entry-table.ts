import { type ReceivedOperation, isRemoval } from '../codec/operation.js';
import { mergePatch } from '../views/merge-patch.js';
import type { Entry, Removal } from './entry.js';

/** The changes that one update made to the entries. */
export interface Update {
  readonly added: string[];
  readonly updated: string[];
  readonly removed: Removal[];
}

/** That the operations beside it are all there is (STATE-3). */
export interface Replacement {
  /** Entries that stay as they are. */
  readonly keep: ReadonlySet<string>;
  /** The entries present belong to another state: their versions say nothing about those that come. */
  readonly anew: boolean;
  /** An operation of the same version and time is the one that we know. */
  readonly sameLog: boolean;
  /** Why an entry is gone that it does not name. */
  readonly whyGone: (key: string) => Removal['why'];
}

/** The entries of a view, as operations make them. Each of them has its `version` (STATE-5). */
export class EntryTable {
  /** Live, as `values`: they change with each update. */
  readonly entries = new Map<string, Entry<unknown>>();
  readonly values = new Map<string, unknown>();
  /** Versions of removals: until they are forgotten, what is older does not bring the entry back. */
  readonly #removed = new Map<string, number>();

  /** All or nothing: undefined, with nothing changed, where a patch is of what is not there. */
  apply(ops: readonly ReceivedOperation[], replacement?: Replacement): Update | undefined {
    /** Entries as they were before the update. */
    const before = new Map<string, Entry<unknown> | undefined>();
    const why = new Map<string, Removal['why']>();
    const { anew = false, sameLog = true } = replacement ?? {};
    if (anew) this.#removed.clear();
    if (replacement) this.#clear(ops, replacement, before, why);
    for (const op of ops) {
      const { key = '', kind, version = 0 } = op;
      const entry = this.entries.get(key);
      const known = Math.max((anew ? undefined : entry?.version) ?? -1, this.#removed.get(key) ?? -1);
      if (replacement ? version < known : version <= known) continue;
      if (kind === 'patch' && !entry) {
        for (const [changed, was] of before) this.#restore(changed, was);
        return undefined;
      }
      if (!before.has(key)) before.set(key, entry);
      if (isRemoval(kind)) {
        this.#removed.set(key, version);
        if (this.#delete(key)) why.set(key, kind as Removal['why']);
      } else this.#set(key, op, entry, sameLog);
    }
    return this.#difference(before, why);
  }

  /** Forgets removals up to `offset`: older versions than that do not come again. */
  forgetRemovals(offset: number): void {
    for (const [key, version] of this.#removed) if (version <= offset) this.#removed.delete(key);
  }

  /** Takes away what a replacement does not name. */
  #clear(
    ops: readonly ReceivedOperation[],
    { keep, whyGone }: Replacement,
    before: Map<string, Entry<unknown> | undefined>,
    why: Map<string, Removal['why']>,
  ): void {
    const named = new Set(keep);
    for (const { key = '' } of ops) named.add(key);
    for (const [key, entry] of this.entries) {
      if (named.has(key)) continue;
      before.set(key, entry);
      why.set(key, whyGone(key));
      this.#delete(key);
    }
  }

  #set(key: string, op: ReceivedOperation, before: Entry<unknown> | undefined, sameLog: boolean): void {
    const { kind, data, version = 0, time, user } = op;
    // The same operation, read anew: what it made stays the object it is.
    const same = sameLog && before?.version === version && before.time === time && kind !== 'patch';
    const value = kind === 'patch' ? mergePatch(before!.value, data) : same ? before.value : data;
    this.entries.set(key, { key, value, version, time, user });
    this.values.set(key, value);
  }

  #restore(key: string, was: Entry<unknown> | undefined): void {
    if (!was) return void this.#delete(key);
    this.entries.set(key, was);
    this.values.set(key, was.value);
  }

  #delete(key: string): boolean {
    this.values.delete(key);
    return this.entries.delete(key);
  }

  #difference(
    before: ReadonlyMap<string, Entry<unknown> | undefined>,
    why: ReadonlyMap<string, Removal['why']>,
  ): Update {
    const update: Update = { added: [], updated: [], removed: [] };
    for (const [key, was] of before) {
      const is = this.entries.get(key);
      if (is && !was) update.added.push(key);
      else if (is && was && is.value !== was.value) update.updated.push(key);
      else if (!is && was) update.removed.push({ key, last: was, why: why.get(key) ?? 'delete' });
    }
    return update;
  }
}
