import path from 'node:path';

/** A fence opens and closes with at least three backticks or tildes at the head of a line. */
const FENCE = /^\s*(`{3,}|~{3,})/;

/**
 * Runs `change` over the text of a page that is no code. Fenced blocks and code spans stay as they are.
 * @param {string} markdown
 * @param {(text: string) => string} change
 */
export function mapText(markdown, change) {
  let fence;
  return markdown
    .split('\n')
    .map((line) => {
      const mark = FENCE.exec(line)?.[1];
      if (fence !== undefined) {
        if (mark?.startsWith(fence) && line.trim() === mark) fence = undefined;
        return line;
      }
      if (mark !== undefined) {
        fence = mark;
        return line;
      }
      return mapSpans(line, change);
    })
    .join('\n');
}

/** Code spans of a line are put out of the way, since a link may have one inside its brackets. */
function mapSpans(line, change) {
  const spans = [];
  const text = line.replaceAll(/(`+)(?:(?!\1).)+?\1(?!`)/g, (span) => `\u0000${spans.push(span) - 1}\u0000`);
  return change(text).replaceAll(/\u0000(\d+)\u0000/g, (_, index) => spans[index]);
}

/** Inline links and images, definitions of references, and the addresses of HTML elements. */
const LINK =
  /(\]\()([^()\s]+(?:\([^()\s]*\)[^()\s]*)*)(?=[\s)])|(^\s*\[[^\]]+\]:\s+)(\S+)|((?:href|src|srcset)=")([^"]+)(?=")/g;

/**
 * Replaces the target of every link of a page.
 * @param {string} markdown
 * @param {(target: string) => string} change
 */
export function mapLinks(markdown, change) {
  // A link may be broken over two lines inside its brackets; its target never is.
  return mapText(markdown, (text) =>
    text.replaceAll(LINK, (_, inline, a, definition, b, attribute, c) =>
      inline === undefined
        ? definition === undefined
          ? attribute + change(c)
          : definition + change(b)
        : inline + change(a),
    ),
  );
}

/** @param {string} target */
export const isExternal = (target) => /^[a-z][a-z0-9+.-]*:/i.test(target) || target.startsWith('//');

/**
 * The place that a relative link of a page means, as a path from the root of the repository, and its anchor.
 * @param {string} page path of the page
 * @param {string} target
 */
export function resolveLink(page, target) {
  const [file, hash = ''] = target.split('#', 2);
  const place = file === '' ? page : path.posix.join(path.posix.dirname(page), decodeURI(file)).replace(/\/$/, '');
  return { place, hash };
}

/**
 * The anchor of a heading, as hosts of repositories make it; the site makes the same.
 * @param {string} title
 */
export function slugOf(title) {
  return title
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
    .replaceAll(' ', '-');
}

/**
 * All anchors of a page.
 * @param {string} markdown
 * @returns {Set<string>}
 */
export function anchorsOf(markdown) {
  const anchors = new Set();
  const counts = new Map();
  let fence;
  for (const line of markdown.split('\n')) {
    const mark = FENCE.exec(line)?.[1];
    if (fence !== undefined) {
      if (mark?.startsWith(fence) && line.trim() === mark) fence = undefined;
      continue;
    }
    if (mark !== undefined) {
      fence = mark;
      continue;
    }
    for (const [, id] of line.matchAll(/\bid="([^"]+)"/g)) anchors.add(id);
    const title = /^#{1,6}\s+(.+?)\s*#*$/.exec(line)?.[1];
    if (title === undefined) continue;
    const slug = slugOf(plainText(title));
    const count = counts.get(slug) ?? 0;
    counts.set(slug, count + 1);
    anchors.add(count === 0 ? slug : `${slug}-${count}`);
  }
  return anchors;
}

/** A heading without its marks. */
function plainText(title) {
  return title
    .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/[`*]/g, '')
    .replaceAll(/<[^>]+>/g, '');
}

/**
 * Links of a set of pages that lead nowhere.
 * @param {Map<string, string>} pages Markdown by path
 * @param {(place: string) => boolean} exists whether the repository has such a file or folder
 * @returns {string[]}
 */
export function brokenLinks(pages, exists) {
  const anchors = new Map();
  const problems = [];
  for (const [page, markdown] of pages) {
    mapLinks(markdown, (target) => {
      if (isExternal(target)) return target;
      const { place, hash } = resolveLink(page, target);
      if (target.startsWith('/')) problems.push(`${page}: '${target}' is no relative link`);
      else if (place.startsWith('..')) problems.push(`${page}: '${target}' leaves the repository`);
      else if (!exists(place)) problems.push(`${page}: there is no '${target}'`);
      else if (hash !== '' && pages.has(place)) {
        if (!anchors.has(place)) anchors.set(place, anchorsOf(pages.get(place)));
        if (!anchors.get(place).has(hash)) problems.push(`${page}: '${target}' has no such anchor`);
      }
      return target;
    });
  }
  return problems;
}
