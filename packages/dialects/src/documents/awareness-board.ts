import type { Engine, ServerWatch } from '@longwave/core';
import { type MapChange, presencePrefix } from '@longwave/protocol';
import { Speakers, statesOf } from '@longwave/yjs/format';
import { type AwarenessEntry, encodeAwareness } from '../wire/awareness.js';

/** The last that readers were told of a client. */
interface Told {
  clock: number;
  /** JSON; `null`: it is gone. */
  json: string;
  /** The user who speaks for it, or spoke for it. */
  user: string | undefined;
  /** Milliseconds since the Unix epoch. */
  at: number;
}

const gone = 'null';
/** At most 20 frames a second for each document. */
const spacingMs = 50;
/** Clients forget who was not renewed for 30 s. */
const renewMs = 15_000;
/** How long a client that is gone is remembered: others may still echo its state. */
const goneMs = 60_000;

export interface AwarenessBoardOptions {
  readonly engine: Engine;
  readonly channel: string;
  /** Sends an awareness update to all readers of the document. */
  readonly emit: (update: Uint8Array) => void;
}

/**
 * Cursors and names in one document: the states of its members, as the awareness updates that clients of Yjs understand. It reads
 * the presence of the channel, so everybody is in it, whatever they speak and wherever they are connected.
 */
export class AwarenessBoard {
  readonly #options: AwarenessBoardOptions;
  readonly #watch: ServerWatch | undefined;
  readonly #told = new Map<number, Told>();
  readonly #speakers = new Speakers();
  /** Clients whose clock is known, since they are connected here. */
  readonly #clocks = new Map<number, number>();
  readonly #changed = new Set<number>();
  readonly #renewing: NodeJS.Timeout;
  #timer: NodeJS.Timeout | undefined;
  #emittedAt = 0;

  constructor(options: AwarenessBoardOptions) {
    this.#options = options;
    const { engine, channel } = options;
    this.#watch = hasPresence(engine, channel)
      ? engine.listening.watch(presencePrefix + channel, {}, (entries, change) => this.#follow(entries, change))
      : undefined;
    this.#renewing = setInterval(() => this.#renewOthers(), renewMs / 3).unref();
  }

  /** The channel has members. */
  get exists(): boolean {
    return this.#watch !== undefined;
  }

  /** Undefined: nobody speaks for the client, or did so a moment ago. */
  find(client: number): { readonly isThere: boolean; readonly user: string | undefined } | undefined {
    const told = this.#told.get(client);
    return told && { isThere: told.json !== gone, user: told.user };
  }

  /** A client that is connected here has this clock now: what is told of it has no higher one. */
  note(client: number, clock: number): void {
    this.#clocks.set(client, clock);
  }

  /** It said once more what it had said: so it is still there. */
  renew(client: number): void {
    if (this.find(client)?.isThere) this.#mark(client);
  }

  /** It is not connected here any more. */
  forget(client: number): void {
    this.#clocks.delete(client);
  }

  /** All that are there, for one who joins; with those that went lately, for one who missed something. Undefined: nobody. */
  all(withGone = false): Uint8Array | undefined {
    const entries: AwarenessEntry[] = [];
    for (const [client, { clock, json }] of this.#told) {
      if (json !== gone || withGone) entries.push({ client, clock, json });
    }
    return entries.length > 0 ? encodeAwareness(entries) : undefined;
  }

  close(): void {
    this.#watch?.unsubscribe();
    clearInterval(this.#renewing);
    clearTimeout(this.#timer);
  }

  #follow(entries: ReadonlyMap<string, unknown>, { initial, added, updated, removed }: MapChange): void {
    for (const member of initial ? entries.keys() : [...added, ...updated]) {
      const { data } = (entries.get(member) ?? {}) as { readonly data?: unknown };
      const { user, version = 0 } = this.#watch?.entry(member) ?? {};
      this.#compare(this.#speakers.set(member, { user, version, states: statesOf(data) }));
    }
    for (const { key } of removed) this.#compare(this.#speakers.set(key, undefined));
  }

  #compare(clients: Iterable<number>): void {
    for (const client of clients) {
      const speaker = this.#speakers.speakerOf(client);
      const json = speaker ? JSON.stringify(speaker.states.get(client)) : gone;
      const told = this.#told.get(client);
      if (told) told.user = speaker ? speaker.user : told.user;
      if (json === (told?.json ?? gone)) continue;
      if (told) told.json = json;
      else this.#told.set(client, { clock: 0, json, user: speaker?.user, at: 0 });
      this.#mark(client);
    }
  }

  #mark(client: number): void {
    this.#changed.add(client);
    this.#timer ??= setTimeout(() => this.#emit(), Math.max(0, this.#emittedAt + spacingMs - Date.now())).unref();
  }

  #emit(): void {
    this.#timer = undefined;
    this.#emittedAt = Date.now();
    const entries: AwarenessEntry[] = [];
    for (const client of this.#changed) {
      const told = this.#told.get(client);
      if (!told) continue;
      const { json } = told;
      told.at = this.#emittedAt;
      // The same clock takes somebody away, and only a higher one brings them back.
      if (json !== gone) told.clock = Math.max(this.#clocks.get(client) ?? 0, told.clock + 1);
      entries.push({ client, clock: told.clock, json });
    }
    this.#changed.clear();
    if (entries.length > 0) this.#options.emit(encodeAwareness(entries));
  }

  /** Clients of other nodes, and native ones, are renewed by this node; those that are connected here do it themselves. */
  #renewOthers(): void {
    const now = Date.now();
    for (const [client, { json, at }] of this.#told) {
      if (json === gone && now - at > goneMs) this.#told.delete(client);
      else if (json !== gone && now - at >= renewMs && !this.#clocks.has(client)) this.#mark(client);
    }
  }
}

function hasPresence(engine: Engine, channel: string): boolean {
  return engine.modeOf(presencePrefix + channel) !== undefined;
}
