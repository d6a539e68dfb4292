import { type ReactElement, useEffect, useRef } from 'react';
import { hueOf } from '../chat/hue.js';
import { useStore } from '../lib/store.js';
import { CommentForm } from './comment-form.js';
import type { Comments } from './comments.js';
import type { Thread } from './threads.js';

const timeFormat = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

interface CommentsPanelProps {
  readonly comments: Comments;
  readonly user: string | undefined;
  /** Threads whose words are still there. */
  readonly found: ReadonlySet<string>;
  /** Brings the words that a thread is about into view. */
  readonly onShow: (thread: string) => void;
}

/** Threads beside the text, in the order in which they began. */
export function CommentsPanel({ comments, user, found, onShow }: CommentsPanelProps): ReactElement {
  const { threads, active, draft, problem } = useStore(comments.store);
  const open = threads.filter(({ isResolved }) => !isResolved);
  const resolved = threads.filter(({ isResolved }) => isResolved);
  const show = (thread: Thread): ReactElement => (
    <ThreadView
      key={thread.id}
      thread={thread}
      comments={comments}
      user={user}
      isActive={thread.id === active}
      isFound={found.has(thread.id)}
      onShow={onShow}
    />
  );

  return (
    <>
      {draft && (
        <div className="thread thread-active">
          <blockquote className="thread-quote" dir="auto">
            {draft.quote}
          </blockquote>
          <CommentForm
            label="Comment on this"
            button="Comment"
            takesFocus
            onSend={comments.start}
            onCancel={() => comments.begin(undefined)}
          />
        </div>
      )}
      {problem !== undefined && (
        <p className="problem" role="alert">
          Not stored: {problem}
        </p>
      )}
      {open.length > 0 && <ul className="threads">{open.map(show)}</ul>}
      {threads.length === 0 && !draft && (
        <p className="quiet">
          {user === undefined ? 'No comments.' : 'No comments. Select some words, then press “Comment”.'}
        </p>
      )}
      {resolved.length > 0 && (
        <details className="resolved">
          <summary>{resolved.length} resolved</summary>
          <ul className="threads">{resolved.map(show)}</ul>
        </details>
      )}
    </>
  );
}

interface ThreadViewProps {
  readonly thread: Thread;
  readonly comments: Comments;
  readonly user: string | undefined;
  readonly isActive: boolean;
  readonly isFound: boolean;
  readonly onShow: (thread: string) => void;
}

function ThreadView({ thread, comments, user, isActive, isFound, onShow }: ThreadViewProps): ReactElement {
  const item = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (isActive) item.current?.scrollIntoView({ block: 'nearest' });
  }, [isActive]);
  const { id, about, isResolved } = thread;

  return (
    <li ref={item} className={`thread${isActive ? ' thread-active' : ''}`} data-testid="thread">
      {about && (
        <blockquote className="thread-quote" dir="auto">
          {isFound ? (
            <button
              type="button"
              className="thread-show"
              onClick={() => onShow(id)}
              aria-label={`Show “${about.quote}”`}
            >
              {about.quote}
            </button>
          ) : (
            <del title="These words are gone">{about.quote}</del>
          )}
        </blockquote>
      )}
      {thread.comments.map(({ id: comment, author, text, time }) => (
        <div key={comment} className="comment">
          <p className="comment-head">
            <strong className={`hue-${hueOf(author)}`}>
              <bdi>{author}</bdi>
            </strong>{' '}
            <time dateTime={new Date(time).toISOString()}>{timeFormat.format(time)}</time>
          </p>
          <p className="comment-text" dir="auto">
            {text}
          </p>
          {author === user && (
            <button type="button" className="link-button comment-remove" onClick={() => comments.remove(id, comment)}>
              Remove<span className="visually-hidden"> my comment “{text}”</span>
            </button>
          )}
        </div>
      ))}
      {user !== undefined && (
        <>
          {!isResolved && isActive && (
            <CommentForm label="Reply" button="Reply" onSend={(text) => comments.reply(id, text)} />
          )}
          <div className="comment-actions">
            {!isResolved && !isActive && (
              <button type="button" className="link-button" onClick={() => comments.look(id)}>
                Reply
              </button>
            )}
            <button type="button" className="link-button" onClick={() => comments.resolve(id, !isResolved)}>
              {isResolved ? 'Open again' : 'Resolve'}
            </button>
          </div>
        </>
      )}
    </li>
  );
}
