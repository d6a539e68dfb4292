import { endAt } from './board-model.js';
import { type Board, type Tool, around } from './board-state.js';
import { type Point, rectBetween } from './geometry.js';
import { type NewShape, type StrokeShape, boxAround, maxStrokeNumbers, minSize, strokeScale } from './shape.js';

const defaultSizes = { rectangle: [160, 100], ellipse: [160, 100], note: [160, 160] } as const;

/** The shape that a drag from one place to another draws with a tool. */
export function draw(board: Board, tool: Tool, from: Point, to: Point): NewShape | undefined {
  const { color } = board.state.get();
  if (tool === 'arrow') {
    return { kind: 'arrow', color, from: endAt(board.shapeAt(from), from), to: endAt(board.shapeAt(to), to) };
  }
  if (tool !== 'rectangle' && tool !== 'ellipse' && tool !== 'note') return undefined;
  const rect = rectBetween(from, to);
  // A click: the usual size, with the place in its middle.
  const isClick = rect.width < minSize && rect.height < minSize;
  const size = { width: Math.max(minSize, rect.width), height: Math.max(minSize, rect.height) };
  const [width, height] = defaultSizes[tool];
  return { kind: tool, color, text: '', ...(isClick ? around(from, width, height) : { ...rect, ...size }) };
}

/** A stroke through places of the board. A long one loses every second place until it fits. */
export function makeStroke(places: readonly Point[], color: number): Omit<StrokeShape, 'id' | 'z'> {
  let kept = places;
  while (2 * kept.length > maxStrokeNumbers) kept = kept.filter((_place, i) => i % 2 === 0);
  const box = boxAround(kept);
  const share = (value: number, start: number, length: number): number =>
    Math.round(((value - start) / length) * strokeScale);
  const points = kept.flatMap(({ x, y }) => [share(x, box.x, box.width), share(y, box.y, box.height)]);
  return { kind: 'stroke', color, ...box, points };
}

/**
 * A shape of a tool without a pointer: in the middle of the view, or an arrow between the two shapes that are selected. Returns its id.
 */
export function makeByKeyboard(board: Board, tool: Tool): string | undefined {
  const center = board.center();
  const { color, selected } = board.state.get();
  if (tool !== 'arrow') {
    const shape = draw(board, tool, center, center);
    return shape && board.model.add(shape);
  }
  const [first, second] = [...selected].flatMap((id) => board.find(id) ?? []);
  return board.model.add({
    kind: 'arrow',
    color,
    from: endAt(first, { x: center.x - 80, y: center.y }),
    to: endAt(second, first ? { x: first.x + first.width + 120, y: first.y } : { x: center.x + 80, y: center.y }),
  });
}
