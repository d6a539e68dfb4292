import { useEffect, useState } from 'react';
import { useSession } from '../session/session-context.js';

/** The titles of documents by their names: their first lines, which the server reads. */
export function useTitles(): ReadonlyMap<string, string> {
  const { client } = useSession();
  const [titles, setTitles] = useState<ReadonlyMap<string, string>>(new Map());
  useEffect(() => {
    const watch = client.channel('write-titles').watch((entries) => {
      setTitles(new Map([...entries].map(([id, { title }]) => [id, title])));
    });
    return () => watch.unsubscribe();
  }, [client]);
  return titles;
}
