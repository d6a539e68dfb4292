import { type FormEvent, type ReactElement, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { cleanRoom, maxRoomLength } from '../../shared/chat.js';

interface NameNavProps {
  /** The path before the names: "chat", "write". */
  readonly area: string;
  /** The word for one of them: "room", "document". */
  readonly noun: string;
  readonly names: readonly string[];
  readonly current: string;
  /** The button that shows the form on a phone. */
  readonly more: string;
  readonly className?: string;
  /** Another value each time that the links before the current one may have moved. */
  readonly shift?: unknown;
  /** The link of a name. */
  readonly show: (name: string) => ReactNode;
}

/** Links to places that have names, and a form to open another by its name. */
export function NameNav({ area, noun, names, current, more, className = '', shift, show }: NameNavProps): ReactElement {
  const [, navigate] = useLocation();
  const [text, setText] = useState('');
  const [problem, setProblem] = useState(false);
  // Only a phone hides the form.
  const [isOpen, setOpen] = useState(false);
  const list = useRef<HTMLUListElement>(null);
  const [form, field] = [useId(), useId()];

  useEffect(() => {
    list.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [current, shift]);

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const name = cleanRoom(text);
    if (name === undefined) {
      setProblem(true);
      return;
    }
    setText('');
    setOpen(false);
    navigate(`/${area}/${name}`);
  };

  return (
    <nav className={`rooms ${className}`} aria-label={`${noun[0]!.toUpperCase()}${noun.slice(1)}s`}>
      <ul ref={list}>
        {names.map((name) => (
          <li key={name}>
            <Link href={`/${area}/${name}`} aria-current={name === current ? 'page' : undefined}>
              {show(name)}
            </Link>
          </li>
        ))}
      </ul>
      <button
        type="button"
        className="link-button room-toggle"
        aria-expanded={isOpen}
        aria-controls={form}
        onClick={() => setOpen(!isOpen)}
      >
        {isOpen ? 'Close' : more}
      </button>
      <form id={form} onSubmit={submit} className="room-form" data-open={isOpen}>
        <label className="visually-hidden" htmlFor={field}>
          Open a {noun} by name
        </label>
        <input
          id={field}
          value={text}
          placeholder={`Another ${noun}`}
          maxLength={maxRoomLength}
          autoComplete="off"
          autoCapitalize="none"
          aria-invalid={problem}
          onChange={(event) => (setText(event.target.value), setProblem(false))}
        />
        <button type="submit" className="button" disabled={text.trim() === ''}>
          Open
        </button>
        {problem && (
          <p className="problem" role="alert">
            Letters a to z and digits, please.
          </p>
        )}
      </form>
    </nav>
  );
}
