import type { Tool } from './board-state.js';
import { type Shape, colorNames } from './shape.js';

const kindNames = { rectangle: 'Rectangle', ellipse: 'Ellipse', note: 'Note', arrow: 'Arrow', stroke: 'Pen stroke' };

export const toolNames: Readonly<Record<Tool, string>> = {
  select: 'Select',
  hand: 'Move the view',
  rectangle: 'Rectangle',
  ellipse: 'Ellipse',
  note: 'Note',
  arrow: 'Arrow',
  pen: 'Pen',
};

/** A shape for who does not see it. */
export function describeShape(shape: Shape): string {
  const color = (colorNames[shape.color] ?? '').toLowerCase();
  const kind = `${kindNames[shape.kind]}, ${color}`;
  return 'text' in shape && shape.text !== '' ? `${kind}: ${shape.text}` : kind;
}
