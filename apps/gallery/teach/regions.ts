import { type SnippetPart, snippetParts } from '../shared/snippet.js';

/** Lines of a file between `// #region teach:<page>-<part>` and `// #endregion`. */
export interface Region {
  readonly page: string;
  readonly part: SnippetPart;
  /** Index of its first line, and of the one after its last. */
  readonly start: number;
  readonly end: number;
}

const begins = /^\s*\/\/ #region teach:(\S+)$/;
const ends = /^\s*\/\/ #endregion$/;

/** Throws for a marker that is not closed, not opened, or names no part. `file` is for the message. */
export function readRegions(lines: readonly string[], file: string): Region[] {
  const regions: Region[] = [];
  let open: Omit<Region, 'end'> | undefined;
  for (const [index, line] of lines.entries()) {
    const place = `${file}:${index + 1}`;
    const name = begins.exec(line)?.[1];
    if (name !== undefined) {
      if (open) throw new Error(`${place}: a region begins within another.`);
      open = { ...readName(name, place), start: index + 1 };
    } else if (ends.test(line)) {
      if (!open) throw new Error(`${place}: a region ends that was not begun.`);
      regions.push({ ...open, end: index });
      open = undefined;
    }
  }
  if (open) throw new Error(`${file}: the region teach:${open.page}-${open.part} has no end.`);
  return regions;
}

function readName(name: string, place: string): Pick<Region, 'page' | 'part'> {
  const [, page, partName] = /^([a-z]+)-([a-z]+)$/.exec(name) ?? [];
  const part = snippetParts.find((each) => each === partName);
  if (!part || page === undefined) {
    throw new Error(`${place}: '${name}' is not <page>-<part>; a part is ${snippetParts.join(', ')}.`);
  }
  return { page, part };
}
