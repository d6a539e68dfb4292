import type { History } from '@longwave/protocol';
import { wireLimits } from '@longwave/protocol';
import type { Session } from '../session.js';
import { authorizedAddress, confirmed } from '../rights/address.js';
import { type MaybePromise, chain } from '../../base/maybe-promise.js';
import { readHistory, readsForward } from '../../channels/read-history.js';
import { requireHistory } from '../../channels/require-mode.js';
import { requireEpoch } from '../../channels/require-epoch.js';
import { takeBytes } from '../../delivery/tail.js';

/** HIS-1, HIS-3. A page holds what fits in one chunk, at least one operation: the client asks on from there. */
export function handleHistory(session: Session, frame: History): MaybePromise<void> {
  const { store, limits } = session.context;
  const { id, channel, epoch, before, after, since, until } = frame;
  const limit = Math.min(frame.limit, wireLimits.pageOperations);
  return chain(authorizedAddress(session, channel, 'history'), (address) => {
    const { key, definition } = address;
    requireHistory(definition);
    return chain(readHistory(store, key, { after, before, since, until }, limit), (page) =>
      confirmed(session, 'history', address, () => {
        requireEpoch({ epoch, after, before }, page);
        const ops = fit(page.ops, readsForward(frame), limits.chunkBytes);
        const offset = ops[0]?.offset ?? page.top + 1;
        session.send({ type: 'page', id, channel, epoch: page.epoch, offset, ops, floor: page.floor, top: page.top });
      }),
    );
  });
}

/** Reading forward keeps the oldest, reading backward the newest. */
function fit<Op extends Parameters<typeof takeBytes>[0]>(ops: Op, forward: boolean, maxBytes: number) {
  if (forward) return takeBytes(ops, 0, maxBytes);
  return takeBytes(ops.toReversed(), 0, maxBytes).toReversed();
}
