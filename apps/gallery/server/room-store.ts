import type { Store } from 'longwave';

/**
 * Messages, read positions and marks of a room are kept, and so are documents with their versions, comments and titles, talks with the
 * assistant, inboxes, and what rooms of games were a moment ago. Members and typing signals are not.
 */
const keptChannel =
  /^(?:(?:chat|chat-read|chat-marks|assistant|assistant-parts|@me|\$room|(?:\$versions\/|\$parts\/)?(?:write|board)|write-comments)\/|(?:write-titles|inbox-seen)$)/;

/**
 * Rooms and documents outlive the process in `rooms`. Everything else is in `live`: the market, the fleet and the league are made up anew by each
 * process, and what an earlier one stored of them would contradict it. It has the optional methods as well: one that it lacked would be
 * hidden.
 */
export function keepRooms({ live, rooms }: { readonly live: Store; readonly rooms: Store }): Required<Store> {
  const storeOf = (channel: string): Store => (keptChannel.test(channel) ? rooms : live);
  return {
    // The weaker of both promises, since it is made for all channels.
    durability: live.durability,
    announcements: live.announcements === rooms.announcements ? live.announcements : 'best-effort',
    append: (channel, operation, keep) => storeOf(channel).append(channel, operation, keep),
    compact: (channel, compaction) => storeOf(channel).compact!(channel, compaction),
    read: (channel, query) => storeOf(channel).read(channel, query),
    bounds: (channel) => storeOf(channel).bounds(channel),
    watch: (channel, watcher) => storeOf(channel).watch(channel, watcher),
    relay: live.relay!,
    expire: async () => {
      await Promise.all([live.expire(), rooms.expire()]);
    },
    check: async () => {
      await Promise.all([live.check?.(), rooms.check?.()]);
    },
    close: async () => {
      await Promise.all([live.close(), rooms.close()]);
    },
  };
}
