import { type FormEvent, type ReactElement, useEffect, useId, useRef, useState } from 'react';
import { maxCommentLength } from '../../shared/write-comments.js';

interface CommentFormProps {
  readonly label: string;
  readonly button: string;
  readonly takesFocus?: boolean;
  /** Resolves with whether it was stored: only then the text goes. */
  readonly onSend: (text: string) => Promise<boolean>;
  readonly onCancel?: () => void;
}

export function CommentForm({ label, button, takesFocus, onSend, onCancel }: CommentFormProps): ReactElement {
  const [text, setText] = useState('');
  const [isSending, setSending] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  useEffect(() => {
    if (takesFocus) field.current?.focus();
  }, [takesFocus]);

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (text.trim() === '' || isSending) return;
    setSending(true);
    void onSend(text.trim()).then((isStored) => {
      setSending(false);
      if (isStored) setText('');
    });
  };

  return (
    <form className="comment-form" onSubmit={submit}>
      <label className="visually-hidden" htmlFor={id}>
        {label}
      </label>
      <textarea
        ref={field}
        id={id}
        rows={2}
        value={text}
        placeholder={label}
        maxLength={maxCommentLength}
        dir="auto"
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onCancel?.();
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit(event);
        }}
      />
      <div className="comment-actions">
        {onCancel && (
          <button type="button" className="link-button" onClick={onCancel}>
            Cancel
          </button>
        )}
        <button type="submit" className="button" disabled={text.trim() === '' || isSending}>
          {isSending ? 'Not stored yet' : button}
        </button>
      </div>
    </form>
  );
}
