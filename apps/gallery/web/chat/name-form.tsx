import { type FormEvent, type ReactElement, useId, useState } from 'react';
import { cleanName, maxNameLength } from '../../shared/chat.js';

interface NameFormProps {
  readonly current: string | undefined;
  readonly onChoose: (name: string) => void;
  readonly onCancel?: () => void;
}

export function NameForm({ current, onChoose, onCancel }: NameFormProps): ReactElement {
  const [text, setText] = useState(current ?? '');
  const [problem, setProblem] = useState<string>();
  const id = useId();

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const name = cleanName(text);
    if (name === undefined) {
      setProblem(
        `A name has 1 to ${maxNameLength} letters, digits, spaces or . _ - ' and begins with a letter or digit.`,
      );
      return;
    }
    onChoose(name);
  };

  return (
    <form className="name-form" onSubmit={submit} noValidate>
      <label htmlFor={id}>Your display name</label>
      <div className="field-row">
        <input
          id={id}
          value={text}
          maxLength={maxNameLength}
          // oxlint-disable-next-line jsx-a11y/autocomplete-valid -- HTML §4.10.18.7 has it
          autoComplete="nickname"
          dir="auto"
          enterKeyHint="done"
          aria-invalid={problem !== undefined}
          aria-describedby={`${id}-note`}
          onChange={(event) => (setText(event.target.value), setProblem(undefined))}
        />
        <button type="submit" className="button button-primary">
          {current === undefined ? 'Join' : 'Change'}
        </button>
        {onCancel && (
          <button type="button" className="button" onClick={onCancel}>
            Cancel
          </button>
        )}
      </div>
      <p id={`${id}-note`} className={problem ? 'problem' : 'quiet'} role={problem ? 'alert' : undefined}>
        {problem ?? 'Anybody can take any name: this is a demonstration, without accounts.'}
      </p>
    </form>
  );
}
