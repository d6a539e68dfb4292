// How the source of a package is laid out. A room is a folder at the top of `src`, or a file there that stands alone; an arrow
// leads from a room to another that it imports. Tests and `testing/` do not count.
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

/** Every source file under `folder`, relative to it. */
function sourcesOf(folder, within = '') {
  return readdirSync(path.join(folder, within), { withFileTypes: true }).flatMap((entry) => {
    const file = path.posix.join(within, entry.name);
    if (entry.isDirectory()) return entry.name === 'testing' ? [] : sourcesOf(folder, file);
    return /\.tsx?$/.test(entry.name) && !/\.(?:test|test-d)\.tsx?$/.test(entry.name) ? [file] : [];
  });
}

/** The imports of a source from its own package: paths relative to `src`, without their ending. */
function importsOf(file, text) {
  const specifiers = [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.{1,2}\/[^']+)'/g)].map(
    ([, specifier]) => specifier,
  );
  return specifiers.map((specifier) => path.posix.join(path.posix.dirname(file), specifier).replace(/\.\w+$/, ''));
}

const roomOf = (file) => file.split('/')[0].replace(/\.tsx?$/, '');

/** @param {{ file: string, imports: string[] }[]} files @returns the rooms, the arrows as `a > b`, and those that lead back */
export function layOut(files) {
  const rooms = new Set(files.map(({ file }) => roomOf(file)));
  const arrows = new Set();
  for (const { file, imports } of files) {
    for (const target of imports) {
      const [from, to] = [roomOf(file), roomOf(target)];
      if (from !== to && rooms.has(to)) arrows.add(`${from} > ${to}`);
    }
  }
  const back = [...arrows].filter((arrow) => arrows.has(arrow.split(' > ').toReversed().join(' > ')));
  return { rooms: [...rooms], arrows: [...arrows], back };
}

/** Source files in each folder of `files`, by folder. */
export function fullness(files) {
  const counts = new Map();
  for (const { file } of files) {
    const folder = path.posix.dirname(file);
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  return counts;
}

/** Lines that hold code: neither blank nor comment alone. */
export function codeLines(text) {
  const bare = text.replaceAll(/\/\*[\s\S]*?\*\//g, (comment) => comment.replaceAll(/[^\n]/g, ''));
  return bare.split('\n').filter((line) => line.trim() !== '' && !line.trim().startsWith('//')).length;
}

export function readPackage(src) {
  return sourcesOf(src).map((file) => {
    const text = readFileSync(path.join(src, file), 'utf8');
    return { file, text, imports: importsOf(file, text) };
  });
}
