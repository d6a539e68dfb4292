// The parts of house English that a machine can see: how a sentence opens, and "behind" where "after" is meant.
import { parseSync } from 'oxc-parser';

/** "Of course" and the like are no inversions. */
const OPENING = /^(?:["“‘(*_]*)(?:What|Whatever|Who|Whoever|Whom|Of(?! course)|That which)\b(?!')/;

/** "Behind" in space, or as lag. Everything else is taken for time. */
const SPATIAL = [
  /\bbehind (?:(?:a|an|any|one|its|the|your|another|some|this|that|such|real|two|both|corporate|plain)\s+)*(?:[\w-]+\s+)?(?:`[^`]*`|proxy|proxies|load balancers?|balancers?|NAT|NATs|firewalls?|nginx|HAProxy|squid|ingress|gateway|TLS|CDN|Caddy|Envoy|login)\b/i,
  /\b(?:lag|lags|lagged|lagging|fall|falls|fell|fallen|falling|left|stay|stays|leave|leaves|leaving|far|further|ms|seconds?|bytes|operations?|messages?) behind\b/i,
  /\b(?:is|are|was|were|be|being|runs|too|how far|not|who|that) behind(?:[.,;:)]| the (?:log|head|others|store|stream|server|client|top|end)\b|$)/i,
];

/** @typedef {{ line: number, text: string }} Sentence */

/** Cuts prose, which begins on `line`, into sentences with the line of each. */
function cut(prose, line) {
  const sentences = [];
  let start = 0;
  const ends = [...prose.matchAll(/[.!?](?:["”’)*_]*)\s+(?=["“‘(*_]*[A-Z`])/g)].map((end) => end.index + end[0].length);
  for (const end of [...ends, prose.length]) {
    const text = prose.slice(start, end);
    const lead = text.length - text.trimStart().length;
    const before = prose.slice(0, start + lead).split('\n').length - 1;
    if (text.trim() !== '') sentences.push({ line: line + before, text: text.trim().replaceAll(/\s+/g, ' ') });
    start = end;
  }
  return sentences;
}

/** Paragraphs: an empty line, a list item, a heading, a table cell or a tag of a docstring begins one. */
function paragraphs(lines, first) {
  const found = [];
  let open;
  const close = () => {
    if (open !== undefined) found.push(open);
    open = undefined;
  };
  for (const [index, line] of lines.entries()) {
    const bare = line.trim();
    const begins = /^(?:[-*+]\s|\d+\.\s|#{1,6}\s|>|@)/.test(bare);
    if (bare === '' || begins) close();
    if (bare === '') continue;
    if (bare.startsWith('|')) {
      for (const cell of bare.split('|')) found.push({ line: first + index, text: cell });
      continue;
    }
    const text = bare
      .replace(/^(?:[-*+]|\d+\.|#{1,6}|>)\s+/, '')
      .replace(/^@(?:param|template)\s+(?:\{[^}]*\}\s+)?\S+\s*/, '')
      .replace(/^@\w+\s*/, '');
    if (open === undefined) open = { line: first + index, text };
    else open.text += `\n${text}`;
    if (/^#{1,6}\s/.test(bare)) close();
  }
  close();
  return found;
}

/** Fenced code becomes empty lines, so that line numbers stay. */
function withoutFences(lines) {
  let fence;
  return lines.map((line) => {
    const mark = /^\s*(`{3,}|~{3,})/.exec(line)?.[1];
    if (fence === undefined && mark === undefined) return line;
    if (fence === undefined) fence = mark;
    else if (mark !== undefined && mark.startsWith(fence)) fence = undefined;
    return '';
  });
}

const sentences = (lines, first) =>
  paragraphs(withoutFences(lines), first).flatMap(({ line, text }) => cut(text, line));

/** @param {string} text @returns {Sentence[]} */
export const sentencesOfMarkdown = (text) => sentences(text.split('\n'), 1);

/**
 * The sentences of a source's comments. `//` lines that follow one another are one comment.
 * @param {string} file its name tells the language
 * @param {string} text
 * @returns {Sentence[]}
 */
export function sentencesOfSource(file, text) {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  const lineAt = (offset) => starts.findLastIndex((start) => start <= offset) + 1;
  const blocks = [];
  for (const { type, value, start } of parseSync(file, text).comments) {
    const line = lineAt(start);
    const lines = value.split('\n').map((part) => part.replace(/^\s*\*+(?!\*)/, ''));
    const last = blocks.at(-1);
    const alone = text.slice(starts[line - 1], start).trim() === '';
    if (type === 'Line' && alone && last?.joins && last.line + last.lines.length === line) last.lines.push(...lines);
    else blocks.push({ line, lines, joins: type === 'Line' && alone });
  }
  return blocks.flatMap(({ line, lines }) => sentences(lines, line));
}

/**
 * Finds the fault of a sentence, if it has one. A question may open with a question word.
 * @param {string} sentence
 * @returns {'opens' | 'behind' | undefined}
 */
export function judgeSentence(sentence) {
  if (OPENING.test(sentence) && sentence.includes(' ') && !/\?["”’)*_]*$/.test(sentence)) return 'opens';
  const behinds = sentence.match(/\bbehind\b/gi)?.length ?? 0;
  if (behinds === 0) return undefined;
  const spatial = SPATIAL.reduce((count, pattern) => {
    return count + (sentence.match(new RegExp(pattern, 'gi'))?.length ?? 0);
  }, 0);
  return spatial >= behinds ? undefined : 'behind';
}
