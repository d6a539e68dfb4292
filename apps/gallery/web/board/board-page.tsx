import type { ReactElement } from 'react';
import { Link, Redirect } from 'wouter';
import { isDocumentName } from '../../shared/documents.js';
import { DocumentNav } from '../documents/document-nav.js';
import { useOpenDocument } from '../documents/use-document.js';
import { useTitle } from '../shell/use-title.js';
import { BoardView } from './board-view.js';
import '../styles/documents.css';
import '../styles/board.css';

export function BoardPage({ id }: { readonly id: string | undefined }): ReactElement {
  if (id === undefined) return <Redirect to="/board/welcome" replace />;
  return isDocumentName(id) ? <Board key={id} id={id} /> : <NoBoard />;
}

function Board({ id }: { readonly id: string }): ReactElement {
  useTitle(`${id}, a board`);
  const document = useOpenDocument('board', id);
  return (
    <div className="documents-page">
      <DocumentNav area="board" current={id} noun="board" />
      {document && <BoardView id={id} document={document} />}
    </div>
  );
}

function NoBoard(): ReactElement {
  useTitle('No such board');
  return (
    <div className="prose">
      <h1>There is no such board</h1>
      <p>A board is named with small letters a to z, digits and single hyphens, up to 40 of them.</p>
      <p>
        <Link href="/board/welcome">Go to the first board</Link>
      </p>
    </div>
  );
}
