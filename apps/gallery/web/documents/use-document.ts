import { useEffect, useState } from 'react';
import type { DocumentArea } from '../../shared/documents.js';
import { useSession } from '../session/session-context.js';
import { type OpenDocument, openDocument } from './open-document.js';

/** Opens a document while the component is mounted; undefined for the first moment. */
export function useOpenDocument(area: DocumentArea, id: string): OpenDocument | undefined {
  const session = useSession();
  const [opened, setOpened] = useState<OpenDocument>();
  useEffect(() => {
    const document = openDocument(session, area, id);
    setOpened(document);
    return () => {
      setOpened(undefined);
      document.close();
    };
  }, [session, area, id]);
  return opened;
}
