import { LongwaveError, type View, inboxName, isLog } from '@longwave/protocol';
import type { Action, Identity } from '../../base/authority.js';
import type { ConnectionContext } from '../../base/hooks.js';
import { type ResolvedChannel, inboxKey } from '../../channels/registry.js';
import type { Context } from '../session.js';
import { type MaybePromise, chain } from '../../base/maybe-promise.js';

/** The requester: a session, or a request without one. */
export interface Caller {
  readonly context: Context;
  readonly identity: Identity;
  /** As the application sees it. */
  readonly view: ConnectionContext;
  /** Rises when rights are to be asked for anew: what was granted before holds no more (SES-12). */
  readonly rights: number;
  /** Throws where the caller may act no more: it was disconnected, or its identity has expired. */
  checkActs(): void;
}

/** A channel that a caller may act on. */
export interface Address extends ResolvedChannel {
  readonly name: string;
  /** The store's name. */
  readonly key: string;
  /** The view that the caller is limited to, if it may not see all (VIEW-7). */
  readonly imposed?: View | undefined;
  /** To redact: messages of everybody (RED-3). */
  readonly anyAuthor?: boolean;
  /** The view that was asked for, with which the right goes. */
  readonly asked?: View | undefined;
  /** The caller's `rights` when they were asked for. */
  readonly rights: number;
}

/**
 * Finds a channel and asks whether the caller may do `action` there. Throws or rejects with `unknown-channel` or
 * `forbidden`.
 */
export function authorizedAddress(caller: Caller, name: string, action: Action, view?: View): MaybePromise<Address> {
  const { registry, authority, complaints } = caller.context;
  if (name === inboxName) return inboxAddress(caller, action);
  const channel = registry.resolve(name);
  if (!channel) throw new LongwaveError('unknown-channel', `No channel is called '${name}'.`);
  const { pattern, definition, params, about } = channel;
  // The right to subscribe to a channel includes its members, the right to publish to it includes the demand for it
  // (PRES-1, DEM-1).
  if (about && action !== 'subscribe') throw new LongwaveError('forbidden', `Only the server writes to '${name}'.`);
  const asked = about?.what === 'demand' ? 'publish' : action;
  const of = about?.channel ?? name;
  const { rights } = caller;
  const address = { pattern, definition, params, about, name, key: name, imposed: undefined, asked: view, rights };
  if (!authority.authorize) return address;
  // One literal: a spread would cost each subscription.
  const { connection, user, claims, info } = caller.view;
  const seen = about ? undefined : view;
  const right = authority.authorize({ connection, user, claims, info, action: asked, channel: of, params, view: seen });
  if (right === true) return address;
  return chain(right, (known) => {
    if (!known) throw new LongwaveError('forbidden', `No right to ${asked} on '${of}'.`);
    const imposed = typeof known === 'object' && !about ? known.view : undefined;
    // A log has no views: what must not be seen of it must not be read at all.
    if (imposed && isLog(definition)) {
      complaints.tell(`authorize answered with a view for the log '${name}', which has none: the request is refused.`);
      throw new LongwaveError('forbidden', 'No view can be imposed on a log.');
    }
    return { ...address, imposed, ...(typeof known === 'object' && known.anyAuthor && { anyAuthor: true }) };
  });
}

/**
 * Does `work` at once if the right still stands. For use after every wait between the check of a right and its use:
 * meanwhile the caller may have been disconnected, its identity may have expired, and its rights may have changed,
 * which are then asked for again (SES-12).
 */
export function confirmed<T>(
  caller: Caller,
  action: Action,
  address: Address,
  work: (address: Address) => MaybePromise<T>,
): MaybePromise<T> {
  caller.checkActs();
  if (address.rights === caller.rights) return work(address);
  return chain(authorizedAddress(caller, address.name, action, address.asked), (fresh) =>
    confirmed(caller, action, fresh, work),
  );
}

function inboxAddress(caller: Caller, action: Action): Address {
  const { inbox } = caller.context.registry;
  const { rights, identity } = caller;
  const { user } = identity;
  if (!inbox) throw new LongwaveError('unknown-channel', `The contract defines no '${inboxName}'.`);
  if (user === undefined) throw new LongwaveError('forbidden', 'Only an authenticated user has an inbox.');
  if (action === 'publish' || action === 'redact')
    throw new LongwaveError('forbidden', 'Only the server publishes to inboxes.');
  const { pattern, definition, params } = inbox;
  return { pattern, definition, params, name: inboxName, key: inboxKey(user), rights };
}
