import { type FormEvent, type KeyboardEvent, type ReactElement, useEffect, useRef, useState } from 'react';
import { maxTextLength } from '../../shared/chat.js';

interface EditFormProps {
  readonly text: string;
  readonly onSave: (text: string) => void;
  readonly onCancel: () => void;
}

/** In place of a message's text. Enter saves, Escape leaves it as it is. */
export function EditForm({ text: initial, onSave, onCancel }: EditFormProps): ReactElement {
  const [text, setText] = useState(initial);
  const field = useRef<HTMLTextAreaElement>(null);

  useEffect(() => {
    const end = field.current?.value.length ?? 0;
    field.current?.focus();
    field.current?.setSelectionRange(end, end);
  }, []);

  const save = (event: FormEvent | KeyboardEvent): void => {
    event.preventDefault();
    const trimmed = text.trim();
    if (trimmed === '') return;
    if (trimmed === initial) onCancel();
    else onSave(trimmed);
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Escape') onCancel();
    else if (event.key === 'Enter' && !event.shiftKey) save(event);
  };

  return (
    <form className="edit-form" onSubmit={save}>
      <textarea
        ref={field}
        aria-label="Edit the message"
        rows={Math.min(6, text.split('\n').length)}
        dir="auto"
        maxLength={maxTextLength}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <p className="message-actions">
        <button type="button" className="link-button" onClick={onCancel}>
          Cancel
        </button>
        <button type="submit" className="link-button" disabled={text.trim() === ''}>
          Save
        </button>
      </p>
    </form>
  );
}
