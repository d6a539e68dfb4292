import { expect, it } from 'vitest';
import { exportSvg } from './export-svg.js';
import type { BoxShape, Shape } from './shape.js';

const note: BoxShape = {
  id: '0000000000000001',
  kind: 'note',
  x: 0,
  y: 0,
  width: 200,
  height: 100,
  color: 5,
  z: 1,
  text: '<script>alert("&")</script>\u0000',
};
const shapes: readonly Shape[] = [
  note,
  { ...note, id: '0000000000000002', kind: 'ellipse', x: 400, text: '' },
  {
    id: '0000000000000003',
    kind: 'arrow',
    color: 1,
    z: 2,
    x: 0,
    y: 0,
    width: 1,
    height: 1,
    from: { x: 0, y: 0, shape: '0000000000000001' },
    to: { x: 0, y: 0, shape: '0000000000000002' },
  },
];
const measure = (text: string): number => 8 * text.length;

it('draws arrows between the shapes that they connect, in a box that holds everything', () => {
  const svg = exportSvg(shapes, measure);
  expect(svg).toContain('viewBox="-24 -24 648 148"');
  // From the right side of the note to the left one of the ellipse, with a gap.
  expect(svg).toContain('d="M204 50L396 50');
});

it('never makes markup of what somebody wrote', () => {
  const svg = exportSvg(shapes, measure);
  expect(svg).not.toContain('<script');
  expect(svg).toContain('&#60;script&#62;');
  expect(svg).not.toContain('\u0000');
});

it('is a picture also of a board without shapes', () => {
  expect(exportSvg([], measure)).toContain('viewBox="-24 -24 48 48"');
});
