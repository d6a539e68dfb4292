import { LongwaveError, type PublishContext } from 'longwave';
import { parseCommentKey } from '../../shared/write-comments.js';

/**
 * Rules for comments that schemas cannot express: everybody writes and removes only their own; whether a thread is done is for all to say.
 * Throws `forbidden` or `invalid-data`. Leaves other channels alone.
 */
export function checkComment({ channel, params, user, key = '', kind, data }: PublishContext): void {
  if (channel !== `write-comments/${params['id'] ?? ''}`) return;
  const address = parseCommentKey(key);
  if (address === undefined) throw new LongwaveError('invalid-data', 'This is no key of a comment.');
  if (address.comment !== undefined && address.comment.user !== user) {
    throw new LongwaveError('forbidden', 'Everybody writes comments only under their own name.');
  }
  if (kind === 'delete') {
    if (address.comment === undefined) throw new LongwaveError('forbidden', 'A thread is opened again, not forgotten.');
    return;
  }
  const isResolution = typeof data === 'object' && data !== null && 'isResolved' in data;
  if (kind !== 'put' || isResolution !== (address.comment === undefined)) {
    throw new LongwaveError('invalid-data', 'The entry and its key are not of one kind.');
  }
}
