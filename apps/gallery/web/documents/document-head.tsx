import { type ReactElement, type ReactNode, useEffect, useMemo, useState } from 'react';
import { NameForm } from '../chat/name-form.js';
import { People } from '../chat/people.js';
import { useStore } from '../lib/store.js';
import { useSession, useSessions } from '../session/session-context.js';
import { createDocumentAttendance } from './attendance.js';
import type { OpenDocument } from './open-document.js';
import { SavedNote } from './saved-note.js';

interface DocumentHeadProps {
  readonly document: OpenDocument;
  readonly title: string;
  readonly children?: ReactNode;
}

/** The title of a document, who is there, who one is, and whether everything is stored. */
export function DocumentHead({ document, title, children }: DocumentHeadProps): ReactElement {
  const sessions = useSessions();
  const { name } = useSession();
  const [isNaming, setNaming] = useState(false);
  const { unsaved } = useStore(document.state).status;
  const attendance = useMemo(() => createDocumentAttendance(document.awareness), [document]);
  useEffect(() => attendance.close, [attendance]);

  return (
    <header className="document-head">
      <h1 dir="auto">{title}</h1>
      <SavedNote document={document} canWrite={name !== undefined} />
      {children}
      <People attendance={attendance} user={name} />
      {!isNaming && (
        <p className="room-identity">
          {name !== undefined && (
            <>
              You are <bdi>{name}</bdi>{' '}
            </>
          )}
          <button
            type="button"
            className="link-button"
            onClick={() => setNaming(true)}
            disabled={name !== undefined && unsaved > 0}
            title={name !== undefined && unsaved > 0 ? 'Once your changes are stored' : undefined}
          >
            {name === undefined ? 'Choose a name to write' : 'Change'}
          </button>
        </p>
      )}
      {isNaming && (
        <NameForm
          current={name}
          onChoose={(chosen) => {
            setNaming(false);
            sessions.rename(chosen);
          }}
          onCancel={() => setNaming(false)}
        />
      )}
    </header>
  );
}
