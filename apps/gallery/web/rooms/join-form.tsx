import { type FormEvent, type ReactElement, useId, useState } from 'react';
import { cleanPlayerName, maxPlayerName } from '../../shared/rooms/player.js';

interface JoinFormProps {
  readonly name: string;
  readonly title: string;
  readonly button: string;
  readonly children?: React.ReactNode;
  readonly onJoin: (name: string) => void;
}

/** Asks for a short name. */
export function JoinForm({ name, title, button, children, onJoin }: JoinFormProps): ReactElement {
  const [text, setText] = useState(name);
  const [problem, setProblem] = useState(false);
  const field = useId();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const clean = cleanPlayerName(text);
    if (clean === undefined) setProblem(true);
    else onJoin(clean);
  };
  return (
    <form className="join-form" onSubmit={submit} noValidate>
      <h2>{title}</h2>
      {children}
      <label htmlFor={field}>Your name in the game</label>
      <div className="field-row">
        <input
          id={field}
          value={text}
          maxLength={maxPlayerName}
          // oxlint-disable-next-line jsx-a11y/autocomplete-valid -- HTML §4.10.18.7 has it
          autoComplete="nickname"
          enterKeyHint="go"
          aria-invalid={problem}
          aria-describedby={problem ? `${field}-problem` : undefined}
          onChange={(event) => (setText(event.target.value), setProblem(false))}
        />
        <button type="submit" className="button button-primary">
          {button}
        </button>
      </div>
      {problem && (
        <p id={`${field}-problem`} className="problem" role="alert">
          {`A name has 1 to ${maxPlayerName} letters, digits, spaces or . _ - ' and begins with a letter or digit.`}
        </p>
      )}
    </form>
  );
}
