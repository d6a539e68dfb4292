import { arrowPath, strokePath } from './draw.js';
import { boundsOf, lineOf, unionOf } from './geometry.js';
import { type Measure, firstBaseline, fontSize, layOutText, lineHeight } from './lay-out-text.js';
import type { BoxShape, Shape } from './shape.js';

const margin = 24;
const fontFamily = 'system-ui, -apple-system, Segoe UI, Roboto, Helvetica, Arial, sans-serif';

/** The light theme's colors, by the index of a shape's color: a file has no theme. See `board.css`. */
const colors: readonly { readonly line: string; readonly fill: string }[] = [
  { line: '#17201d', fill: '#e9edeb' },
  { line: '#0b6e6e', fill: '#d5efec' },
  { line: '#1f5fb8', fill: '#dce9fb' },
  { line: '#8d3c9e', fill: '#f3e1f7' },
  { line: '#b3321f', fill: '#fbe1dc' },
  { line: '#9a4a00', fill: '#fdeccb' },
  { line: '#1c7c45', fill: '#dcf3e4' },
];

/** A picture of the shapes. All that people have written is in it as text, never as markup. */
export function exportSvg(shapes: readonly Shape[], measure: Measure): string {
  const byId = new Map(shapes.map((shape) => [shape.id, shape]));
  const find = (id: string): Shape | undefined => byId.get(id);
  const box = unionOf(shapes.map((shape) => boundsOf(shape, find))) ?? { x: 0, y: 0, width: 0, height: 0 };
  const [x, y, width, height] = [box.x - margin, box.y - margin, box.width + 2 * margin, box.height + 2 * margin];
  const place = attributes({ x, y, width, height });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${x} ${y} ${width} ${height}" width="${width}" height="${height}">`,
    `<rect ${place} fill="#ffffff"/>`,
    ...shapes.map((shape) => drawShape(shape, find, measure)),
    '</svg>',
    '',
  ].join('\n');
}

function drawShape(shape: Shape, find: (id: string) => Shape | undefined, measure: Measure): string {
  const { line, fill } = colors[shape.color] ?? colors[0]!;
  const path = (d: string, strokeWidth: number): string =>
    `<path ${attributes({ d, fill: 'none', stroke: line, 'stroke-width': strokeWidth, 'stroke-linecap': 'round', 'stroke-linejoin': 'round' })}/>`;
  switch (shape.kind) {
    case 'arrow':
      return path(arrowPath(lineOf(shape, find)), 2);
    case 'stroke':
      return path(strokePath(shape), 3);
    case 'rectangle':
    case 'ellipse':
    case 'note':
      return `${drawBox(shape, line, fill)}${drawText(shape, measure)}`;
  }
}

function drawBox({ kind, x, y, width, height }: BoxShape, line: string, fill: string): string {
  const paint = { fill, stroke: line, 'stroke-width': kind === 'note' ? 1 : 2 };
  if (kind === 'ellipse') {
    const [rx, ry] = [width / 2, height / 2];
    return `<ellipse ${attributes({ cx: x + rx, cy: y + ry, rx, ry, ...paint })}/>`;
  }
  return `<rect ${attributes({ x, y, width, height, rx: kind === 'note' ? 2 : 8, ...paint })}/>`;
}

function drawText(shape: BoxShape, measure: Measure): string {
  const lines = layOutText(shape, measure);
  const x = shape.x + shape.width / 2;
  const y = firstBaseline(shape, lines.length);
  const font = attributes({
    'font-family': fontFamily,
    'font-size': fontSize,
    fill: '#17201d',
    'text-anchor': 'middle',
  });
  const spans = lines.map((text, i) => `<tspan ${attributes({ x, y: y + i * lineHeight })}>${escape(text)}</tspan>`);
  return lines.length === 0 ? '' : `<text ${font}>${spans.join('')}</text>`;
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}="${escape(String(value))}"`)
    .join(' ');
}

/** Also of characters that XML does not know at all. */
function escape(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
