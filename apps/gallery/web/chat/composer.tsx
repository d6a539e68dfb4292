import {
  type FormEvent,
  type KeyboardEvent,
  type ReactElement,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { maxTextLength } from '../../shared/chat.js';

interface ComposerProps {
  readonly label: string;
  /** Where the draft is kept, so that a reload does not lose it. */
  readonly draftKey: string;
  /** The field takes the focus. */
  readonly wantsFocus: boolean;
  readonly onFocus: () => void;
  readonly onSend: (text: string) => void;
  /** The draft has changed by hand, or was sent. */
  readonly onType: (text: string) => void;
}

function readDraft(key: string): string {
  try {
    return sessionStorage.getItem(key)?.slice(0, maxTextLength) ?? '';
  } catch {
    return '';
  }
}

export function Composer({ label, draftKey, wantsFocus, onFocus, onSend, onType }: ComposerProps): ReactElement {
  const [text, setText] = useState(() => readDraft(draftKey));
  const field = useRef<HTMLTextAreaElement>(null);
  const remaining = maxTextLength - text.length;

  useEffect(() => {
    try {
      if (text === '') sessionStorage.removeItem(draftKey);
      else sessionStorage.setItem(draftKey, text);
    } catch {
      // Without storage a draft lasts as long as the page.
    }
  }, [draftKey, text]);

  useLayoutEffect(() => {
    if (wantsFocus) field.current?.focus();
  }, [wantsFocus]);

  useLayoutEffect(() => {
    const element = field.current;
    if (!element) return;
    // As high as its text, up to the limit that the style sheet sets.
    element.style.height = 'auto';
    element.style.height = `${element.scrollHeight + 2}px`;
  }, [text]);

  const send = (event?: FormEvent): void => {
    event?.preventDefault();
    const trimmed = text.trim();
    if (trimmed === '') return;
    onSend(trimmed);
    setText('');
    onType('');
    field.current?.focus();
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    // Enter that ends the composition of a character is not ours.
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    send(event);
  };

  return (
    <form className="composer" onSubmit={send}>
      <label className="visually-hidden" htmlFor="composer">
        {label}
      </label>
      <textarea
        id="composer"
        ref={field}
        rows={1}
        dir="auto"
        placeholder={label}
        value={text}
        maxLength={maxTextLength}
        enterKeyHint="send"
        autoComplete="off"
        onChange={(event) => (setText(event.target.value), onType(event.target.value))}
        onKeyDown={onKeyDown}
        onFocus={onFocus}
      />
      {remaining < 200 && (
        <span className="composer-count" aria-live="polite">
          {remaining} left
        </span>
      )}
      <button type="submit" className="button button-primary" disabled={text.trim() === ''}>
        Send
      </button>
    </form>
  );
}
