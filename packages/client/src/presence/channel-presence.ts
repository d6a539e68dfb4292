import type { Count, Member } from '@longwave/protocol';
import { Prepared, presencePrefix, requireJson } from '@longwave/protocol/client';
import type { Memberships } from './memberships.js';
import type {
  EnterOptions,
  MapHandler,
  MapWatch,
  Presence,
  ValueHandler,
  ValueWatch,
  WatchOptions,
} from '../api/state-api.js';
import { check, enterOptions } from '../base/check.js';
import { type OpenWatch, openMapWatch, openValueWatch } from '../subscriptions/open-watch.js';

/** The parts of the client that presence uses. */
export interface PresenceHost {
  readonly members: Pick<Memberships, 'enter' | 'leave'>;
  readonly watch: OpenWatch;
  /** Throws `closed` after the end. */
  assertOpen(): void;
}

/**
 * The members of a channel: entries of the map beside it, which only the server writes. So they are what its types say.
 */
export class ChannelPresence implements Presence<unknown, unknown> {
  readonly #channel: string;
  readonly #members: string;
  readonly #host: PresenceHost;

  constructor(channel: string, host: PresenceHost) {
    this.#channel = channel;
    this.#members = presencePrefix + channel;
    this.#host = host;
  }

  enter(data: unknown, options: EnterOptions = {}): Promise<string> {
    this.#host.assertOpen();
    check('options', options, enterOptions);
    // Bytes are no member of an object, which a member's value is.
    requireJson(data ?? null);
    const said = new Prepared(data);
    return this.#host.members.enter(this.#channel, said, options);
  }

  leave(): Promise<void> {
    return this.#host.members.leave(this.#channel);
  }

  watch(
    first: WatchOptions | MapHandler<Member<unknown>> = {},
    second?: MapHandler<Member<unknown>>,
  ): MapWatch<Member<unknown>> {
    const watch = openMapWatch(
      this.#host.watch,
      this.#members,
      first as WatchOptions | MapHandler<unknown>,
      second as MapHandler<unknown> | undefined,
    );
    return watch as MapWatch<unknown> as MapWatch<Member<unknown>>;
  }

  count(handler?: ValueHandler<Count>): ValueWatch<Count> {
    const told = handler as ValueHandler<unknown> | undefined;
    return openValueWatch(this.#host.watch, this.#members, { count: true }, told) as ValueWatch<Count>;
  }
}
