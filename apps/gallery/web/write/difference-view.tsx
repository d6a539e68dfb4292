import type { ReactElement } from 'react';
import type { VersionDifference, VersionInfo, VersionPart } from '../../shared/write-versions.js';
import { hueOf } from '../chat/hue.js';

interface DifferenceViewProps {
  readonly version: VersionInfo;
  readonly difference: VersionDifference | undefined;
}

/** The difference between a version and the document as it was when it was asked for. */
export function DifferenceView({ version, difference }: DifferenceViewProps): ReactElement {
  const name = version.name ?? 'the version kept by the server';
  if (difference === undefined) return <p className="empty">Comparing…</p>;
  const { parts, isCut } = difference;
  const authors = [...new Set(parts.flatMap(({ change, user }) => (change === 'inserted' && user ? [user] : [])))];
  const isSame = parts.every(({ change }) => change === 'kept');
  return (
    <div className="difference" data-testid="difference">
      <h2>
        Since <bdi>{name}</bdi>
      </h2>
      {isSame ? (
        <p className="quiet">The words are the same.</p>
      ) : (
        <>
          <p className="quiet">
            <ins>Added</ins> and <del>removed</del> words
            {authors.length > 0 && (
              <>
                , added by{' '}
                {authors.map((author, i) => (
                  <Author key={author} name={author} isFirst={i === 0} />
                ))}
              </>
            )}
            .
          </p>
          <p className="difference-text" dir="auto">
            {parts.map((part, i) => (
              <Part key={i} {...part} />
            ))}
          </p>
        </>
      )}
      {isCut && <p className="quiet">There is more than is shown here.</p>}
    </div>
  );
}

function Author({ name, isFirst }: { readonly name: string; readonly isFirst: boolean }): ReactElement {
  return (
    <>
      {!isFirst && ', '}
      <bdi className={`hue-${hueOf(name)}`}>{name}</bdi>
    </>
  );
}

function Part({ change, text, user }: VersionPart): ReactElement {
  const title = user === undefined ? undefined : `by ${user}`;
  if (change === 'inserted') return <ins title={title}>{text}</ins>;
  return change === 'removed' ? <del title={title}>{text}</del> : <span>{text}</span>;
}
