import type { MakeId, NewOperation } from '../base/ports.js';

/**
 * Channels that share what is known of those forgotten: more cost memory, fewer have channels reset that nobody wrote
 * to.
 */
const buckets = 1 << 17;
/** Publishers of them that are remembered. */
const maxPublishers = 100_000;

/** Those of whom something is remembered together. */
type Whose =
  | { readonly of: 'producer'; readonly user: string | undefined; readonly id: string }
  /** All producers of the user, or all anonymous ones, that the channel itself had forgotten before. */
  | { readonly of: 'user'; readonly user: string | undefined }
  /** Users that the channel had forgotten as a whole. */
  | { readonly of: 'everyone' }
  /** Those who publish with a message id alone. */
  | { readonly of: 'ids' };

/** Up to which sequence something may have been stored for them. */
export type Published = Whose & { readonly seq: number };

/**
 * The epochs in which forgotten channels begin when they are written to again. A position from before is of another
 * epoch then, and never taken for one that can be continued (G3). Bounded, whatever is forgotten: a channel may share
 * its epoch with others, which then begin in that one, too. The last sequence of each who published there is left as
 * well, so that what they send again is not stored twice (G1).
 */
export class ForgottenChannels {
  readonly #makeId: MakeId;
  readonly #epochs = new Map<number, string>();
  /** By channel and whose it is, the one forgotten longest ago first: the highest sequence. */
  readonly #publishers = new Map<string, number>();

  constructor(makeId: MakeId) {
    this.#makeId = makeId;
  }

  add(channel: string, published: Iterable<Published>): void {
    this.#epochs.set(bucketOf(channel), this.#makeId());
    for (const who of published) {
      const name = nameOf(channel, who);
      const before = this.#publishers.get(name) ?? 0;
      this.#publishers.delete(name);
      this.#publishers.set(name, Math.max(before, who.seq));
      if (this.#publishers.size > maxPublishers) this.#publishers.delete(this.#publishers.keys().next().value!);
    }
  }

  /** Whether this may have been stored there before (PUB-4). */
  mayHave(channel: string, { id: messageId, user, producer }: NewOperation): boolean {
    if (this.#publishers.size === 0) return false;
    const last = (who: Whose): number | undefined => this.#publishers.get(nameOf(channel, who));
    if (!producer) return messageId !== undefined && last({ of: 'ids' }) !== undefined;
    const { id, seq } = producer;
    if (seq <= (last({ of: 'producer', user, id }) ?? 0)) return true;
    const ofUser = last({ of: 'user', user });
    return seq <= (ofUser ?? (user === undefined ? 0 : (last({ of: 'everyone' }) ?? 0)));
  }

  /** Undefined: it was never forgotten. */
  epochOf(channel: string): string | undefined {
    return this.#epochs.size === 0 ? undefined : this.#epochs.get(bucketOf(channel));
  }
}

function nameOf(channel: string, who: Whose): string {
  const place = `${who.of}:${channel.length}:${channel}`;
  if (who.of === 'everyone' || who.of === 'ids') return place;
  const { user } = who;
  const whose = user === undefined ? `${place}:` : `${place}${user.length}:${user}`;
  return who.of === 'user' ? whose : `${whose}${who.id}`;
}

/** FNV-1a. */
function bucketOf(channel: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < channel.length; i++) hash = Math.imul(hash ^ channel.charCodeAt(i), 0x01000193);
  return (hash ^ (hash >>> 17)) & (buckets - 1);
}
