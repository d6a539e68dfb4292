import { LongwaveError, type PublishContext, type Server } from 'longwave';
import type { GalleryChannels } from '../../shared/channels.js';
import { parseMarkKey } from '../../shared/chat.js';

/**
 * Rules for a change in a room that schemas cannot express: everybody writes only under their own name, a read position
 * only moves on, and only the author of a message edits it. A deleted message takes no marks. That nobody deletes what others
 * said is RED-3, by the `true` of `mayGuest`. Throws `forbidden`, `conflict` or `invalid-data`. Leaves other channels alone.
 */
export async function checkChat(server: Server<GalleryChannels>, context: PublishContext): Promise<undefined> {
  const room = context.params['room'] ?? '';
  if (context.channel === `chat-read/${room}`) await checkRead(server, room, context);
  else if (context.channel === `chat-marks/${room}`) await checkMark(server, room, context);
}

/** The contract's schema looks at the data afterwards: here it may still be anything. */
type Members = Readonly<Record<string, unknown>>;

async function checkRead(server: Server<GalleryChannels>, room: string, context: PublishContext): Promise<void> {
  const { user, key, kind, data } = context;
  if (user === undefined || key !== user || kind !== 'put') {
    throw new LongwaveError('forbidden', 'Everybody says only of themselves what they have read.');
  }
  const { epoch, offset } = membersOf(data);
  const before = (await server.channel(`chat-read/${room}`).entry(user))?.value;
  if (before && before.epoch === epoch && !(typeof offset === 'number' && offset > before.offset)) {
    throw new LongwaveError('conflict', `Read up to #${before.offset} already.`);
  }
  const { epoch: current, top } = await server.channel(`chat/${room}`).history({ limit: 1 });
  if (epoch !== current || !(typeof offset === 'number' && offset <= top)) {
    throw new LongwaveError('invalid-data', 'There is no such message to have read.');
  }
}

async function checkMark(server: Server<GalleryChannels>, room: string, context: PublishContext): Promise<void> {
  const { user, key = '', kind, data } = context;
  const address = parseMarkKey(key);
  if (!address || address.user !== user || kind === 'delete') {
    throw new LongwaveError('forbidden', 'Everybody marks messages only under their own name.');
  }
  const page = await server.channel(`chat/${room}`).history({ after: address.offset - 1, limit: 1 });
  const message = page.messages[0];
  if (page.epoch !== address.epoch || message?.meta.offset !== address.offset) {
    throw new LongwaveError('invalid-data', `There is no message ${address.message}.`);
  }
  if (message.meta.redacted) throw new LongwaveError('conflict', 'The message was deleted.');
  if (message.meta.user !== user && membersOf(data)['text'] !== undefined) {
    throw new LongwaveError('forbidden', 'Only the author edits a message.');
  }
}

function membersOf(data: unknown): Members {
  return typeof data === 'object' && data !== null ? (data as Members) : {};
}
