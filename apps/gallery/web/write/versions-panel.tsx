import { type FormEvent, type ReactElement, useEffect, useState } from 'react';
import { useStore } from '../lib/store.js';
import type { Versions } from './versions.js';

const timeFormat = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const maxName = 80;

interface VersionsPanelProps {
  readonly versions: Versions;
  readonly canWrite: boolean;
}

/** The versions of a document: a list, a form for a new one, and how to go back. */
export function VersionsPanel({ versions, canWrite }: VersionsPanelProps): ReactElement {
  const { list, shown, problem } = useStore(versions.store);
  useEffect(() => void versions.load(), [versions]);

  return (
    <>
      {canWrite && <SaveForm onSave={versions.save} />}
      {problem !== undefined && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
      {list === undefined && problem === undefined && <p className="quiet">Loading…</p>}
      {list?.length === 0 && (
        <p className="quiet">
          No versions yet. The server keeps one by itself when the document has rested for two minutes.
        </p>
      )}
      <ul className="threads">
        {list?.map((version) => {
          const { id, name, user, time } = version;
          const isShown = shown?.id === id;
          const words = name ?? 'Kept by the server';
          return (
            <li key={id} className={`thread${isShown ? ' thread-active' : ''}`} data-testid="version">
              <p className="comment-head">
                <strong>
                  <bdi>{words}</bdi>
                </strong>
                {user !== undefined && (
                  <>
                    {' by '}
                    <bdi>{user}</bdi>
                  </>
                )}
                <br />
                <time dateTime={new Date(time).toISOString()}>{timeFormat.format(time)}</time>
              </p>
              <div className="comment-actions">
                <button
                  type="button"
                  className="link-button"
                  aria-pressed={isShown}
                  onClick={() => void versions.show(isShown ? undefined : version)}
                >
                  {isShown ? 'Back to the text' : 'Compare'}
                  <span className="visually-hidden"> with {words}</span>
                </button>
                {canWrite && isShown && (
                  <button type="button" className="link-button" onClick={() => void versions.restore(version)}>
                    Restore<span className="visually-hidden"> {words}</span>
                  </button>
                )}
              </div>
            </li>
          );
        })}
      </ul>
    </>
  );
}

function SaveForm({ onSave }: { readonly onSave: (name: string) => Promise<boolean> }): ReactElement {
  const [name, setName] = useState('');
  const [isSaving, setSaving] = useState(false);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setSaving(true);
    void onSave(name.trim()).then((isStored) => {
      setSaving(false);
      if (isStored) setName('');
    });
  };
  return (
    <form className="version-form" onSubmit={submit}>
      <label className="visually-hidden" htmlFor="version-name">
        Name of a new version
      </label>
      <input
        id="version-name"
        value={name}
        placeholder="Name this version"
        maxLength={maxName}
        autoComplete="off"
        dir="auto"
        onChange={(event) => setName(event.target.value)}
      />
      <button type="submit" className="button" disabled={name.trim() === '' || isSaving}>
        Save
      </button>
    </form>
  );
}
