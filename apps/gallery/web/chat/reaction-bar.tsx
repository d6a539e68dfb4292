import type { ReactElement } from 'react';
import type { Reaction } from '../../shared/chat.js';
import type { ShownMarks } from './marks-state.js';
import { describeNames } from './words.js';

interface ReactionBarProps {
  readonly reactions: ShownMarks['reactions'];
  readonly user: string | undefined;
  readonly onToggle: (reaction: Reaction) => void;
}

/** The reactions to a message. A user with a name adds a reaction or takes theirs back with a press. */
export function ReactionBar({ reactions, user, onToggle }: ReactionBarProps): ReactElement | undefined {
  if (reactions.length === 0) return undefined;
  return (
    <p className="reactions">
      {reactions.map(({ reaction, users }) => (
        <button
          key={reaction}
          type="button"
          className="reaction"
          disabled={user === undefined}
          aria-pressed={user !== undefined && users.includes(user)}
          aria-label={`${reaction} by ${describeNames(users)}`}
          title={describeNames(users)}
          onClick={() => onToggle(reaction)}
        >
          <span aria-hidden="true">{reaction}</span> {users.length}
        </button>
      ))}
    </p>
  );
}
