import { type ChannelDefinition, type Channels, inboxName, isChannelName, matchPattern } from '@longwave/protocol';

export interface ResolvedChannel {
  readonly definition: ChannelDefinition;
  readonly params: Readonly<Record<string, string>>;
}

/** Finds the definition behind a channel's name (CH-1 to CH-4). */
export class Registry {
  readonly #literals = new Map<string, ResolvedChannel>();
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
    const literal = this.#literals.get(name);
    if (literal) return literal;
    if (!isChannelName(name) || name.startsWith('@')) return undefined;
    for (const { pattern, definition } of this.#patterns) {
      const params = matchPattern(pattern, name);
      if (params) return { definition, params };
    }
    return undefined;
  }

  get inbox(): ResolvedChannel | undefined {
    return this.#literals.get(inboxName);
  }
}

function parameterCount(pattern: string): number {
  return pattern.split('/').filter((part) => part.startsWith(':')).length;
}
