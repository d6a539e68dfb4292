import { type ReactElement, useEffect, useLayoutEffect, useRef } from 'react';
import { useStore } from '../lib/store.js';
import type { Board } from './board-state.js';
import type { Camera } from './camera.js';
import { fontSize, lineHeight } from './lay-out-text.js';
import { maxShapeText } from './shape.js';
import { moveCaret } from './text-change.js';

interface TextFieldProps {
  readonly board: Board;
  readonly id: string;
  readonly camera: Camera;
  /** The keyboard goes on where it was. */
  readonly onDone: () => void;
}

/** The text of a shape while it is written, over the shape. The words of others appear beside the caret. */
export function TextField({ board, id, camera, onDone }: TextFieldProps): ReactElement | undefined {
  useStore(board.model.shapes);
  const field = useRef<HTMLTextAreaElement>(null);
  const shape = board.find(id);
  const text = shape !== undefined && 'text' in shape ? shape.text : undefined;

  useLayoutEffect(() => {
    const element = field.current;
    if (!element || text === undefined || element.value === text) return;
    const [start, end] = [element.selectionStart, element.selectionEnd].map((at) => moveCaret(at, element.value, text));
    element.value = text;
    element.setSelectionRange(start!, end!);
  }, [text]);
  useEffect(() => {
    const element = field.current;
    element?.focus({ preventScroll: true });
    element?.setSelectionRange(element.value.length, element.value.length);
  }, []);
  useEffect(() => {
    // Somebody else has deleted it.
    if (text === undefined) board.update({ editing: undefined });
  }, [board, text]);

  if (shape === undefined || text === undefined) return undefined;
  const { zoom } = camera;
  const [left, top] = [(shape.x - camera.x) * zoom, (shape.y - camera.y) * zoom];
  return (
    <textarea
      ref={field}
      className="board-text"
      aria-label="Text of the shape"
      defaultValue={text}
      maxLength={maxShapeText}
      dir="auto"
      style={{
        left: `${left}px`,
        top: `${top}px`,
        width: `${shape.width * zoom}px`,
        height: `${shape.height * zoom}px`,
        fontSize: `${fontSize * zoom}px`,
        lineHeight: `${lineHeight * zoom}px`,
      }}
      onPointerDown={(event) => event.stopPropagation()}
      onDoubleClick={(event) => event.stopPropagation()}
      onChange={(event) => board.model.setText(id, event.target.value)}
      onBlur={() => board.update({ editing: undefined })}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' && !(event.key === 'Enter' && (event.ctrlKey || event.metaKey))) return;
        event.preventDefault();
        board.update({ editing: undefined });
        onDone();
      }}
    />
  );
}
