import type { BoxShape } from './shape.js';

export const fontSize = 16;
export const lineHeight = 20;
const padding = 10;

/** The width of a text in units of the board. */
export type Measure = (text: string) => number;

/** The lines of a shape's text that fit into it; the last one says with `…` that there is more. */
export function layOutText({ text, width, height, kind }: BoxShape, measure: Measure): readonly string[] {
  if (text === '') return [];
  // Within an ellipse the text has the largest box of the same proportions.
  const inner = kind === 'ellipse' ? Math.SQRT1_2 : 1;
  const room = Math.max(lineHeight, width * inner - 2 * padding);
  const most = Math.max(1, Math.floor((height * inner - padding) / lineHeight));
  const lines = text.split('\n').flatMap((line) => wrap(line, room, measure));
  if (lines.length <= most) return lines;
  const last = lines[most - 1]!;
  return [...lines.slice(0, most - 1), `${last.slice(0, Math.max(1, last.length - 1))}…`];
}

/** Breaks between words, and within those that are too long. */
function wrap(text: string, room: number, measure: Measure): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/(?<=\s)/u)) {
    if (line !== '' && measure((line + word).trimEnd()) > room) {
      lines.push(line.trimEnd());
      line = '';
    }
    line += word;
    while (measure(line.trimEnd()) > room && [...line].length > 1) {
      const head = longestHead(line, room, measure);
      lines.push(head);
      line = line.slice(head.length);
    }
  }
  return [...lines, line.trimEnd()];
}

function longestHead(text: string, room: number, measure: Measure): string {
  let head = '';
  for (const character of text) {
    if (head !== '' && measure(head + character) > room) break;
    head += character;
  }
  return head;
}

/** The height of the first line's baseline, so that all lines stand in the middle. */
export function firstBaseline({ y, height }: BoxShape, lines: number): number {
  return y + height / 2 - ((lines - 1) * lineHeight) / 2 + fontSize * 0.35;
}
