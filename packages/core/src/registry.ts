import { type ChannelDefinition, type Channels, inboxName, isChannelName, matchPattern } from '@longwave/protocol';

export interface ResolvedChannel {
  readonly definition: ChannelDefinition;
  readonly params: Readonly<Record<string, string>>;
}

/** Names whose definition is remembered. */
const maxKnown = 4096;

/** Finds the definition behind a channel's name (CH-1 to CH-4). */
export class Registry {
  readonly #literals = new Map<string, ResolvedChannel>();
  /** Names resolved lately: a channel is published to more often than it is new. */
  readonly #known = new Map<string, ResolvedChannel>();
  readonly #patterns: { readonly pattern: string; readonly definition: ChannelDefinition }[] = [];

  constructor(channels: Channels) {
    for (const [pattern, definition] of Object.entries(channels)) {
      if (pattern.split('/').some((part) => part.startsWith(':'))) this.#patterns.push({ pattern, definition });
      else this.#literals.set(pattern, { definition, params: Object.create(null) as Record<string, string> });
    }
    // The more literal segments a pattern has, the more exactly it speaks of a name (CH-2).
    this.#patterns.sort((a, b) => parameterCount(a.pattern) - parameterCount(b.pattern));
  }

  resolve(name: string): ResolvedChannel | undefined {
    const known = this.#literals.get(name) ?? this.#known.get(name);
    if (known) return known;
    if (!isChannelName(name) || name.startsWith('@')) return undefined;
    for (const { pattern, definition } of this.#patterns) {
      const params = matchPattern(pattern, name);
      if (params) return this.#remember(name, { definition, params });
    }
    return undefined;
  }

  #remember(name: string, channel: ResolvedChannel): ResolvedChannel {
    if (this.#known.size >= maxKnown) this.#known.clear();
    this.#known.set(name, channel);
    return channel;
  }

  get inbox(): ResolvedChannel | undefined {
    return this.#literals.get(inboxName);
  }
}

function parameterCount(pattern: string): number {
  return pattern.split('/').filter((part) => part.startsWith(':')).length;
}
