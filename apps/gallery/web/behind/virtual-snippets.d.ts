declare module 'virtual:snippets' {
  /** By the first part of a page's path. */
  export const snippets: Readonly<
    Record<string, (() => Promise<{ readonly snippet: import('../../shared/snippet.js').Snippet }>) | undefined>
  >;
}
