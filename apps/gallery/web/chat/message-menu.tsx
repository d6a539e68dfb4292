import { type KeyboardEvent, type ReactElement, useId, useRef, useState } from 'react';
import { type Reaction, reactions } from '../../shared/chat.js';

interface MessageMenuProps {
  /** Whose message it is and when it was said, for those who do not see where the button stands. */
  readonly label: string;
  readonly onReact: (reaction: Reaction) => void;
  /** For the author. */
  readonly onEdit?: () => void;
  readonly onRemove?: () => void;
}

/** Actions on a message: one button until it is opened, so that the Tab key meets one stop for each message. */
export function MessageMenu({ label, onReact, onEdit, onRemove }: MessageMenuProps): ReactElement {
  const [isOpen, setOpen] = useState(false);
  const toggle = useRef<HTMLButtonElement>(null);
  const id = useId();

  const close = (): void => {
    setOpen(false);
    toggle.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') close();
  };

  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- only listens to the keys of the buttons within
    <div className="message-menu" data-open={isOpen} onKeyDown={onKeyDown}>
      <button
        ref={toggle}
        type="button"
        className="menu-toggle"
        aria-label={label}
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setOpen(!isOpen)}
      >
        ⋯
      </button>
      {isOpen && (
        <div id={id} className="menu-items">
          {reactions.map((reaction) => (
            <button
              key={reaction}
              type="button"
              className="menu-reaction"
              aria-label={`React with ${reaction}`}
              onClick={() => (onReact(reaction), close())}
            >
              {reaction}
            </button>
          ))}
          <span className="menu-own">
            {onEdit && (
              <button type="button" className="link-button" onClick={() => (setOpen(false), onEdit())}>
                Edit
              </button>
            )}
            {onRemove && (
              <button type="button" className="link-button" onClick={() => (setOpen(false), onRemove())}>
                Delete
              </button>
            )}
          </span>
        </div>
      )}
    </div>
  );
}
