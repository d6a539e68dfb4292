import type { Client } from 'longwave/client';
import type { KeptOutbox } from 'longwave/client/persist';
import type { GalleryChannels } from '../../shared/channels.js';
import { pageVisibility } from '../lib/page-visibility.js';
import type { Saved } from '../lib/saved.js';
import { type Attendance, createAttendance } from './attendance.js';
import { type MessageMarks, createMarks } from './marks.js';
import { type Reading, createReading } from './reading.js';
import { type Room, createRoom } from './room.js';
import type { StoredMessage } from './room-state.js';
import { type Typing, createTyping } from './typing.js';
import type { Unread } from './unread.js';

/** All that goes on in a room: its messages, and what is around them. */
export interface LiveRoom {
  readonly messages: Room;
  readonly attendance: Attendance;
  readonly typing: Typing;
  readonly reading: Reading;
  readonly marks: MessageMarks;
  /** Deletes a message of ours for all: an edit of its text, and its text in the log. */
  remove(message: StoredMessage): void;
  /** Opens all of it. Returns how to leave. */
  open(): () => void;
}

interface LiveRoomOptions {
  readonly client: Client<GalleryChannels>;
  readonly room: string;
  readonly user: string | undefined;
  readonly outbox: KeptOutbox;
  readonly tab: Saved;
  readonly unread: Unread;
}

export function createLiveRoom({ tab, unread, outbox, ...options }: LiveRoomOptions): LiveRoom {
  const messages = createRoom({ ...options, outbox, tab });
  const attendance = createAttendance({ ...options, visibility: pageVisibility });
  const typing = createTyping(options);
  const reading = createReading({ ...options, onReached: (position) => unread.seen(options.room, position) });
  const marks = createMarks(options);
  return {
    messages,
    attendance,
    typing,
    reading,
    marks,
    remove: (message) => messages.remove(message, () => marks.clear(message.key)),
    open: () => {
      const stops = [messages, attendance, typing, reading, marks].map((part) => part.open());
      return () => {
        for (const stop of stops) stop();
      };
    },
  };
}
