import { LongwaveError, type Publish, type RedactionRequest, isPlainObject, wireLimits } from '@longwave/protocol';
import type { Address } from '../rights/address.js';
import type { Redactable } from '../../channels/redactions.js';
import type { Session } from '../session.js';
import { acknowledge, metaOf, requireEarlier, requireNoEntry } from './acknowledge.js';
import { authorizedAddress, confirmed } from '../rights/address.js';
import { type MaybePromise, chain } from '../../base/maybe-promise.js';
import { fault } from '../../base/fault.js';
import { requireRedactable } from '../../channels/redactions.js';
import { requireRoom } from '../in-flight.js';

/** RED-1, RED-3: a publish of kind `redact`. It reads before it writes, so later publishes wait for the reading. */
export function handleRedact(session: Session, frame: Publish): MaybePromise<void> {
  requireRoom(session);
  requireEarlier(frame);
  const { redactions, appends } = session.context;
  return chain(authorizedAddress(session, frame.channel, 'redact'), (address) => {
    const definition = requireRedactable(address.name, address.definition);
    const asked = readRequest(frame);
    return chain(redactions.find(address.key, asked), (found) =>
      confirmed(session, 'redact', address, (fresh) => {
        requireAuthor(session, fresh, found);
        void acknowledge(session, frame, () =>
          appends.add(session, redactions.store(fresh.key, definition, found, asked.reason, metaOf(session, frame))),
        );
      }),
    );
  });
}

/** Throws `invalid-data`, `wrong-mode` or `too-large`. */
function readRequest(frame: Publish): RedactionRequest {
  requireNoEntry(frame);
  const { epoch, offset, reason } = isPlainObject(frame.data) ? frame.data : {};
  const isPosition = typeof epoch === 'string' && typeof offset === 'number' && Number.isSafeInteger(offset);
  if (!isPosition || (reason !== undefined && typeof reason !== 'string')) {
    throw new LongwaveError('invalid-data', 'A redaction is { epoch, offset, reason? }.');
  }
  if (epoch.length > wireLimits.epochLength) throw fault('too-large');
  if (reason !== undefined && reason.length > wireLimits.reasonLength) {
    throw new LongwaveError('too-large', `The reason of a redaction has at most ${wireLimits.reasonLength} units.`);
  }
  return { epoch, offset, reason };
}

/** RED-3. A message that is no longer retained has no author, and the store refuses it. */
function requireAuthor({ identity }: Session, { anyAuthor, name }: Address, { message }: Redactable): void {
  if (anyAuthor || !message || (message.user !== undefined && message.user === identity.user)) return;
  throw new LongwaveError('forbidden', `No right to redact what others published to '${name}'.`);
}
