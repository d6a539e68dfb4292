import type { Publish } from '@longwave/protocol';
import { maxInflight } from '@longwave/protocol';
import type { Address } from '../address.js';
import type { Session } from '../session.js';
import { authorizedAddress } from '../address.js';
import { type MaybePromise, guard, chain } from '../maybe-promise.js';
import { fault } from '../fault.js';
import { validate } from '../publisher.js';

/** PUB-1 to PUB-6. Rights, schema and hook are waited for, the store is not: it keeps the order of the appends. */
export function handlePublish(session: Session, frame: Publish): MaybePromise<void> {
  if (session.inflight >= maxInflight) throw fault('rate-limited', 100);
  return chain(authorizedAddress(session, frame.channel, 'publish'), (address) =>
    chain(validate(address.definition.message, frame.data), (data) =>
      chain(applyHook(session, address, data), (changed) => append(session, frame, address, changed)),
    ),
  );
}

function applyHook(session: Session, { name, params }: Address, data: unknown): MaybePromise<unknown> {
  const { hooks } = session.context;
  if (!hooks.publish) return data;
  return chain(hooks.publish({ ...session.view, channel: name, params, data }), (changed) => changed ?? data);
}

function append(session: Session, frame: Publish, address: Address, data: unknown): void {
  const { publisher, store } = session.context;
  const { id, messageId, seq, retry, after } = frame;
  session.begin();
  void guard(
    () =>
      chain(
        publisher.append(address.key, address, data, {
          id: messageId,
          user: session.identity.user,
          producer: { id: session.clientKey, seq, after },
          retry,
        }),
        ({ epoch, offset, duplicate }) => {
          const { durability } = store;
          session.send({ type: 'ack', id, epoch, offset, durability, duplicate: duplicate || undefined });
          session.finish();
        },
      ),
    (error) => {
      session.fail(id, error);
      session.finish();
    },
  );
}
