import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Snippet, type SnippetPart, type SnippetPiece, type Token, snippetParts } from '../shared/snippet.js';
import { highlightLines } from './highlight.js';
import { readRegions } from './regions.js';

/** Folders with sources that are shown, from the root of the repository. */
export const taughtFolders = [
  'apps/gallery/shared',
  'apps/gallery/server',
  'apps/gallery/web',
  'examples/chat-terminal',
];

const source = /\.tsx?$/;
const notShown = /^\s*(?:\/\/|\{?\/\*) oxlint-disable/;

/** All snippets, by page. Throws for a marker that is wrong, and for a page that lacks a part. */
export function readSnippets(root: string): ReadonlyMap<string, Snippet> {
  const pages = new Map<string, Record<SnippetPart, SnippetPiece[]>>();
  for (const file of [...sourceFiles(root)].toSorted(contractFirst)) {
    const text = readFileSync(join(root, file), 'utf8');
    if (!text.includes('// #region teach:')) continue;
    const regions = readRegions(text.split('\n'), file);
    const lines = highlightLines(text, file.endsWith('x') ? 'tsx' : 'ts');
    for (const { page, part, start, end } of regions) {
      const parts = pages.get(page) ?? { contract: [], server: [], client: [] };
      pages.set(page, parts);
      const piece = outdent(lines.slice(start, end).filter((line) => !notShown.test(plainText(line))));
      const before = parts[part].at(-1);
      // Pieces of one file stand under its name once, with an empty line in between.
      if (before?.file === file) parts[part][parts[part].length - 1] = { file, lines: [...before.lines, [], ...piece] };
      else parts[part].push({ file, lines: piece });
    }
  }
  for (const [page, parts] of pages) {
    const missing = snippetParts.find((part) => parts[part].length === 0);
    if (missing) throw new Error(`No source is marked as teach:${page}-${missing}.`);
  }
  return pages;
}

export function plainText(line: readonly Token[]): string {
  return line.map(([text]) => text).join('');
}

function* sourceFiles(root: string): Iterable<string> {
  for (const folder of taughtFolders) {
    const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
    for (const name of names.toSorted()) {
      if (source.test(name) && !name.includes('.test.')) yield `${folder}/${name.replaceAll('\\', '/')}`;
    }
  }
}

/** The contract of the whole gallery, before what its channels hold. */
function contractFirst(a: string, b: string): number {
  const rank = (file: string): number => (file.endsWith('/channels.ts') ? 0 : 1);
  return rank(a) - rank(b);
}

/** Without the space that all of its lines begin with. */
function outdent(lines: readonly (readonly Token[])[]): (readonly Token[])[] {
  const indents = lines.filter((line) => line.length > 0).map((line) => /^ */.exec(plainText(line))![0].length);
  const indent = Math.min(...indents);
  return lines.map((line) => cut(line, indent));
}

function cut([first, ...rest]: readonly Token[], count: number): readonly Token[] {
  if (!first || count === 0) return first ? [first, ...rest] : [];
  const [text, kind] = first;
  if (text.length <= count) return cut(rest, count - text.length);
  return [kind === undefined ? [text.slice(count)] : [text.slice(count), kind], ...rest];
}
