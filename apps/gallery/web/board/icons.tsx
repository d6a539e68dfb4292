import type { ReactElement } from 'react';

const paths = {
  select: 'M5 3l6.5 17 2.4-7.1L21 10.5z',
  hand: 'M12 3v18M3 12h18M9.5 5.5 12 3l2.5 2.5M9.5 18.5 12 21l2.5-2.5M5.5 9.5 3 12l2.5 2.5M18.5 9.5 21 12l-2.5 2.5',
  rectangle: 'M4 6.5h16v11H4z',
  ellipse: 'M12 5.5c5 0 9 2.9 9 6.5s-4 6.5-9 6.5-9-2.9-9-6.5 4-6.5 9-6.5z',
  note: 'M4.5 4.5h15v9.5l-5.5 5.5H4.5zM19.5 14H14v5.5',
  arrow: 'M5 19 19 5M10.5 5H19v8.5',
  pen: 'M4 20l1-4.5L16.5 4 20 7.5 8.5 19zM14 6.5l3.5 3.5',
  undo: 'M9 5 4 10l5 5M4 10h10a5.5 5.5 0 0 1 0 11h-3',
  redo: 'M15 5l5 5-5 5M20 10H10a5.5 5.5 0 0 0 0 11h3',
  duplicate: 'M8.5 8.5h11v11h-11zM15.5 8.5v-4h-11v11h4',
  front: 'M12 20V5M6 11l6-6 6 6M4 2.5h16',
  delete: 'M4 7h16M9.5 7V4h5v3M6 7l1 13h10l1-13M10 11v5M14 11v5',
  minus: 'M5 12h14',
  plus: 'M5 12h14M12 5v14',
  download: 'M12 4v11M7 10.5l5 5 5-5M4.5 20h15',
} as const;

export function ToolIcon({ name }: { readonly name: keyof typeof paths }): ReactElement {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}
