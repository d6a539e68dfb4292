import { type ReactElement, memo, useRef, useState } from 'react';
import { EditForm } from './edit-form.js';
import { hueOf } from './hue.js';
import { type MarksOfMessage, showMarks } from './marks-state.js';
import type { MessageMarks } from './marks.js';
import { MessageMenu } from './message-menu.js';
import { ReactionBar } from './reaction-bar.js';
import type { StoredMessage } from './room-state.js';
import { describeNames } from './words.js';

const timeFormat = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const fullFormat = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'medium' });

interface MessageItemProps {
  readonly message: StoredMessage;
  /** Marks on the message. */
  readonly marks: MarksOfMessage | undefined;
  readonly user: string | undefined;
  readonly actions: MessageMarks;
  /** Deletes a message of the user. */
  readonly onRemove: (message: StoredMessage) => void;
  /** Its deletion is on its way. */
  readonly isDeleting: boolean;
  /** Follows one of the same author closely: the name is not said again. */
  readonly isContinued: boolean;
  /** Names, where it is to be said. */
  readonly seenBy: readonly string[] | undefined;
}

export const MessageItem = memo(function MessageItem(props: MessageItemProps): ReactElement {
  const { message, marks, user, actions, onRemove, isDeleting, isContinued, seenBy } = props;
  const [isEditing, setEditing] = useState(false);
  const item = useRef<HTMLLIElement>(null);
  const author = message.user ?? 'somebody';
  const isOwn = user !== undefined && message.user === user;
  const shown = showMarks(marks, message.user);
  const isDeleted = message.text === undefined;
  const isGone = isDeleted || isDeleting;
  const text = shown.text ?? message.text ?? '';
  const time = timeFormat.format(message.time);
  const remove = (): void => {
    onRemove(message);
    // The button goes with the text: the keyboard goes on from here.
    item.current?.focus();
  };

  return (
    <li
      ref={item}
      tabIndex={-1}
      className={`message${isOwn ? ' message-own' : ''}${isContinued ? ' message-continued' : ''}`}
      data-key={message.key}
      data-testid="message"
    >
      <p className={isContinued ? 'visually-hidden' : `message-author${isOwn ? '' : ` hue-${hueOf(author)}`}`}>
        <bdi>{isOwn ? 'You' : author}</bdi>
      </p>
      <div className="bubble">
        {isEditing && !isGone ? (
          <EditForm
            text={text}
            onSave={(edited) => (setEditing(false), actions.edit(message.key, edited))}
            onCancel={() => setEditing(false)}
          />
        ) : (
          <p className={`message-text${isGone ? ' message-removed' : ''}`} dir="auto">
            {isDeleted ? 'This message was deleted.' : isDeleting ? 'Deleting this message…' : text}
          </p>
        )}
        <p className="message-meta">
          {shown.text !== undefined && !isGone && <span title={`It was: ${message.text}`}>edited · </span>}
          <time
            dateTime={new Date(message.time).toISOString()}
            title={`${fullFormat.format(message.time)}, #${message.offset}`}
          >
            {time}
          </time>
          {isOwn && <span className="message-fate"> · stored at #{message.offset}</span>}
        </p>
        {user !== undefined && !isGone && !isEditing && (
          <MessageMenu
            label={`Actions for the message of ${isOwn ? 'yours' : author} at ${time}`}
            onReact={(reaction) => actions.toggle(message.key, reaction)}
            {...(isOwn && { onEdit: () => setEditing(true), onRemove: remove })}
          />
        )}
      </div>
      {/* The reactions of others are theirs; they are not shown on what is gone. */}
      {!isGone && (
        <ReactionBar
          reactions={shown.reactions}
          user={user}
          onToggle={(reaction) => actions.toggle(message.key, reaction)}
        />
      )}
      {seenBy !== undefined && seenBy.length > 0 && (
        <p className="seen-by" title={describeNames(seenBy)}>
          Seen by {seenBy.length}
          <span className="visually-hidden">: {describeNames(seenBy)}</span>
        </p>
      )}
    </li>
  );
});
