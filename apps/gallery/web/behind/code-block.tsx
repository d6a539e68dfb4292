import { type ReactElement, memo } from 'react';
import type { SnippetPiece } from '../../shared/snippet.js';

/** Pieces of code, each below the name of its file. */
export const CodeBlock = memo(function CodeBlock({
  pieces,
}: {
  readonly pieces: readonly SnippetPiece[];
}): ReactElement {
  return (
    <div className="code-block">
      {pieces.map(({ file, lines }) => (
        <figure key={file}>
          <figcaption>{file}</figcaption>
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls has to be reached by keyboard */}
          <pre tabIndex={0}>
            <code>
              {lines.map((line, row) => (
                <span key={row}>
                  {line.map(([text, kind], column) =>
                    kind === undefined ? (
                      text
                    ) : (
                      <span key={column} className={`code-${kind}`}>
                        {text}
                      </span>
                    ),
                  )}
                  {'\n'}
                </span>
              ))}
            </code>
          </pre>
        </figure>
      ))}
    </div>
  );
});
