import type { ReactElement } from 'react';
import { useStore } from '../lib/store.js';
import type { LiveRoom } from './live-room.js';

/** A change of ours was shown and then refused: that it is not so has to be said. */
export function ChangeProblem({ room }: { readonly room: Pick<LiveRoom, 'marks' | 'messages'> }): ReactElement {
  const { marks, messages } = room;
  const mark = useStore(marks.store).problem;
  const deletion = useStore(messages.store).problem;
  return (
    <>
      {mark !== undefined && <Problem text={`Your change was not stored: ${mark}`} onDismiss={marks.dismissProblem} />}
      {deletion !== undefined && (
        <Problem text={`The message was not deleted: ${deletion}`} onDismiss={messages.dismissProblem} />
      )}
    </>
  );
}

function Problem({ text, onDismiss }: { readonly text: string; readonly onDismiss: () => void }): ReactElement {
  return (
    <div className="notice notice-reset" role="alert">
      <p>{text}</p>
      <button type="button" className="link-button" onClick={onDismiss}>
        Dismiss
      </button>
    </div>
  );
}
