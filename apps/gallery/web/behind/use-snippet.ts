import { useEffect, useState } from 'react';
import { snippets } from 'virtual:snippets';
import type { Snippet } from '../../shared/snippet.js';

/** The code of a page once it has come; undefined for a page without any. */
export function useSnippet(page: string): Snippet | undefined {
  const [loaded, setLoaded] = useState<{ readonly page: string; readonly snippet: Snippet }>();
  useEffect(() => {
    let isGone = false;
    const load = snippets[page];
    // A server that was replaced has other files: the next full load has them.
    load?.().then(
      ({ snippet }) => isGone || setLoaded({ page, snippet }),
      () => undefined,
    );
    return () => {
      isGone = true;
    };
  }, [page]);
  return loaded?.page === page ? loaded.snippet : undefined;
}

export function hasSnippet(page: string): boolean {
  return snippets[page] !== undefined;
}
