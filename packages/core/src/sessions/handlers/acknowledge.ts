import { LongwaveError, type Publish } from '@longwave/protocol';
import type { Appended } from '../../base/ports.js';
import type { Session } from '../session.js';
import { type MaybePromise, chain, guard } from '../../base/maybe-promise.js';
import { scopedId } from '../../channels/scoped-ids.js';

/** Refuses a publish that names itself or a later one, which would wait for ever (PUB-7). */
export function requireEarlier({ seq, after = 0 }: Publish): void {
  if (after < seq) return;
  throw new LongwaveError(
    'invalid-data',
    `after is ${after}; it names a publish before this one, which has seq ${seq}.`,
  );
}

/** Refuses a publish to a log that names an entry, or treats one in some `kind` of way. */
export function requireNoEntry({ key, expect, ttlMs }: Publish, kind?: Publish['kind']): void {
  if (key === undefined && expect === undefined && ttlMs === undefined && kind === undefined) return;
  throw new LongwaveError('wrong-mode', 'A log has messages, which `publish` adds, and no entries.');
}

/** The part of a publish that tells repeated ones (PUB-2, PUB-3). */
export function metaOf(session: Session, { messageId: id, seq, after, retry }: Publish) {
  const { identity, clientKey, context } = session;
  const scoped = id === undefined ? undefined : scopedId(id, identity, () => context.digest(clientKey));
  return { id: scoped, user: identity.user, producer: { id: clientKey, seq, after }, retry };
}

/** Answers with what `work` comes to. */
export function acknowledge(session: Session, { id }: Publish, work: () => MaybePromise<Appended>): MaybePromise<void> {
  session.begin();
  return guard(
    () =>
      chain(work(), ({ epoch, offset, duplicate }) => {
        const { store, rates } = session.context;
        const { durability } = store;
        // The first operation of a channel.
        if (offset === 1 && !duplicate) rates.creations.count(session);
        session.send({ type: 'ack', id, epoch, offset, durability, duplicate: duplicate || undefined });
        session.finish();
      }),
    (error) => {
      session.fail(id, error);
      session.finish();
    },
  );
}
