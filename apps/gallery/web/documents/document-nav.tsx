import { type ReactElement, useCallback, useEffect } from 'react';
import type { DocumentArea } from '../../shared/documents.js';
import { NameNav } from '../lib/name-nav.js';
import { createSaved } from '../lib/saved.js';
import { keepDocument, listDocuments } from './documents.js';

interface DocumentNavProps {
  readonly area: DocumentArea;
  readonly current: string;
  /** The word for one of them: "document", "board". */
  readonly noun: string;
  /** Titles by name, where there are some. */
  readonly titles?: ReadonlyMap<string, string>;
}

const saved = createSaved(() => localStorage);

export function DocumentNav({ area, current, noun, titles }: DocumentNavProps): ReactElement {
  useEffect(() => {
    keepDocument(saved, area, current);
  }, [area, current]);
  const show = useCallback((id: string) => <bdi>{titles?.get(id) ?? id}</bdi>, [titles]);
  const names = listDocuments(saved, area, current);
  return <NameNav {...{ area, noun, names, current, show }} shift={titles} more="New" className="documents" />;
}
