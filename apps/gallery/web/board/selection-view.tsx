import type { ReactElement } from 'react';
import type { Board, BoardState } from './board-state.js';
import { boundsOf, handles, lineOf } from './geometry.js';
import type { Scene } from './scene.js';
import type { Rect } from './shape.js';

interface SelectionViewProps {
  readonly board: Board;
  readonly scene: Scene;
  readonly state: BoardState;
}

const handleSize = 9;
/** A size that a finger can hit. */
const touchSize = 24;

/** The frame around what is selected, and what it can be dragged by. */
export function SelectionView({ board, scene, state }: SelectionViewProps): ReactElement | undefined {
  const { selected, camera, editing } = state;
  const shapes = [...selected].flatMap((id) => scene.find(id) ?? []);
  const [first] = shapes;
  const box = board.selectionBox();
  if (first === undefined || box === undefined) return undefined;
  const unit = 1 / camera.zoom;
  const hasHandles = board.canWrite && editing === undefined;
  if (shapes.length === 1 && first.kind === 'arrow') {
    const line = lineOf(first, scene.find);
    return (
      <g className="selection" role="presentation">
        {hasHandles &&
          (['from', 'to'] as const).map((end) => (
            <Handle key={end} name={end} x={line[end].x} y={line[end].y} unit={unit} />
          ))}
        {!hasHandles && <rect className="selection-frame" {...pick(boundsOf(first, scene.find))} />}
      </g>
    );
  }
  const parts = shapes.length > 1 ? shapes.filter(({ kind }) => kind !== 'arrow') : [];
  return (
    <g className="selection" role="presentation">
      {parts.map((shape) => (
        <rect key={shape.id} className="selection-part" {...pick(boundsOf(shape, scene.find))} />
      ))}
      <rect className="selection-frame" {...pick(box)} />
      {hasHandles &&
        handles.map((name) => {
          const x = name.includes('w') ? box.x : name.includes('e') ? box.x + box.width : box.x + box.width / 2;
          const y = name.includes('n') ? box.y : name.includes('s') ? box.y + box.height : box.y + box.height / 2;
          // The corners of a small one are enough.
          if (name.length === 1 && Math.min(box.width, box.height) < 4 * handleSize * unit) return undefined;
          return <Handle key={name} name={name} x={x} y={y} unit={unit} />;
        })}
    </g>
  );
}

interface HandleProps {
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly unit: number;
}

function Handle({ name, x, y, unit }: HandleProps): ReactElement {
  const [size, touch] = [handleSize * unit, touchSize * unit];
  return (
    <g data-handle={name} className={`handle handle-${name}`}>
      <rect className="handle-touch" x={x - touch / 2} y={y - touch / 2} width={touch} height={touch} />
      <rect className="handle-mark" x={x - size / 2} y={y - size / 2} width={size} height={size} rx={2 * unit} />
    </g>
  );
}

/** A shape has more than a `rect` takes. */
function pick({ x, y, width, height }: Rect): Rect {
  return { x, y, width, height };
}
