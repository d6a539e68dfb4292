import { type ChangeKind, LongwaveError, type Publish, isLog } from '@longwave/protocol';
import type { Address } from '../rights/address.js';
import type { PublishContext } from '../../base/hooks.js';
import type { Session } from '../session.js';
import { acknowledge, metaOf, requireEarlier, requireNoEntry } from './acknowledge.js';
import { authorizedAddress, confirmed } from '../rights/address.js';
import { type MaybePromise, chain } from '../../base/maybe-promise.js';
import { requireRoom } from '../in-flight.js';
import { requireState } from '../../channels/require-mode.js';
import { type Commit, validate } from '../../channels/publisher.js';

/**
 * PUB-1 to PUB-7, MAP-1. Rights, schema and hook are waited for, the store is not: it keeps the order of the appends.
 */
export function handlePublish(session: Session, frame: Publish): MaybePromise<void> {
  requireRoom(session);
  requireEarlier(frame);
  return chain(authorizedAddress(session, frame.channel, 'publish'), (address) =>
    isLog(address.definition) ? publishMessage(session, frame, address) : publishChange(session, frame, address),
  );
}

function publishMessage(session: Session, frame: Publish, address: Address): MaybePromise<void> {
  requireNoEntry(frame, frame.kind);
  const { definition } = address;
  if (!isLog(definition)) return;
  return chain(requireMayMake(session, address), () =>
    chain(validate(definition.message, frame.data), (data) =>
      chain(applyHook(session, { channel: address.name, params: address.params, data }), (changed) =>
        confirmed(session, 'publish', address, ({ key: at }) => {
          void acknowledge(session, frame, () =>
            session.context.appends.add(
              session,
              session.context.publisher.append(at, definition, changed, metaOf(session, frame)),
            ),
          );
        }),
      ),
    ),
  );
}

function publishChange(session: Session, frame: Publish, address: Address): MaybePromise<void> {
  const { name: channel, params } = address;
  const definition = requireState(channel, address.definition);
  const { loaders, publisher } = session.context;
  const { key, expect, ttlMs } = frame;
  const kind = changeKind(frame);
  const ready = chain(loaders.ensure(address.key, definition.bounds), () => requireMayMake(session, address));
  return chain(ready, () =>
    chain(applyHook(session, { channel, params, data: frame.data, key, kind }), (data) => {
      const meta = { ...metaOf(session, frame), expect, ttlMs };
      const commit: Commit = (store) =>
        confirmed(session, 'publish', address, () => session.context.appends.add(session, store()));
      return chain(publisher.prepare(address.key, definition, { key, kind, data }, meta, commit), (append) => {
        const stored = acknowledge(session, frame, append);
        // A patch reads before it writes: later changes must wait for it.
        return kind === 'patch' ? stored : undefined;
      });
    }),
  );
}

/** LIM-12. A client that may make no channel any more goes on in those that there are. */
function requireMayMake(session: Session, { key }: Address): MaybePromise<void> {
  const { rates, store } = session.context;
  const waitMs = rates.creations.waitMs(session);
  if (waitMs === 0) return;
  return chain(store.bounds(key), ({ top }) => {
    if (top > 0) return;
    const message = 'So many new channels were made for this user or address that there is no room for another now.';
    throw new LongwaveError('too-many', message, { retryAfterMs: Math.ceil(waitMs) });
  });
}

function applyHook(
  session: Session,
  publish: Pick<PublishContext, 'channel' | 'params' | 'data' | 'key' | 'kind'>,
): MaybePromise<unknown> {
  const { hooks } = session.context;
  if (!hooks.publish) return publish.data;
  return hooks.publish({ ...session.view, ...publish });
}

/** A redaction is handled elsewhere. */
function changeKind({ kind = 'put' }: Publish): ChangeKind {
  if (kind === 'redact') throw new LongwaveError('wrong-mode', 'Only messages of a log can be redacted.');
  return kind;
}
