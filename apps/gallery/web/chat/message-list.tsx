import { Fragment, type ReactElement, type RefObject } from 'react';
import { useStore } from '../lib/store.js';
import type { LiveRoom } from './live-room.js';
import { MessageItem } from './message-item.js';
import { OlderMessages } from './older-messages.js';
import { OutgoingItem } from './outgoing-item.js';
import type { Entry, RoomState, StoredMessage } from './room-state.js';
import { readersOf } from './reading.js';
import { useToday } from './use-today.js';
import { describeDay, describeReset, startOfDay } from './words.js';

/** Messages of one author closer together than this stand under one name. */
const groupMs = 5 * 60_000;

interface MessageListProps {
  readonly room: LiveRoom;
  readonly state: RoomState;
  readonly user: string | undefined;
  readonly list: RefObject<HTMLDivElement | null>;
  readonly onScroll: () => void;
}

export function MessageList({ room, state, user, list, onScroll }: MessageListProps): ReactElement {
  const { entries, outgoing, older, deleting } = state;
  const { marks } = useStore(room.marks.store);
  const readers = useStore(room.reading.store);
  const runStart = entries.findLastIndex((entry) => entry.kind === 'break') + 1;
  const today = useToday();
  const isEmpty = state.status === 'live' && entries.length === 0 && outgoing.length === 0;
  const lastOwn = entries.findLast((entry) => entry.kind === 'message' && entry.user === user);
  const olderMessages = (
    <OlderMessages older={older} isAfterBreak={runStart > 0} list={list} onLoad={room.messages.loadOlder} />
  );

  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls has to be reached by keyboard
    <section className="messages" ref={list} onScroll={onScroll} tabIndex={0} aria-label="Messages">
      <ol className="message-list">
        {entries.map((entry, index) => {
          const previous = entries[index - 1];
          return (
            <Fragment key={entry.key}>
              {index === runStart && olderMessages}
              {entry.kind === 'break' ? (
                <li className="divider divider-break">
                  <span>Not continuous: {describeReset(entry.reason)}</span>
                </li>
              ) : (
                <>
                  {isNewDay(entry, previous?.kind === 'break' ? entries[index - 2] : previous) && (
                    <li className="divider">
                      <span>{describeDay(entry.time, today)}</span>
                    </li>
                  )}
                  <MessageItem
                    message={entry}
                    marks={marks.get(entry.key)}
                    user={user}
                    actions={room.marks}
                    onRemove={room.remove}
                    isDeleting={deleting.has(entry.key)}
                    isContinued={isContinued(entry, previous)}
                    seenBy={entry === lastOwn ? readersOf(readers, entry, user) : undefined}
                  />
                </>
              )}
            </Fragment>
          );
        })}
        {runStart === entries.length && entries.length > 0 && olderMessages}
        {isEmpty && <li className="empty">Nothing has been said here yet.</li>}
        {outgoing.map((item, index) => (
          <OutgoingItem key={item.id} outgoing={item} room={room.messages} isContinued={index > 0} />
        ))}
      </ol>
    </section>
  );
}

function isNewDay(message: StoredMessage, previous: Entry | undefined): boolean {
  return previous?.kind !== 'message' || startOfDay(previous.time) !== startOfDay(message.time);
}

function isContinued(message: StoredMessage, previous: Entry | undefined): boolean {
  return (
    previous?.kind === 'message' &&
    previous.user === message.user &&
    message.time - previous.time < groupMs &&
    startOfDay(previous.time) === startOfDay(message.time)
  );
}
