import { type ReactElement, memo } from 'react';
import type { StoredMessage } from './room-state.js';

const timeFormat = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const fullFormat = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'medium' });

interface MessageItemProps {
  readonly message: StoredMessage;
  readonly isOwn: boolean;
  /** Follows one of the same author closely: the name is not said again. */
  readonly isContinued: boolean;
}

export const MessageItem = memo(function MessageItem({ message, isOwn, isContinued }: MessageItemProps): ReactElement {
  const author = message.user ?? 'somebody';
  return (
    <li
      className={`message${isOwn ? ' message-own' : ''}${isContinued ? ' message-continued' : ''}`}
      data-key={message.key}
      data-testid="message"
    >
      <p className={isContinued ? 'visually-hidden' : `message-author${isOwn ? '' : ` hue-${hueOf(author)}`}`}>
        <bdi>{isOwn ? 'You' : author}</bdi>
      </p>
      <div className="bubble">
        <p className="message-text" dir="auto">
          {message.text}
        </p>
        <p className="message-meta">
          <time
            dateTime={new Date(message.time).toISOString()}
            title={`${fullFormat.format(message.time)}, #${message.offset}`}
          >
            {timeFormat.format(message.time)}
          </time>
          {isOwn && <span className="message-fate"> · stored at #{message.offset}</span>}
        </p>
      </div>
    </li>
  );
});

/** One of six colours, the same for a name everywhere. */
function hueOf(name: string): number {
  let hash = 7;
  for (const character of name) hash = (hash * 31 + character.codePointAt(0)!) % 9973;
  return hash % 6;
}
