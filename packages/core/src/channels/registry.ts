import {
  type ChannelDefinition,
  type Channels,
  type StateBounds,
  demandPrefix,
  inboxName,
  isChannelName,
  map,
  matchPattern,
  presencePrefix,
} from '@longwave/protocol';

export interface ResolvedChannel {
  /** The name in the contract, such as `chat/:room`. */
  readonly pattern: string;
  readonly definition: ChannelDefinition;
  readonly params: Readonly<Record<string, string>>;
  /** Set for a channel that Longwave itself keeps about another one: its subject, and that other channel. */
  readonly about?: { readonly what: 'presence' | 'demand'; readonly channel: string } | undefined;
}

/**
 * The store's names of inboxes begin with it. No name of a channel, nor of what Longwave keeps about one, does so
 * (CH-4).
 */
export const inboxPrefix = `${inboxName}/`;

/** The store's name of a user's inbox. */
export function inboxKey(user: string): string {
  return inboxPrefix + user;
}

/** Names whose definition is remembered. */
const maxKnown = 4096;

const memberBounds: StateBounds = { keys: 1_000_000, bytes: 256 * 1024 * 1024, removals: 10_000 };
const nodeBounds: StateBounds = { keys: 10_000, bytes: 16 * 1024 * 1024, removals: 1000 };

/** Finds the definition of a channel by its name (CH-1 to CH-4, PRES-1, DEM-1). */
export class Registry {
  readonly #literals = new Map<string, ResolvedChannel>();
  /** Names resolved lately: a channel is published to more often than it is new. */
  readonly #known = new Map<string, ResolvedChannel>();
  readonly #patterns: { readonly pattern: string; readonly definition: ChannelDefinition }[] = [];

  constructor(channels: Channels) {
    for (const [pattern, definition] of Object.entries(channels)) {
      if (pattern.split('/').some((part) => part.startsWith(':'))) this.#patterns.push({ pattern, definition });
      else this.#literals.set(pattern, { pattern, definition, params: Object.create(null) as Record<string, string> });
    }
    // The more literal segments a pattern has, the more exactly it speaks of a name (CH-2).
    this.#patterns.sort((a, b) => parameterCount(a.pattern) - parameterCount(b.pattern));
  }

  resolve(name: string): ResolvedChannel | undefined {
    const known = this.#literals.get(name) ?? this.#known.get(name);
    if (known) return known;
    if (typeof name !== 'string' || !isChannelName(name)) return undefined;
    if (name.startsWith('@')) return this.#resolveAbout(name);
    for (const { pattern, definition } of this.#patterns) {
      const params = matchPattern(pattern, name);
      if (params) return this.#remember(name, { pattern, definition, params });
    }
    return undefined;
  }

  get inbox(): ResolvedChannel | undefined {
    return this.#literals.get(inboxName);
  }

  #resolveAbout(name: string): ResolvedChannel | undefined {
    const what = name.startsWith(presencePrefix) ? 'presence' : name.startsWith(demandPrefix) ? 'demand' : undefined;
    if (!what) return undefined;
    const channel = name.slice((what === 'presence' ? presencePrefix : demandPrefix).length);
    if (channel.startsWith('@')) return undefined;
    const resolved = this.resolve(channel);
    if (!resolved?.definition[what]) return undefined;
    const definition = { ...map(), bounds: what === 'presence' ? memberBounds : nodeBounds };
    const { pattern, params } = resolved;
    return this.#remember(name, { pattern, definition, params, about: { what, channel } });
  }

  #remember(name: string, channel: ResolvedChannel): ResolvedChannel {
    if (this.#known.size >= maxKnown) this.#known.clear();
    this.#known.set(name, channel);
    return channel;
  }
}

function parameterCount(pattern: string): number {
  return pattern.split('/').filter((part) => part.startsWith(':')).length;
}
