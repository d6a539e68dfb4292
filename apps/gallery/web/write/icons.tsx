import type { ReactElement } from 'react';

const paths = {
  bold: 'M7 4.5h6a3.7 3.7 0 0 1 0 7.4H7zM7 11.9h7a3.8 3.8 0 0 1 0 7.6H7z',
  italic: 'M10.5 4.5h7M6.5 19.5h7M14 4.5l-4 15',
  underline: 'M7 4v7.5a5 5 0 0 0 10 0V4M5.5 20.5h13',
  strike:
    'M4 12h16M16.5 7.5C15.5 5.3 13.8 4.5 12 4.5c-2.5 0-4.5 1.3-4.5 3.5 0 1.7 1.2 2.8 3 4M7.5 16c.7 2.3 2.5 3.5 4.8 3.5 2.6 0 4.5-1.4 4.5-3.7',
  code: 'M8.5 7 3.5 12l5 5M15.5 7l5 5-5 5',
  bulletList: 'M9 6h11M9 12h11M9 18h11M4.5 6h.01M4.5 12h.01M4.5 18h.01',
  orderedList: 'M10 6h10M10 12h10M10 18h10M4 4.5l1.5-.5v5M4 15h2.5L4 18.5h2.8',
  blockquote: 'M4 5v14M9 7h11M9 12h11M9 17h7',
  codeBlock: 'M3.5 5h17v14h-17zM9.5 9.5 7 12l2.5 2.5M14.5 9.5 17 12l-2.5 2.5',
  undo: 'M9 5 4 10l5 5M4 10h10a5.5 5.5 0 0 1 0 11h-3',
  redo: 'M15 5l5 5-5 5M20 10H10a5.5 5.5 0 0 0 0 11h3',
  comment: 'M4 5h16v11h-8.5L7 20v-4H4z',
} as const;

export function TextIcon({ name }: { readonly name: keyof typeof paths }): ReactElement {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}
