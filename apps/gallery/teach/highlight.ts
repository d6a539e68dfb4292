import { highlightTree, tagHighlighter, tags } from '@lezer/highlight';
import { parser } from '@lezer/javascript';
import type { Token, TokenKind } from '../shared/snippet.js';

const parsers = { ts: parser.configure({ dialect: 'ts' }), tsx: parser.configure({ dialect: 'ts jsx' }) };

/** Few kinds, so that the page stays calm: what a reader looks for stands out, and all else is text. */
const highlighter = tagHighlighter([
  { tag: [tags.keyword, tags.self, tags.null, tags.bool, tags.modifier], class: 'keyword' },
  { tag: [tags.string, tags.regexp], class: 'string' },
  { tag: tags.number, class: 'number' },
  { tag: tags.comment, class: 'comment' },
  { tag: [tags.typeName, tags.className, tags.tagName], class: 'type' },
  { tag: [tags.function(tags.variableName), tags.function(tags.propertyName)], class: 'call' },
]);

/** The lines of a whole source, in tokens: a part of it alone would be read wrongly. */
export function highlightLines(source: string, dialect: keyof typeof parsers): Token[][] {
  const lines: Token[][] = [[]];
  const add = (text: string, kind?: TokenKind): void => {
    for (const [index, part] of text.split('\n').entries()) {
      if (index > 0) lines.push([]);
      if (part !== '') lines.at(-1)!.push(kind === undefined ? [part] : [part, kind]);
    }
  };
  let at = 0;
  highlightTree(parsers[dialect].parse(source), highlighter, (from, to, kind) => {
    add(source.slice(at, from));
    add(source.slice(from, to), kind as TokenKind);
    at = to;
  });
  add(source.slice(at));
  return lines;
}
