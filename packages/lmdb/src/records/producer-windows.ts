import { Buffer } from 'node:buffer';
import { type ProducerScope, type ProducerWindow, ProducerWindows, type WindowTable } from '@longwave/core';
import { ByteReader, ByteWriter } from './bytes.js';
import type { Databases } from './databases.js';
import type { Head } from './head.js';
import { countOf, countedKey, endOfChannel, namedKey } from './keys.js';

interface StoredScope extends ProducerScope {
  /** Names of its windows. */
  readonly windows: string[];
  /** Where it stands among those of the channel, 0 for nowhere. */
  placed: number;
}

/**
 * `uses` holds three orders of a channel, one after the other: windows of anonymous clients by their last use, those of
 * users, and users by how many windows they have, most first. `countedKey` takes 48 bits.
 */
const ofUsers = 2 ** 45;
const scopes = 2 ** 46;
const sizeStep = 2 ** 39;
const largestSize = 127;

/**
 * The order of their last uses is exact up to this part of all windows: one that is among the newest stays where it is, so that a publish of
 * somebody who publishes all the time costs two records less. For small stores it is exact.
 */
const newestShare = 1 / 8;
const exactUpTo = 1000;

/** The windows of all producers of all channels, as one transaction sees them (PUB-2). */
export class StoredWindows {
  readonly #dbs: Databases;
  readonly #maxProducers: number;
  readonly #tables = new Map<
    number,
    { readonly table: ChannelWindows; readonly windows: ProducerWindows<StoredScope> }
  >();

  constructor(dbs: Databases, maxProducers: number) {
    this.#dbs = dbs;
    this.#maxProducers = maxProducers;
  }

  of(head: Head): ProducerWindows<StoredScope> {
    const known = this.#tables.get(head.number);
    if (known) return known.windows;
    const newest = this.#maxProducers > exactUpTo ? Math.floor(this.#maxProducers * newestShare) : 1;
    const table = new ChannelWindows(this.#dbs, head, newest);
    const windows = new ProducerWindows(table, this.#maxProducers);
    this.#tables.set(head.number, { table, windows });
    return windows;
  }

  /** Writes what changed. `writer` is a buffer that nobody else uses meanwhile. */
  flush(writer: ByteWriter): void {
    for (const { table } of this.#tables.values()) table.flush(writer);
  }

  /** Windows that were read. */
  get size(): number {
    let size = 0;
    for (const { table } of this.#tables.values()) size += table.size;
    return size;
  }

  /** Reads those of the channel anew, when they are asked for. */
  drop(channel: number): void {
    this.#tables.delete(channel);
  }
}

class ChannelWindows implements WindowTable<StoredScope> {
  readonly counts: Head;
  readonly #dbs: Databases;
  readonly #windows = new Map<string, ProducerWindow | undefined>();
  readonly #scopes = new Map<string, StoredScope | undefined>();
  readonly #dirtyWindows = new Set<ProducerWindow>();
  readonly #dirtyScopes = new Set<StoredScope>();
  /** Uses since which a window counts as the last one that was used. */
  readonly #newest: number;

  constructor(dbs: Databases, head: Head, newest: number) {
    this.#dbs = dbs;
    this.counts = head;
    this.#newest = newest;
  }

  get size(): number {
    return this.#windows.size + this.#scopes.size;
  }

  window(user: string | undefined, id: string): ProducerWindow | undefined {
    return this.#load(nameOf(user, id));
  }

  scope(user: string): StoredScope | undefined {
    if (this.#scopes.has(user)) return this.#scopes.get(user);
    const record = this.#dbs.producers.get(scopeKey(this.counts.number, user));
    const scope = record && decodeScope(record, user);
    this.#scopes.set(user, scope);
    return scope;
  }

  newScope(user: string, floor: number): StoredScope {
    const scope: StoredScope = { user, size: 0, floor, windows: [], placed: 0 };
    this.#scopes.set(user, scope);
    return scope;
  }

  add(window: ProducerWindow, scope: StoredScope | undefined): void {
    const name = nameOf(window.user, window.id);
    this.#windows.set(name, window);
    scope?.windows.push(name);
  }

  remove(window: ProducerWindow, scope: StoredScope | undefined): void {
    const name = nameOf(window.user, window.id);
    this.#windows.set(name, undefined);
    this.#dirtyWindows.delete(window);
    this.#dbs.producers.removeSync(namedKey(this.counts.number, name));
    this.#dbs.uses.removeSync(this.#useKey(window));
    scope?.windows.splice(scope.windows.indexOf(name), 1);
  }

  use(window: ProducerWindow): void {
    this.#dirtyWindows.add(window);
    if (window.use > 0) {
      if (window.use > this.counts.uses - this.#newest) return;
      this.#dbs.uses.removeSync(this.#useKey(window));
    }
    window.use = ++this.counts.uses;
    this.#dbs.uses.putSync(this.#useKey(window), Buffer.from(nameOf(window.user, window.id)));
  }

  place(scope: StoredScope): void {
    const { number } = this.counts;
    if (scope.placed > 0) this.#dbs.uses.removeSync(countedKey(number, scope.placed));
    if (scope.size === 0) {
      this.#scopes.set(scope.user, undefined);
      this.#dirtyScopes.delete(scope);
      this.#dbs.producers.removeSync(scopeKey(number, scope.user));
      return;
    }
    scope.placed = scopes + (largestSize - scope.size) * sizeStep + ++this.counts.placings;
    this.#dbs.uses.putSync(countedKey(number, scope.placed), Buffer.from(scope.user));
    this.#dirtyScopes.add(scope);
  }

  oldest(): ProducerWindow | undefined {
    const name = this.#firstUse(0);
    return name === undefined ? undefined : this.#load(name);
  }

  oldestOf(scope: StoredScope): ProducerWindow | undefined {
    let oldest: ProducerWindow | undefined;
    for (const name of scope.windows) {
      const window = this.#load(name);
      if (window && (!oldest || window.use < oldest.use)) oldest = window;
    }
    return oldest;
  }

  heaviest(): StoredScope | undefined {
    const user = this.#firstUse(scopes);
    return user === undefined ? undefined : this.scope(user);
  }

  flush(writer: ByteWriter): void {
    const { number } = this.counts;
    for (const window of this.#dirtyWindows) {
      const key = namedKey(number, nameOf(window.user, window.id));
      this.#dbs.producers.putSync(key, encodeWindow(writer.reset(), window));
    }
    for (const scope of this.#dirtyScopes) {
      this.#dbs.producers.putSync(scopeKey(number, scope.user), encodeScope(writer.reset(), scope));
    }
    this.#dirtyWindows.clear();
    this.#dirtyScopes.clear();
  }

  #useKey({ user, use }: ProducerWindow): Buffer {
    return countedKey(this.counts.number, user === undefined ? use : ofUsers + use);
  }

  #firstUse(from: number): string | undefined {
    const { number } = this.counts;
    const range = { start: countedKey(number, from), end: endOfChannel(number), limit: 1 };
    for (const { key, value } of this.#dbs.uses.getRange(range)) {
      return from === 0 && countOf(key) >= scopes ? undefined : value.toString('utf8');
    }
    return undefined;
  }

  #load(name: string): ProducerWindow | undefined {
    if (this.#windows.has(name)) return this.#windows.get(name);
    const record = this.#dbs.producers.get(namedKey(this.counts.number, name));
    const window = record && decodeWindow(record, name);
    this.#windows.set(name, window);
    return window;
  }
}

function nameOf(user: string | undefined, id: string): string {
  return user === undefined ? `:${id}` : `${user.length}:${user}${id}`;
}

/** No name of a window begins so. */
function scopeKey(channel: number, user: string): Buffer {
  return namedKey(channel, `s${user}`);
}

function parseName(name: string): Pick<ProducerWindow, 'user' | 'id'> {
  const colon = name.indexOf(':');
  if (colon === 0) return { user: undefined, id: name.slice(1) };
  const end = colon + 1 + Number(name.slice(0, colon));
  return { user: name.slice(colon + 1, end), id: name.slice(end) };
}

/** From here on their differences are more than `ByteWriter.int` takes. */
const largeSeq = 2 ** 52;

/** Differences, as most are small: 512 publishes in a row take about 1 KiB. */
function encodeWindow(writer: ByteWriter, { use, floor, top, seqs, offsets }: ProducerWindow): Buffer {
  writer.uint(use).uint(floor).uint(top);
  let seq = 0;
  let offset = 0;
  for (let i = 0; i < seqs.length; i++) {
    if (top < largeSeq) writer.int(seqs[i]! - seq);
    else writer.uint(seqs[i]!);
    writer.int(offsets[i]! - offset);
    seq = seqs[i]!;
    offset = offsets[i]!;
  }
  return writer.view();
}

function decodeWindow(record: Buffer, name: string): ProducerWindow {
  const reader = new ByteReader(record);
  const [use, floor, top] = [reader.uint(), reader.uint(), reader.uint()];
  const seqs: number[] = [];
  const offsets: number[] = [];
  let seq = 0;
  let offset = 0;
  while (reader.at < reader.end) {
    seqs.push((seq = top < largeSeq ? seq + reader.int() : reader.uint()));
    offsets.push((offset += reader.int()));
  }
  return { ...parseName(name), seqs, offsets, floor, top, use };
}

function encodeScope(writer: ByteWriter, { floor, placed, windows }: StoredScope): Buffer {
  writer.uint(floor).uint(placed);
  for (const name of windows) writer.text(name);
  return writer.view();
}

function decodeScope(record: Buffer, user: string): StoredScope {
  const reader = new ByteReader(record);
  const [floor, placed] = [reader.uint(), reader.uint()];
  const windows: string[] = [];
  while (reader.at < reader.end) windows.push(reader.text());
  return { user, floor, placed, windows, size: windows.length };
}
