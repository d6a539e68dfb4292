import type { Position, ReceivedOperation } from '@longwave/protocol';
import { breakOf } from '@longwave/protocol/client';

/** Publishes remembered for each channel, the last ones. */
const maxPerChannel = 10_000;
/** Channels remembered, those that were published to first go first. */
const maxChannels = 256;

interface ChannelPublishes {
  /** Epochs of acknowledged publishes by their offset, the oldest first. */
  readonly stored: Map<number, string>;
  /** Message ids of publishes whose acknowledgement has not come. */
  readonly unanswered: Set<string>;
}

/**
 * Tells which messages this client published (CLI-18): those at a position that an acknowledgement named, and, before it comes,
 * those of its user with the id of a publish.
 */
export class OwnPublishes {
  readonly #identity: { readonly user: string | undefined };
  readonly #channels = new Map<string, ChannelPublishes>();

  /** `identity`: the user that this client is to the server. */
  constructor(identity: { readonly user: string | undefined }) {
    this.#identity = identity;
  }

  /** A publish is on its way. */
  add(channel: string, messageId: string | undefined): void {
    if (messageId === undefined) return;
    const { unanswered } = this.#of(channel);
    unanswered.add(messageId);
    trim(unanswered);
  }

  onStored(channel: string, messageId: string | undefined, { epoch, offset }: Position): void {
    const { stored, unanswered } = this.#of(channel);
    if (messageId !== undefined) unanswered.delete(messageId);
    stored.set(offset, epoch);
    trim(stored);
  }

  onRefused(channel: string, messageId: string | undefined): void {
    if (messageId !== undefined) this.#channels.get(channel)?.unanswered.delete(messageId);
  }

  has(channel: string, { epoch, offset }: Position, { id, user }: Pick<ReceivedOperation, 'id' | 'user'>): boolean {
    const own = this.#channels.get(channel);
    if (!own) return false;
    const stored = own.stored.get(offset);
    if (stored !== undefined) return breakOf({ epoch: stored, offset }, { epoch }) === undefined;
    return id !== undefined && user === this.#identity.user && own.unanswered.has(id);
  }

  #of(channel: string): ChannelPublishes {
    let own = this.#channels.get(channel);
    if (!own) {
      own = { stored: new Map(), unanswered: new Set() };
      this.#channels.set(channel, own);
      trim(this.#channels, maxChannels);
    }
    return own;
  }
}

function trim(entries: Map<unknown, unknown> | Set<unknown>, max = maxPerChannel): void {
  if (entries.size <= max) return;
  const [oldest] = entries.keys();
  entries.delete(oldest);
}
