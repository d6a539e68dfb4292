import {
  type KeyboardEvent,
  type PointerEvent,
  type ReactElement,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useStore } from '../lib/store.js';
import type { Board } from './board-state.js';
import { panBy, toBoard } from './camera.js';
import { arrowPath, strokePath } from './draw.js';
import type { Point } from './geometry.js';
import { lineOf } from './geometry.js';
import { pressKey } from './keys.js';
import type { Measure } from './lay-out-text.js';
import { OtherCursors, OtherSelections } from './others-view.js';
import type { Others } from './others.js';
import { createPointers } from './pointer.js';
import { type Scene, createScene } from './scene.js';
import { SelectionView } from './selection-view.js';
import type { NewShape } from './shape.js';
import { DraftView, ShapeView } from './shape-view.js';
import { TextField } from './text-field.js';

interface BoardCanvasProps {
  readonly board: Board;
  readonly others: Others;
  readonly measure: Measure;
  /** The keyboard wants to leave. */
  readonly onLeave: () => void;
}

/** The board itself: draws it, and hands pointers, wheel and keys on. */
export function BoardCanvas({ board, others, measure, onLeave }: BoardCanvasProps): ReactElement {
  const state = useStore(board.state);
  const shapes = useStore(board.model.shapes);
  const elsewhere = useStore(others.store);
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<SVGSVGElement>(null);
  const pointers = useMemo(() => createPointers(board), [board]);
  const [isSpaceDown, setSpaceDown] = useState(false);
  const { selected, dragging, camera, draft, marquee, editing, tool } = state;
  const scene = useMemo(
    () => createScene(shapes, { selected, dragging }, elsewhere),
    [shapes, selected, dragging, elsewhere],
  );

  useLayoutEffect(() => {
    const element = frame.current!;
    const measureView = (): void => board.resize({ width: element.clientWidth, height: element.clientHeight });
    const observer = new ResizeObserver(measureView);
    observer.observe(element);
    measureView();
    return () => observer.disconnect();
  }, [board]);

  useEffect(() => {
    const element = frame.current!;
    // React's own listener may not prevent the zoom of the page.
    const onWheel = (event: WheelEvent): void => {
      event.preventDefault();
      const scale = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
      if (event.ctrlKey || event.metaKey) {
        board.zoom(Math.exp(-Math.max(-50, Math.min(50, event.deltaY * scale)) / 100), placeIn(element, event));
        return;
      }
      const [x, y] = event.shiftKey && event.deltaX === 0 ? [event.deltaY, 0] : [event.deltaX, event.deltaY];
      board.update({ camera: panBy(board.state.get().camera, { x: x * scale, y: y * scale }) });
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [board]);

  useEffect(() => {
    // Where the selection ends up is told together with what the dragging does: one state of this tab.
    others.tell({ selected: [...selected], dragging });
  }, [others, selected, dragging]);

  const onPointerDown = (event: PointerEvent): void => {
    if (event.button !== 0 && event.button !== 1) return;
    event.preventDefault();
    canvas.current?.focus({ preventScroll: true });
    frame.current!.setPointerCapture(event.pointerId);
    const target = event.target instanceof Element ? event.target : undefined;
    pointers.down({
      id: event.pointerId,
      at: placeIn(frame.current!, event),
      isTouch: event.pointerType === 'touch',
      wantsPan: event.button === 1 || isSpaceDown,
      adds: event.shiftKey,
      shape: target?.closest('[data-shape]')?.getAttribute('data-shape') ?? undefined,
      handle: target?.closest('[data-handle]')?.getAttribute('data-handle') ?? undefined,
    });
  };
  const onPointerMove = (event: PointerEvent): void => {
    const at = placeIn(frame.current!, event);
    pointers.move(event.pointerId, at);
    others.tell({ cursor: toBoard(board.state.get().camera, at) });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === ' ') {
      setSpaceDown(true);
      event.preventDefault();
      return;
    }
    const { key, shiftKey: shift, altKey: alt } = event;
    if (pressKey(board, { key, shift, alt, command: event.ctrlKey || event.metaKey })) event.preventDefault();
    else if (key === 'Escape') onLeave();
  };

  const active = [...selected].at(-1);
  return (
    <div
      ref={frame}
      className={`board-canvas board-tool-${isSpaceDown ? 'hand' : tool}`}
      data-testid="canvas"
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={(event) => pointers.up(event.pointerId, placeIn(frame.current!, event))}
      onPointerCancel={(event) => pointers.cancel(event.pointerId)}
      onPointerLeave={() => others.tell({ cursor: undefined })}
      onDoubleClick={(event) => {
        // The frame captures the pointer, so the event is at the frame.
        const target = document.elementFromPoint(event.clientX, event.clientY);
        const id = target?.closest('[data-shape]')?.getAttribute('data-shape');
        if (id) board.edit(id);
      }}
    >
      <svg
        ref={canvas}
        role="listbox"
        aria-label="Shapes"
        aria-multiselectable="true"
        aria-describedby="board-help"
        aria-activedescendant={active === undefined ? undefined : `shape-${active}`}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onKeyUp={(event) => event.key === ' ' && setSpaceDown(false)}
        onBlur={() => setSpaceDown(false)}
      >
        <g role="presentation" transform={`scale(${camera.zoom}) translate(${-camera.x} ${-camera.y})`}>
          <ShapeLayer scene={scene} selected={selected} editing={editing} measure={measure} />
          {draft && <DraftView shape={draft} path={pathOf(draft, scene)} />}
          <OtherSelections others={elsewhere} find={scene.find} zoom={camera.zoom} />
          <SelectionView board={board} scene={scene} state={state} />
          {marquee && <rect className="marquee" {...marquee} />}
        </g>
      </svg>
      <OtherCursors others={elsewhere} camera={camera} />
      {editing !== undefined && (
        <TextField
          key={editing}
          board={board}
          id={editing}
          camera={camera}
          onDone={() => canvas.current?.focus({ preventScroll: true })}
        />
      )}
    </div>
  );
}

interface ShapeLayerProps {
  readonly scene: Scene;
  readonly selected: ReadonlySet<string>;
  readonly editing: string | undefined;
  readonly measure: Measure;
}

/** Not drawn again when only the view moves. */
function ShapeLayer({ scene, selected, editing, measure }: ShapeLayerProps): ReactElement {
  return useMemo(
    () => (
      <>
        {scene.shapes.map(({ shape, path }) => (
          <ShapeView
            key={shape.id}
            shape={shape}
            path={path}
            isSelected={selected.has(shape.id)}
            isEdited={editing === shape.id}
            measure={measure}
          />
        ))}
      </>
    ),
    [scene, selected, editing, measure],
  );
}

function pathOf(draft: NewShape, { find }: Scene): string {
  const nowhere = { id: '', z: 0, x: 0, y: 0, width: 1, height: 1 };
  if (draft.kind === 'arrow') return arrowPath(lineOf({ ...nowhere, ...draft }, find));
  return draft.kind === 'stroke' ? strokePath({ ...nowhere, ...draft }) : '';
}

function placeIn(element: Element, event: { readonly clientX: number; readonly clientY: number }): Point {
  const { left, top } = element.getBoundingClientRect();
  return { x: event.clientX - left, y: event.clientY - top };
}
