import { LongwaveError, inboxName } from '@longwave/protocol';
import type { Action, Identity } from './authority.js';
import type { ResolvedChannel } from './registry.js';
import type { Context } from './session.js';
import { type MaybePromise, chain } from './maybe-promise.js';

/** Who asks: a session, or a request without one. */
export interface Caller {
  readonly context: Context;
  readonly identity: Identity;
}

/** A channel that a caller may act on. */
export interface Address extends ResolvedChannel {
  readonly name: string;
  /** The store's name. */
  readonly key: string;
}

/** The store's name of a user's inbox: `@` begins no name that a client can give (CH-4). */
export function inboxKey(user: string): string {
  return `@${user}`;
}

/** Finds a channel and asks whether the caller may do `action` there. Throws or rejects with `unknown-channel` or `forbidden`. */
export function authorizedAddress(caller: Caller, name: string, action: Action): MaybePromise<Address> {
  const { registry, authority } = caller.context;
  if (name === inboxName) return inboxAddress(caller, action);
  const channel = registry.resolve(name);
  if (!channel) throw new LongwaveError('unknown-channel', `No channel is called '${name}'.`);
  return chain(authority.authorize(caller.identity, action, name, channel.params), (allowed) => {
    if (!allowed) throw new LongwaveError('forbidden', `No right to ${action} on '${name}'.`);
    const { definition, params } = channel;
    return { definition, params, name, key: name };
  });
}

function inboxAddress(caller: Caller, action: Action): Address {
  const { inbox } = caller.context.registry;
  const { user } = caller.identity;
  if (!inbox) throw new LongwaveError('unknown-channel', `The contract defines no '${inboxName}'.`);
  if (user === undefined) throw new LongwaveError('forbidden', 'Only an authenticated user has an inbox.');
  if (action === 'publish') throw new LongwaveError('forbidden', 'Only the server publishes to inboxes.');
  const { definition, params } = inbox;
  return { definition, params, name: inboxName, key: inboxKey(user) };
}
