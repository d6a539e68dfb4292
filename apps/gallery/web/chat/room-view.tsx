import { type ReactElement, useEffect, useState } from 'react';
import { useStore } from '../lib/store.js';
import { useConnection, useSession, useSessions } from '../session/session-context.js';
import { useSecondsUntil } from '../session/use-seconds-until.js';
import { Announcer } from './announcer.js';
import { ChangeProblem } from './change-problem.js';
import { Composer } from './composer.js';
import type { LiveRoom } from './live-room.js';
import { MessageList } from './message-list.js';
import { NameForm } from './name-form.js';
import { NoticeBar } from './notice-bar.js';
import { People } from './people.js';
import { TypingLine } from './typing-line.js';
import { useReadPosition } from './use-read-position.js';
import { useScroll } from './use-scroll.js';
import { countMessages } from './words.js';

interface RoomViewProps {
  readonly name: string;
  readonly room: LiveRoom;
  /** The form for the name had the focus, and gave way to the composer. */
  readonly wantsFocus: boolean;
  /** Kept above: with another name this view is another. */
  readonly onWantFocus: (wantsFocus: boolean) => void;
}

export function RoomView({ name, room, wantsFocus, onWantFocus }: RoomViewProps): ReactElement {
  const sessions = useSessions();
  const session = useSession();
  const { messages } = room;
  const state = useStore(messages.store);
  const scrolling = useScroll(messages, state);
  const [isRenaming, setRenaming] = useState(false);
  const last = state.entries.at(-1);
  const lastMessage = last?.kind === 'message' ? last : undefined;
  useReadPosition(room.reading, state.newest, scrolling.isAtBottom);
  useEffect(() => room.open(), [room]);

  const send = (text: string): void => {
    messages.send(text);
    // After the message is shown.
    requestAnimationFrame(scrolling.toBottom);
  };

  return (
    <section className="room" aria-labelledby="room-title">
      <header className="room-head">
        <h1 id="room-title">
          <span aria-hidden="true">#</span>
          {name}
        </h1>
        <People attendance={room.attendance} user={session.name} />
        {session.name !== undefined && !isRenaming && (
          <p className="room-identity">
            You are <bdi>{session.name}</bdi>{' '}
            <button
              type="button"
              className="link-button"
              onClick={() => setRenaming(true)}
              disabled={session.hasUnsent()}
              title={session.hasUnsent() ? 'Once your messages are sent' : undefined}
            >
              Change
            </button>
          </p>
        )}
      </header>
      <OfflineBar waiting={state.outgoing.filter(({ fate }) => fate.status === 'sending').length} />
      {state.status === 'ended' && (
        <div className="notice notice-reset" role="alert">
          <p>This room has ended for you: {state.endedBecause}</p>
        </div>
      )}
      {state.notice && <NoticeBar notice={state.notice} onDismiss={messages.dismissNotice} />}
      <ChangeProblem room={room} />
      <div className="messages-frame">
        <MessageList
          room={room}
          state={state}
          user={session.name}
          list={scrolling.list}
          onScroll={scrolling.onScroll}
        />
        {!scrolling.isAtBottom && (
          <button type="button" className="pill" onClick={scrolling.toBottom}>
            {scrolling.newCount > 0 ? `${scrolling.newCount} new ↓` : 'To the newest ↓'}
          </button>
        )}
      </div>
      <TypingLine typing={room.typing} />
      <Announcer last={lastMessage} user={session.name} />
      {session.name === undefined || isRenaming ? (
        <NameForm
          current={session.name}
          onChoose={(chosen) => {
            setRenaming(false);
            onWantFocus(true);
            sessions.rename(chosen);
          }}
          {...(session.name === undefined ? {} : { onCancel: () => setRenaming(false) })}
        />
      ) : (
        <Composer
          label={`Write to #${name}`}
          draftKey={`draft:${name}`}
          wantsFocus={wantsFocus}
          onFocus={() => onWantFocus(false)}
          onSend={send}
          onType={room.typing.typed}
        />
      )}
    </section>
  );
}

/** While the connection is away: that it is, that writing goes on, and how to hurry it. */
function OfflineBar({ waiting }: { readonly waiting: number }): ReactElement | undefined {
  const { client } = useSession();
  const connection = useConnection();
  const seconds = useSecondsUntil(connection.status === 'waiting' ? connection.retryAt : undefined);
  const isAway = connection.status === 'waiting' || (connection.status === 'connecting' && connection.attempt > 1);
  if (!isAway) return undefined;
  return (
    <div className="notice notice-offline" data-testid="offline">
      <p>
        No connection{seconds > 0 ? `, next attempt in ${seconds} s` : ', connecting'}.{' '}
        {waiting > 0 ? `${countMessages(waiting)} waiting to be sent.` : 'You can go on writing.'}
      </p>
      <button type="button" className="link-button" onClick={() => client.reconnect()}>
        Retry now
      </button>
    </div>
  );
}
