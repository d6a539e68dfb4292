import type { ReactElement } from 'react';
import { Link, Redirect } from 'wouter';
import { isDocumentName } from '../../shared/documents.js';
import { DocumentNav } from '../documents/document-nav.js';
import { useOpenDocument } from '../documents/use-document.js';
import { useTitle } from '../shell/use-title.js';
import { DocumentView } from './document-view.js';
import { useTitles } from './use-titles.js';
import '../styles/documents.css';
import '../styles/write.css';

export function WritePage({ id }: { readonly id: string | undefined }): ReactElement {
  if (id === undefined) return <Redirect to="/write/welcome" replace />;
  return isDocumentName(id) ? <Document key={id} id={id} /> : <NoDocument />;
}

function Document({ id }: { readonly id: string }): ReactElement {
  const document = useOpenDocument('write', id);
  const titles = useTitles();
  useTitle(titles.get(id) ?? id);
  return (
    <div className="documents-page">
      <DocumentNav area="write" current={id} noun="document" titles={titles} />
      {document && <DocumentView id={id} document={document} />}
    </div>
  );
}

function NoDocument(): ReactElement {
  useTitle('No such document');
  return (
    <div className="prose">
      <h1>There is no such document</h1>
      <p>A document is named with small letters a to z, digits and single hyphens, up to 40 of them.</p>
      <p>
        <Link href="/write/welcome">Go to the first document</Link>
      </p>
    </div>
  );
}
