import { type FormEvent, type ReactElement, useState } from 'react';
import type { Correction } from '../../shared/scores/commentary.js';
import type { Line } from '../../shared/scores/lines.js';
import { isWhistle, maxCommentLength } from '../../shared/scores/limits.js';

interface LineActionsProps {
  readonly line: Line;
  readonly isBusy: boolean;
  /** `seen` is the line as it was when the correction was begun. */
  readonly onCorrect: (correction: Correction, seen: Line) => void;
}

/** Edit and withdraw, for a line that can be. The whistles of the director cannot. */
export function LineActions({ line, isBusy, onCorrect }: LineActionsProps): ReactElement | undefined {
  const [open, setOpen] = useState<{ readonly kind: Correction['kind']; readonly seen: Line }>();
  const [text, setText] = useState('');
  if (line.withdrawn || isWhistle(line.happening.kind)) return undefined;

  const begin = (kind: Correction['kind']): void => {
    setOpen({ kind, seen: line });
    setText(kind === 'edit' ? line.text : '');
  };
  if (!open) {
    return (
      <p className="line-actions">
        <button type="button" className="link-button" onClick={() => begin('edit')}>
          Edit
        </button>
        <button type="button" className="link-button" onClick={() => begin('withdrawal')}>
          Withdraw
        </button>
      </p>
    );
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (text.trim() === '') return;
    onCorrect({ kind: open.kind, of: line.offset, text: text.trim() }, open.seen);
    setOpen(undefined);
  };
  return (
    <form className="line-form" onSubmit={submit}>
      <label>
        {open.kind === 'edit' ? 'New words' : 'Why'}
        <input value={text} maxLength={maxCommentLength} dir="auto" onChange={(event) => setText(event.target.value)} />
      </label>
      <button type="submit" className="button" disabled={isBusy || text.trim() === ''}>
        {open.kind === 'edit' ? 'Save' : 'Withdraw it'}
      </button>
      <button type="button" className="button" onClick={() => setOpen(undefined)}>
        Cancel
      </button>
    </form>
  );
}
