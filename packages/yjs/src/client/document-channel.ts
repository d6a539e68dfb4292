import type {
  MessageMeta,
  Presence,
  PublishOptions,
  Published,
  SubscribeOptions,
  Subscription,
} from '@longwave/client';

/** A channel whose contract says `doc()`, as `client.channel(name)` returns it. */
export interface DocumentChannel {
  readonly name: string;
  readonly presence: Presence<unknown, unknown>;
  publish(data: Uint8Array, options?: PublishOptions): Promise<Published>;
  subscribe(options: SubscribeOptions, handler: (data: unknown, meta: MessageMeta) => unknown): Subscription<unknown>;
}
