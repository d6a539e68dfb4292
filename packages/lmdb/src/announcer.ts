import type { Operation } from '@longwave/protocol';
import type { Watcher } from '@longwave/core';
import type { Databases } from './records/databases.js';
import { readJournal } from './records/journal.js';
import type { Stored } from './writer/jobs.js';
import type { Reader } from './reader.js';

interface Watch {
  readonly watcher: Watcher;
  /** Operations up to this commit are not announced: the watch began after it. */
  readonly after: number;
}

/**
 * Tells those who watch what was stored, by whatever process, in the order of the commits and each operation once. It
 * knows the operations that this process stored, and reads the others from the journal.
 */
export class Announcer {
  readonly #dbs: Databases;
  readonly #reader: Reader;
  readonly #now: () => number;
  readonly #watches = new Map<string, Set<Watch>>();
  /** The last commit that was announced. */
  #commit: number;
  #forgotten: number;

  constructor(dbs: Databases, reader: Reader, now: () => number) {
    this.#dbs = dbs;
    this.#reader = reader;
    this.#now = now;
    this.#commit = reader.refresh().clock.commit;
    this.#forgotten = reader.forgotten;
  }

  watch(channel: string, watcher: Watcher): () => void {
    const watch: Watch = { watcher, after: this.#reader.refresh().clock.commit };
    let watches = this.#watches.get(channel);
    if (!watches) this.#watches.set(channel, (watches = new Set()));
    watches.add(watch);
    return () => {
      watches.delete(watch);
      if (watches.size === 0 && this.#watches.get(channel) === watches) this.#watches.delete(channel);
    };
  }

  /** This process has made the commit: announces it, after the operations that others stored before. */
  announce(commit: number, stored: readonly Stored[]): void {
    if (commit <= this.#commit) return;
    if (commit > this.#commit + 1) this.#follow(commit - 1);
    this.#commit = commit;
    for (const { channel, epoch, ops } of stored) for (const op of ops) this.#tell(channel, commit, epoch, op);
  }

  /** Announces what other processes stored. */
  follow(): void {
    const { commit } = this.#reader.refresh().clock;
    if (commit > this.#commit) this.#follow(commit);
    const { forgotten } = this.#reader;
    if (forgotten === this.#forgotten) return;
    this.#forgotten = forgotten;
    this.#learn();
  }

  clear(): void {
    this.#watches.clear();
  }

  #follow(upTo: number): void {
    const after = this.#commit;
    const { journalFloor } = this.#reader.refresh().clock;
    // Nobody finds its operations again: from here on they are announced.
    this.#commit = upTo;
    if (journalFloor > after) return this.#learn();
    const epochs = new Map<string, string>();
    // Read whole before it is told: who is told may ask the store, and that moves on what is read.
    for (const { commit, channel, op } of [...readJournal(this.#dbs, after, upTo, (name) => this.#watches.has(name))]) {
      let epoch = epochs.get(channel);
      if (epoch === undefined) epochs.set(channel, (epoch = this.#reader.epochOf(channel)));
      this.#tell(channel, commit, epoch, op);
    }
  }

  /**
   * The operations to announce are no longer there, or channels were forgotten: all watchers learn the bounds of their
   * channel.
   */
  #learn(): void {
    for (const [channel, watches] of this.#watches) {
      const { epoch, floor, top } = this.#reader.bounds(channel, this.#now());
      for (const { watcher } of watches) watcher.learn({ epoch, floor, top });
    }
  }

  #tell(channel: string, commit: number, epoch: string, op: Operation): void {
    for (const { watcher, after } of this.#watches.get(channel) ?? []) if (commit > after) watcher.announce(epoch, op);
  }
}
