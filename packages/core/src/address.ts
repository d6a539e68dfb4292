import { LongwaveError, inboxName } from '@longwave/protocol';
import type { Action } from './authority.js';
import type { ResolvedChannel } from './registry.js';
import type { Session } from './session.js';
import { type MaybePromise, chain } from './maybe-promise.js';

/** A channel that a session may act on. */
export interface Address extends ResolvedChannel {
  readonly name: string;
  /** The store's name. */
  readonly key: string;
}

/** The store's name of a user's inbox: `@` begins no name that a client can give (CH-4). */
export function inboxKey(user: string): string {
  return `@${user}`;
}

/** Finds a channel and asks whether the session may do `action` there. Throws or rejects with `unknown-channel` or `forbidden`. */
export function authorizedAddress(session: Session, name: string, action: Action): MaybePromise<Address> {
  const { registry, authority } = session.context;
  if (name === inboxName) return inboxAddress(session, action);
  const channel = registry.resolve(name);
  if (!channel) throw new LongwaveError('unknown-channel', `No channel is called '${name}'.`);
  return chain(authority.authorize(session.identity, action, name, channel.params), (allowed) => {
    if (!allowed) throw new LongwaveError('forbidden', `No right to ${action} on '${name}'.`);
    const { definition, params } = channel;
    return { definition, params, name, key: name };
  });
}

function inboxAddress(session: Session, action: Action): Address {
  const { inbox } = session.context.registry;
  const { user } = session.identity;
  if (!inbox) throw new LongwaveError('unknown-channel', `The contract defines no '${inboxName}'.`);
  if (user === undefined) throw new LongwaveError('forbidden', 'Only an authenticated user has an inbox.');
  if (action === 'publish') throw new LongwaveError('forbidden', 'Only the server publishes to inboxes.');
  const { definition, params } = inbox;
  return { definition, params, name: inboxName, key: inboxKey(user) };
}
