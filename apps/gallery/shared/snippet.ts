/** Code that a page shows of itself, as the build takes it from the sources: plain data, in tokens. */

export const snippetParts = ['contract', 'server', 'client'] as const;
export type SnippetPart = (typeof snippetParts)[number];

export type TokenKind = 'keyword' | 'string' | 'number' | 'comment' | 'type' | 'call';

/** A run of text that looks the same. Without a kind it is in the color of text. */
export type Token = readonly [text: string, kind?: TokenKind];

/** Lines that stand together in one file. */
export interface SnippetPiece {
  /** From the root of the repository. */
  readonly file: string;
  readonly lines: readonly (readonly Token[])[];
}

/** The pieces of each part, in the order of their files. */
export type Snippet = Readonly<Record<SnippetPart, readonly SnippetPiece[]>>;
