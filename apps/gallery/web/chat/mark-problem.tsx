import type { ReactElement } from 'react';
import { useStore } from '../lib/store.js';
import type { MessageMarks } from './marks.js';

/** A reaction, edit or removal was shown at once and then refused: that it is gone again has to be said. */
export function MarkProblem({ marks }: { readonly marks: MessageMarks }): ReactElement | undefined {
  const { problem } = useStore(marks.store);
  if (problem === undefined) return undefined;
  return (
    <div className="notice notice-reset" role="alert">
      <p>Your change was not stored: {problem}</p>
      <button type="button" className="link-button" onClick={marks.dismissProblem}>
        Dismiss
      </button>
    </div>
  );
}
