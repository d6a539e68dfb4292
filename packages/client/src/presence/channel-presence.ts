import type { Count, Member } from '@longwave/protocol';
import { Prepared, presencePrefix, requireJson } from '@longwave/protocol/client';
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
import type { Members, States } from './states.js';
import { watchArguments } from '../subscriptions/watch-arguments.js';

/** The parts of the client that presence uses. */
export interface PresenceHost {
  readonly members: Pick<Members, 'leave'>;
  /** Throws `closed` after the end. */
  states(): States;
}

/**
 * The members of a channel: entries of the map beside it, which only the server writes. So they are what its types say.
 */
export class ChannelPresence implements Presence<unknown, unknown> {
  readonly #channel: string;
  readonly #host: PresenceHost;

  constructor(channel: string, host: PresenceHost) {
    this.#channel = channel;
    this.#host = host;
  }

  enter(data: unknown, options: EnterOptions = {}): Promise<string> {
    check('options', options, enterOptions);
    // Bytes are no member of an object, which a member's value is.
    requireJson(data ?? null);
    return this.#enter(new Prepared(data), options);
  }

  /** A promise tells of the end too. */
  async #enter(data: Prepared, options: EnterOptions): Promise<string> {
    return this.#host.states().members.enter(this.#channel, data, options);
  }

  /** After the end as well: there is nothing to leave then. */
  leave(): Promise<void> {
    return this.#host.members.leave(this.#channel);
  }

  watch(
    first: WatchOptions | MapHandler<Member<unknown>> = {},
    second?: MapHandler<Member<unknown>>,
  ): MapWatch<Member<unknown>> {
    const [view, options, handler] = watchArguments(first, second);
    const told = handler as MapHandler<unknown> | undefined;
    const watch = this.#host.states().watches.watch(presencePrefix + this.#channel, view, options, told);
    return watch as MapWatch<Member<unknown>>;
  }

  count(handler?: ValueHandler<Count>): ValueWatch<Count> {
    const [view, options, told] = watchArguments({ count: true }, handler as ValueHandler<unknown> | undefined);
    const watch = this.#host.states().watches.watchValue(presencePrefix + this.#channel, view, options, told);
    return watch as ValueWatch<Count>;
  }
}
