import { type FormEvent, type ReactElement, useState } from 'react';
import { type Side, maxCommentLength, sides } from '../../shared/scores/limits.js';
import type { MatchDetails } from '../../shared/scores/match.js';
import type { BoardEntry } from './board.js';
import type { Submission } from './desk.js';
import { type Draft, type DraftKind, draftKinds, entryOf, kindNames } from './draft.js';
import { scoreWords } from './words.js';

const blank: Draft = { kind: 'goal', side: 'home', player: '', text: '' };

interface EntryFormProps {
  readonly board: BoardEntry;
  readonly details: MatchDetails;
  /** Milliseconds since the Unix epoch: what is entered gets the minute of the match then. */
  readonly now: number;
  readonly isBusy: boolean;
  readonly onSubmit: (submission: Submission) => void;
}

/** A new line. It is entered on top of the board as it was when the entry was begun, not when it is sent. */
export function EntryForm({ board, details, now, isBusy, onSubmit }: EntryFormProps): ReactElement {
  const { id, match, version } = board;
  const [draft, setDraft] = useState(blank);
  const [begun, setBegun] = useState<BoardEntry>();
  const entry = entryOf(draft, match, now);

  const change = (changes: Partial<Draft>): void => {
    setBegun((before) => before ?? board);
    setDraft((before) => ({ ...before, ...changes }));
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!entry) return;
    onSubmit({
      match: id,
      entry,
      expect: draft.kind === 'comment' ? undefined : (begun ?? board).version,
      summary: entry.text,
    });
    setDraft({ ...blank, kind: draft.kind });
    setBegun(undefined);
  };

  return (
    <form className="entry-form" onSubmit={submit} aria-label="New entry">
      <label>
        What
        <select value={draft.kind} onChange={(event) => change({ kind: event.target.value as DraftKind })}>
          {draftKinds.map((kind) => (
            <option key={kind} value={kind}>
              {kindNames[kind]}
            </option>
          ))}
        </select>
      </label>
      {draft.kind !== 'comment' && (
        <>
          <label>
            Team
            <select value={draft.side} onChange={(event) => change({ side: event.target.value as Side, player: '' })}>
              {sides.map((side) => (
                <option key={side} value={side}>
                  {match[side].name}
                </option>
              ))}
            </select>
          </label>
          <label>
            Player
            <select value={draft.player} onChange={(event) => change({ player: event.target.value })}>
              <option value="">Choose</option>
              {details.lineUps[draft.side].map(({ number, name }) => (
                <option key={number} value={name}>
                  {number} {name}
                </option>
              ))}
            </select>
          </label>
        </>
      )}
      <label className="entry-text">
        {draft.kind === 'comment' ? 'Words' : 'Words, if others than the usual'}
        <input
          value={draft.text}
          maxLength={maxCommentLength}
          dir="auto"
          onChange={(event) => change({ text: event.target.value })}
        />
      </label>
      <button type="submit" className="button button-primary" disabled={isBusy || !entry}>
        Enter
      </button>
      {begun && begun.version !== version && draft.kind !== 'comment' && (
        <p className="entry-note" role="status">
          The board has changed since you began at {scoreWords(begun.match)}. It is {scoreWords(match)}.
        </p>
      )}
    </form>
  );
}
