import type { ReactElement } from 'react';
import { isCorrection } from '../../shared/scores/lines.js';
import type { BoardEntry } from './board.js';
import type { Desk, DeskState } from './desk.js';
import type { MatchFeedState } from './match-feed.js';
import { scoreWords } from './words.js';

interface SubmissionNoticeProps {
  readonly desk: Desk;
  readonly submission: NonNullable<DeskState['submission']>;
  readonly board: BoardEntry;
  readonly lines: MatchFeedState['lines'];
}

/** Shows the outcome of the last entry, and the choices that the operator has. */
export function SubmissionNotice({ desk, submission, board, lines }: SubmissionNoticeProps): ReactElement {
  const { fate, summary, entry } = submission;
  switch (fate.status) {
    case 'sending':
      return <p className="quiet">On its way: {summary}</p>;
    case 'stored':
      return (
        <p className="quiet" role="status">
          Stored at #{fate.offset}: {summary}
        </p>
      );
    case 'unknown':
      return (
        <Notice text={`The connection ended before the answer, so this may be stored: ${summary}`}>
          <button type="button" className="button" onClick={() => void desk.sendAgain()}>
            Send it again: it is stored once
          </button>
          <DropButton desk={desk} />
        </Notice>
      );
    case 'refused':
      return (
        <Notice text={`Not stored: ${fate.message}`}>
          <DropButton desk={desk} />
        </Notice>
      );
    case 'conflict': {
      const line = isCorrection(entry) ? lines.find(({ offset }) => offset === entry.of) : undefined;
      const theirs = line ? `The line reads now: ${line.text}` : `The board says now: ${scoreWords(board.match)}`;
      return (
        <Notice text="Somebody else was quicker. Nothing of yours is stored.">
          <dl className="conflict" data-testid="conflict">
            <dt>Theirs</dt>
            <dd>{theirs}</dd>
            <dt>Yours</dt>
            <dd>{summary}</dd>
          </dl>
          {!line?.withdrawn && (
            <button
              type="button"
              className="button button-primary"
              onClick={() => void desk.enterAnyway(line ? line.revision : board.version)}
            >
              Enter it as well
            </button>
          )}
          <DropButton desk={desk} />
        </Notice>
      );
    }
  }
}

function Notice({ text, children }: { readonly text: string; readonly children: React.ReactNode }): ReactElement {
  return (
    <div className="desk-notice" role="alert" data-testid="desk-notice">
      <p>{text}</p>
      {children}
    </div>
  );
}

function DropButton({ desk }: { readonly desk: Desk }): ReactElement {
  return (
    <button type="button" className="button" onClick={desk.dismiss}>
      Drop mine
    </button>
  );
}
