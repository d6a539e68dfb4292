import { type Board, type Tool } from './board-state.js';
import { panBy } from './camera.js';
import { type Point, moveBy } from './geometry.js';
import { makeByKeyboard, makeStroke } from './make-shape.js';
import { finish } from './pointer.js';

/** The parts of a key event that count. */
export interface Key {
  readonly key: string;
  readonly shift: boolean;
  /** Ctrl, or Command on a Mac. */
  readonly command: boolean;
  readonly alt: boolean;
}

const toolKeys: Readonly<Record<string, Tool>> = {
  v: 'select',
  h: 'hand',
  r: 'rectangle',
  o: 'ellipse',
  n: 'note',
  a: 'arrow',
  p: 'pen',
};
const directions: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
const [step, largeStep, panStep] = [10, 50, 60];

/** Does what a key is for. Returns false for those that are left to the browser. */
export function pressKey(board: Board, key: Key): boolean {
  if (key.command) return pressCommand(board, key);
  const direction = directions[key.key];
  if (direction) return pressArrow(board, key, direction);
  const { selected, tool } = board.state.get();
  switch (key.key) {
    case 'Tab':
      return focusNext(board, key.shift ? -1 : 1);
    case 'Escape':
      if (selected.size === 0 && tool === 'select') return false;
      board.update({ selected: new Set(), tool: 'select', draft: undefined, pen: undefined, dragging: undefined });
      return true;
    case 'Enter':
      return pressEnter(board);
    case 'Delete':
    case 'Backspace':
      return removeSelected(board);
    case '+':
    case '=':
      board.zoom(1.25);
      return true;
    case '-':
      board.zoom(0.8);
      return true;
    case '0':
      board.fitAll();
      return true;
    default: {
      const chosen = key.alt ? undefined : toolKeys[key.key.toLowerCase()];
      if (chosen === undefined || !(board.canWrite || chosen === 'select' || chosen === 'hand')) return false;
      board.update({ tool: chosen, draft: undefined, pen: undefined });
      return true;
    }
  }
}

function pressCommand(board: Board, { key, shift }: Key): boolean {
  const { model, canWrite, state } = board;
  const { selected } = state.get();
  switch (key.toLowerCase()) {
    case 'a':
      board.select(model.shapes.get().byId.keys());
      say(board, `${state.get().selected.size} selected`);
      return true;
    case 'z':
      if (canWrite) (shift ? model.redo : model.undo)();
      return true;
    case 'y':
      if (canWrite) model.redo();
      return true;
    case 'd':
      if (canWrite && selected.size > 0) board.select(model.duplicate(selected));
      return true;
    default:
      return false;
  }
}

function pressArrow(board: Board, { shift, alt }: Key, [x, y]: readonly [number, number]): boolean {
  const { selected, camera, pen } = board.state.get();
  if (pen) {
    const by = shift ? largeStep : step;
    const { x: fromX, y: fromY } = pen.at(-1)!;
    return drawTo(board, [...pen, { x: fromX + x * by, y: fromY + y * by }]);
  }
  if (selected.size === 0) {
    board.update({ camera: panBy(camera, { x: x * panStep, y: y * panStep }) });
    return true;
  }
  if (!board.canWrite) return true;
  const by = shift ? largeStep : step;
  const box = board.selectionBox();
  if (!alt || !box) board.model.transform(selected, moveBy(x * by, y * by));
  else {
    const scaleX = Math.max(step, box.width + x * by) / box.width;
    const scaleY = Math.max(step, box.height + y * by) / box.height;
    board.model.transform(selected, { scaleX, scaleY, moveX: box.x - box.x * scaleX, moveY: box.y - box.y * scaleY });
  }
  const last = [...selected].at(-1);
  if (last !== undefined) board.show(last);
  return true;
}

function pressEnter(board: Board): boolean {
  const { tool, selected } = board.state.get();
  if (!board.canWrite) return false;
  if (tool === 'pen') return pressPen(board);
  if (tool !== 'select' && tool !== 'hand') {
    finish(board, makeByKeyboard(board, tool));
    return true;
  }
  const [id] = selected;
  if (id === undefined || selected.size > 1) return false;
  board.edit(id);
  return true;
}

/** Puts the pen down in the middle of the view, or lifts it: then its way is a shape. */
function pressPen(board: Board): boolean {
  const { pen, color } = board.state.get();
  if (!pen) {
    say(board, 'Pen down: arrow keys draw, Enter lifts it');
    return drawTo(board, [board.center()]);
  }
  board.model.add(makeStroke(pen, color));
  board.update({ draft: undefined, pen: undefined });
  say(board, 'Pen up: drawn');
  return true;
}

function drawTo(board: Board, pen: readonly Point[]): boolean {
  board.update({ pen, draft: makeStroke(pen, board.state.get().color) });
  board.showPlace(pen.at(-1)!);
  return true;
}

export function removeSelected(board: Board): boolean {
  const { selected } = board.state.get();
  if (!board.canWrite || selected.size === 0) return false;
  board.model.remove(selected);
  board.select([]);
  say(board, `${selected.size} deleted`);
  return true;
}

/** From shape to shape, from the back to the front; past the last one the browser goes on. */
function focusNext(board: Board, by: 1 | -1): boolean {
  const { inOrder } = board.model.shapes.get();
  const last = [...board.state.get().selected].at(-1);
  const at = inOrder.findIndex(({ id }) => id === last);
  const next = inOrder[at === -1 && by === -1 ? -1 : at + by];
  if (next === undefined) return false;
  board.select([next.id]);
  board.show(next.id);
  return true;
}

function say(board: Board, said: string): void {
  board.update({ said });
}
