import { type FormEvent, type ReactElement, useState } from 'react';
import { formatHex, parseHex } from './hex.js';

/** Well under the server's limit of 64 KiB a message. */
const maxBytes = 16 * 1024;
const randomBytes = 32;

interface SenderProps {
  readonly isOpen: boolean;
  readonly onSend: (body: string | Uint8Array<ArrayBuffer>) => void;
}

export function Sender({ isOpen, onSend }: SenderProps): ReactElement {
  const [kind, setKind] = useState<'text' | 'binary'>('text');
  const [text, setText] = useState('');
  const [hex, setHex] = useState('');
  const [problem, setProblem] = useState<string>();

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (kind === 'text') {
      onSend(text);
      setText('');
      return;
    }
    const bytes = parseHex(hex);
    if (bytes) onSend(bytes);
    else setProblem('Pairs of hex digits, please: ca fe 00 ff.');
  };

  return (
    <form className="sender" onSubmit={submit}>
      <fieldset className="choice">
        <legend className="visually-hidden">Kind of message</legend>
        {(['text', 'binary'] as const).map((option) => (
          <label key={option}>
            <input
              type="radio"
              name="kind"
              value={option}
              checked={kind === option}
              onChange={() => (setKind(option), setProblem(undefined))}
            />
            <span>{option === 'text' ? 'Text' : 'Binary'}</span>
          </label>
        ))}
      </fieldset>
      <div className="field-row">
        <input
          aria-label={kind === 'text' ? 'Text to send' : 'Bytes to send, in hex'}
          className={kind === 'binary' ? 'mono' : undefined}
          value={kind === 'text' ? text : hex}
          maxLength={kind === 'text' ? maxBytes : maxBytes * 2}
          placeholder={kind === 'text' ? 'Say something' : 'ca fe 00 ff'}
          autoComplete="off"
          aria-invalid={problem !== undefined}
          onChange={({ target }) => {
            setProblem(undefined);
            if (kind === 'text') setText(target.value);
            else setHex(target.value);
          }}
        />
        {kind === 'binary' && (
          <button
            type="button"
            className="button"
            onClick={() => (
              setProblem(undefined),
              setHex(formatHex(crypto.getRandomValues(new Uint8Array(randomBytes))))
            )}
          >
            Random
          </button>
        )}
        <button type="submit" className="button button-primary" disabled={!isOpen}>
          Send
        </button>
      </div>
      {problem && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
    </form>
  );
}
