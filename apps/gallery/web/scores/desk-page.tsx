import { type ReactElement, useMemo, useState } from 'react';
import { Link, useSearchParams } from 'wouter';
import { NameForm } from '../chat/name-form.js';
import { useStore } from '../lib/store.js';
import { useSession, useSessions } from '../session/session-context.js';
import { AgeNote, useLiveNow } from '../shell/age-note.js';
import { useTitle } from '../shell/use-title.js';
import '../styles/scores.css';
import { type BoardEntry, createBoard } from './board.js';
import { CommentaryList } from './commentary-list.js';
import { type Desk, createDesk } from './desk.js';
import { EntryForm } from './entry-form.js';
import { LineActions } from './line-actions.js';
import { createMatchFeed } from './match-feed.js';
import { ScoreLine } from './score-line.js';
import { SubmissionNotice } from './submission-notice.js';
import { useOpened } from '../lib/use-opened.js';

export function DeskPage(): ReactElement {
  useTitle('Desk');
  const sessions = useSessions();
  const { name, client } = useSession();
  const desk = useMemo(() => createDesk({ client }), [client]);
  return (
    <div className="scores">
      <p>
        <Link href="/scores">All matches</Link>
      </p>
      <header className="page-head">
        <h1>The desk</h1>
        <p>
          Enter what happens, correct it, withdraw it. Open it in two windows under two names: what one of you has not
          seen, neither of you overwrites.
        </p>
      </header>
      <AgeNote />
      {name === undefined ? (
        <div className="panel">
          <NameForm current={undefined} onChoose={sessions.rename} />
        </div>
      ) : (
        <Operators desk={desk} name={name} />
      )}
    </div>
  );
}

function Operators({ desk, name }: { readonly desk: Desk; readonly name: string }): ReactElement {
  const { client } = useSession();
  const { role, problem } = useStore(desk.store);
  const { entries } = useStore(useOpened(createBoard, { client }).store);
  const [search] = useSearchParams();
  const [chosen, setChosen] = useState(search.get('match') ?? undefined);
  const selected = entries.find(({ id }) => id === chosen) ?? entries.find(({ match }) => match.byHand);
  return (
    <>
      <section className="panel desk-role" aria-label="Role">
        <p>
          <bdi>{name}</bdi>, {role === 'operator' ? 'operator' : 'reader'}
        </p>
        <button
          type="button"
          className={role === 'operator' ? 'button' : 'button button-primary'}
          disabled={role === 'asking'}
          onClick={() => void (role === 'operator' ? desk.leaveRole() : desk.takeRole())}
        >
          {role === 'operator' ? 'Give the role back' : 'Take the role of an operator'}
        </button>
        {problem !== undefined && (
          <p className="problem" role="alert">
            {problem}
          </p>
        )}
        <p className="quiet">Anybody may take it: this is a demonstration. The server lets nobody else write.</p>
      </section>
      {selected && (
        <>
          <label className="desk-match">
            Match
            <select value={selected.id} onChange={(event) => setChosen(event.target.value)}>
              {entries.map(({ id, match }) => (
                <option key={id} value={id}>
                  {match.home.name} – {match.away.name}
                  {match.byHand ? ', by hand' : ''}
                </option>
              ))}
            </select>
          </label>
          <MatchDesk key={selected.id} desk={desk} board={selected} />
        </>
      )}
    </>
  );
}

function MatchDesk({ desk, board }: { readonly desk: Desk; readonly board: BoardEntry }): ReactElement {
  const { client } = useSession();
  const { role, submission } = useStore(desk.store);
  const { details, lines } = useStore(useOpened(createMatchFeed, { client, id: board.id }).store);
  const now = useLiveNow();
  const isBusy = submission?.fate.status === 'sending';
  return (
    <section className="panel" aria-label="Match">
      <div className="match-head">
        <ScoreLine match={board.match} now={now}>
          {(names) => <span className="score-names">{names}</span>}
        </ScoreLine>
      </div>
      {role === 'operator' && details && (
        <EntryForm
          board={board}
          details={details}
          now={now}
          isBusy={isBusy}
          onSubmit={(entry) => void desk.submit(entry)}
        />
      )}
      {submission?.match === board.id && (
        <SubmissionNotice desk={desk} submission={submission} board={board} lines={lines} />
      )}
      <CommentaryList
        lines={lines}
        actions={(line) =>
          role === 'operator' && (
            <LineActions
              line={line}
              isBusy={isBusy}
              onCorrect={(entry, seen) =>
                void desk.submit({ match: board.id, entry, expect: seen.revision, summary: entry.text })
              }
            />
          )
        }
      />
    </section>
  );
}
