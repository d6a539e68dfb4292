import { type FormEvent, type ReactElement, useEffect, useRef, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { cleanRoom, maxRoomLength } from '../../shared/chat.js';
import type { DocumentArea } from '../../shared/documents.js';
import { createSaved } from '../lib/saved.js';
import { keepDocument, listDocuments } from './documents.js';

interface DocumentNavProps {
  readonly area: DocumentArea;
  readonly current: string;
  /** The word for one of them: "document", "board". */
  readonly noun: string;
  /** Titles by name, where there are some. */
  readonly titles?: ReadonlyMap<string, string>;
}

const saved = createSaved(() => localStorage);

export function DocumentNav({ area, current, noun, titles }: DocumentNavProps): ReactElement {
  const [, navigate] = useLocation();
  const [isOpen, setOpen] = useState(false);
  const [text, setText] = useState('');
  const [problem, setProblem] = useState(false);
  const list = useRef<HTMLUListElement>(null);

  useEffect(() => {
    keepDocument(saved, area, current);
  }, [area, current]);
  useEffect(() => {
    // Titles that come move what is before.
    list.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [current, titles]);

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const id = cleanRoom(text);
    if (id === undefined) {
      setProblem(true);
      return;
    }
    setText('');
    setOpen(false);
    navigate(`/${area}/${id}`);
  };

  return (
    <nav className="rooms documents" aria-label={`${noun[0]!.toUpperCase()}${noun.slice(1)}s`}>
      <ul ref={list}>
        {listDocuments(saved, area, current).map((id) => (
          <li key={id}>
            <Link href={`/${area}/${id}`} aria-current={id === current ? 'page' : undefined}>
              <bdi>{titles?.get(id) ?? id}</bdi>
            </Link>
          </li>
        ))}
      </ul>
      <button
        type="button"
        className="link-button room-toggle"
        aria-expanded={isOpen}
        aria-controls="document-form"
        onClick={() => setOpen(!isOpen)}
      >
        {isOpen ? 'Close' : 'New'}
      </button>
      <form id="document-form" onSubmit={submit} className="room-form" data-open={isOpen}>
        <label className="visually-hidden" htmlFor="new-document">
          Open a {noun} by name
        </label>
        <input
          id="new-document"
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
