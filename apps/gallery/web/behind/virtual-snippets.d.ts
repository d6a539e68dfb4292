declare module 'virtual:snippets' {
  /** By the first part of a page's path. */
  export const snippets: Readonly<
    Record<string, (() => Promise<{ readonly snippet: import('../../shared/snippet.js').Snippet }>) | undefined>
  >;
}

declare module 'virtual:snippets/home' {
  export const snippet: import('../../shared/snippet.js').Snippet;
}
