import { type ReactElement, type RefObject, useState } from 'react';
import type { SnippetPiece } from '../../shared/snippet.js';

interface CopyButtonProps {
  readonly pieces: readonly SnippetPiece[];
  /** Where they are shown. */
  readonly shown: RefObject<HTMLElement | null>;
}

/** Copies code. Without a clipboard, which only a secure origin has, it selects it. */
export function CopyButton({ pieces, shown }: CopyButtonProps): ReactElement {
  const [note, setNote] = useState('');
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(`${pieces.map(textOf).join('\n\n')}\n`);
      setNote('Copied');
    } catch {
      if (shown.current) getSelection()?.selectAllChildren(shown.current);
      setNote('Selected: copy it with your keys');
    }
  };
  return (
    <div className="code-copy">
      <output className="quiet">{note}</output>
      <button type="button" className="button" onClick={() => void copy()}>
        Copy
      </button>
    </div>
  );
}

function textOf({ lines }: SnippetPiece): string {
  return lines.map((line) => line.map(([text]) => text).join('')).join('\n');
}
