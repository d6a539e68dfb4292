import { type Measure, fontSize } from './lay-out-text.js';

const maxKnown = 5000;

/** Measures in the font of the page. Words come again, so their widths are kept. */
export function createMeasure(): Measure {
  const context = document.createElement('canvas').getContext('2d');
  if (!context) return (text) => text.length * fontSize * 0.55;
  context.font = `${fontSize}px ${getComputedStyle(document.body).fontFamily}`;
  const known = new Map<string, number>();
  return (text) => {
    let width = known.get(text);
    if (width === undefined) {
      width = context.measureText(text).width;
      if (known.size >= maxKnown) known.clear();
      known.set(text, width);
    }
    return width;
  };
}
