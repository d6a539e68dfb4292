import type { ReactElement } from 'react';
import type { Camera } from './camera.js';
import { boundsOf } from './geometry.js';
import type { Other } from './others.js';
import type { Shape } from './shape.js';

interface OtherSelectionsProps {
  readonly others: readonly Other[];
  readonly find: (id: string) => Shape | undefined;
  readonly zoom: number;
}

/** Frames around what others have selected. */
export function OtherSelections({ others, find, zoom }: OtherSelectionsProps): ReactElement {
  const margin = 4 / zoom;
  return (
    <g role="presentation">
      {others.flatMap(({ clientId, hue, selected }) =>
        selected.flatMap((id) => {
          const shape = find(id);
          if (!shape) return [];
          const { x, y, width, height } = boundsOf(shape, find);
          const frame = { x: x - margin, y: y - margin, width: width + 2 * margin, height: height + 2 * margin };
          return [<rect key={`${clientId}/${id}`} className={`other-selection hue-${hue}`} {...frame} />];
        }),
      )}
    </g>
  );
}

/** Pointers of others, each with a name. */
export function OtherCursors({
  others,
  camera,
}: {
  readonly others: readonly Other[];
  readonly camera: Camera;
}): ReactElement {
  return (
    <div className="other-cursors" aria-hidden="true">
      {others.map(({ clientId, name, hue, cursor }) => {
        if (!cursor) return undefined;
        const [x, y] = [(cursor.x - camera.x) * camera.zoom, (cursor.y - camera.y) * camera.zoom];
        return (
          <div
            key={clientId}
            className={`other-cursor hue-${hue}`}
            data-testid="cursor"
            style={{ transform: `translate(${x}px, ${y}px)` }}
          >
            <svg viewBox="0 0 16 20">
              <path d="M1 1v15l4-4 3 7 3-1-3-7h6z" />
            </svg>
            <span>{name}</span>
          </div>
        );
      })}
    </div>
  );
}
