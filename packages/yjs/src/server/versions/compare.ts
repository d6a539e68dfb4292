import * as Y from 'yjs';
import { type Root, rootsOf } from '../documents/roots.js';
import { type Difference, diff, diffText } from './diff.js';
import { type Marks, type Unit, unitsOf } from './units.js';

/** A mark of a run that differs, such as bold or a link. Undefined: the run has none there. */
export interface MarkChange {
  readonly name: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** A run of a text that both states have, or one of them. */
export interface TextPart {
  readonly change: 'kept' | 'inserted' | 'removed';
  readonly text: string;
  /** The user who wrote it, where that is known. */
  readonly user?: string | undefined;
  /** The marks that a kept run gained, lost or has otherwise. Absent where they are the same. */
  readonly marks?: readonly MarkChange[] | undefined;
}

/** Values of a list that both states have, or one of them. */
export interface ListPart {
  readonly change: 'kept' | 'inserted' | 'removed';
  readonly values: readonly unknown[];
}

/** A key whose value differs. Undefined: it has none there. */
export interface KeyChange {
  readonly key: string;
  readonly before: unknown;
  readonly after: unknown;
  /** The user who put the value that it has after. */
  readonly user?: string | undefined;
}

/** The difference of a root between two states. */
export type RootDifference =
  | { readonly kind: 'text'; readonly parts: readonly TextPart[] }
  | { readonly kind: 'list'; readonly parts: readonly ListPart[] }
  | { readonly kind: 'map'; readonly changes: readonly KeyChange[] };

/** A state of a document, and who wrote as which client of Yjs. */
export interface State {
  readonly doc: Y.Doc;
  readonly authors: ReadonlyMap<number, string>;
}

/**
 * The roots in which two states differ. Texts are compared as they read, with their marks; the kinds of blocks, such as headings, are no
 * difference. `authors` of either state tell who wrote what it alone has.
 */
export function compareStates(before: State, after: State): Readonly<Record<string, RootDifference>> {
  const [olds, news] = [rootsOf(before.doc), rootsOf(after.doc)];
  const names = new Set([...olds.keys(), ...news.keys()]);
  return Object.fromEntries(
    [...names].flatMap((name) => {
      const difference = compareRoots(olds.get(name), news.get(name), before.authors, after.authors);
      return difference ? [[name, difference]] : [];
    }),
  );
}

type Authors = State['authors'];

function compareRoots(
  before: Root | undefined,
  after: Root | undefined,
  oldAuthors: Authors,
  newAuthors: Authors,
): RootDifference | undefined {
  const kind = after ?? before;
  if (kind instanceof Y.Map) return compareMaps(before, after, newAuthors);
  if (kind instanceof Y.Array) return compareLists(before, after);
  const [olds, news] = [before, after].map((root) =>
    root instanceof Y.Text || root instanceof Y.XmlFragment ? unitsOf(root) : [],
  ) as [readonly Unit[], readonly Unit[]];
  const differences = fitted(diffText(textsOf(olds), textsOf(news)), news);
  const parts: TextPart[] = [];
  let [atOld, at] = [0, 0];
  for (const { a, aEnd, b, bEnd } of [...differences, endOf(olds.length, news.length)]) {
    parts.push(...keptRuns(olds.slice(atOld, a), news.slice(at, b), newAuthors));
    parts.push(...runs('removed', olds.slice(a, aEnd), oldAuthors));
    parts.push(...runs('inserted', news.slice(b, bEnd), newAuthors));
    [atOld, at] = [aEnd, bEnd];
  }
  const isSame = differences.length === 0 && parts.every(({ marks }) => marks === undefined);
  return isSame ? undefined : { kind: 'text', parts };
}

/** No difference: what follows the last one is the same. */
function endOf(a: number, b: number): Difference {
  return { a, aEnd: a, b, bEnd: b };
}

/**
 * Moves insertions that could stand in several places with the same result, such as a word between spaces, to where the writer changes.
 */
function fitted(differences: readonly Difference[], news: readonly Unit[]): readonly Difference[] {
  return differences.flatMap((one, i) => {
    const { a, aEnd, b, bEnd } = one;
    const first = differences[i - 1]?.bEnd ?? 0;
    const last = differences[i + 1]?.b ?? news.length;
    const fits = (by: number): boolean =>
      news[b + by - 1]?.client !== news[b + by]?.client && news[bEnd + by - 1]?.client !== news[bEnd + by]?.client;
    const moved = (by: number): Difference => ({ a: aEnd + by, aEnd: aEnd + by, b: b + by, bEnd: bEnd + by });
    if (b === bEnd || fits(0)) return [one];
    for (let by = 0; bEnd + by < last && news[b + by]!.text === news[bEnd + by]!.text;)
      if (fits(++by)) return [...(a === aEnd ? [] : [{ a, aEnd, b, bEnd: b }]), moved(by)];
    if (a !== aEnd) return [one];
    for (let by = 0; b + by > first && news[b + by - 1]!.text === news[bEnd + by - 1]!.text;)
      if (fits(--by)) return [moved(by)];
    return [one];
  });
}

function textsOf(units: readonly Unit[]): string[] {
  return units.map(({ text }) => text);
}

/** The text in runs of one writer each. */
function runs(change: TextPart['change'], units: readonly Unit[], authors: Authors): TextPart[] {
  const parts: { change: TextPart['change']; text: string; user: string | undefined }[] = [];
  for (const { text, client } of units) {
    const last = parts.at(-1);
    const user = client === undefined ? last?.user : authors.get(client);
    if (last && last.user === user) last.text += text;
    else parts.push({ change, text, user });
  }
  return parts;
}

/** As `runs`, of letters that are the same in both, apart from their marks. */
function keptRuns(olds: readonly Unit[], news: readonly Unit[], authors: Authors): TextPart[] {
  const parts: TextPart[] = [];
  let start = 0;
  const change = (i: number): string => {
    const [before, after] = [olds[i]!.marks, news[i]!.marks];
    return before.key === after.key ? '' : `${before.key}\n${after.key}`;
  };
  while (start < news.length) {
    const first = change(start);
    let end = start + 1;
    while (end < news.length && change(end) === first) end++;
    const marks = first === '' ? undefined : markChanges(olds[start]!.marks, news[start]!.marks);
    for (const part of runs('kept', news.slice(start, end), authors)) parts.push(marks ? { ...part, marks } : part);
    start = end;
  }
  return joinedEnds(parts);
}

function markChanges({ values: before }: Marks, { values: after }: Marks): MarkChange[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((name) => asText(before[name]) !== asText(after[name]))
    .map((name) => ({ name, before: before[name], after: after[name] }));
}

/** The end of a block has no marks and no writer: it goes with the run before it. */
function joinedEnds(parts: readonly TextPart[]): TextPart[] {
  const joined: TextPart[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    const isEnd = part.text === '\n' && part.user === undefined && !part.marks;
    if (last && isEnd) joined[joined.length - 1] = { ...last, text: last.text + part.text };
    else if (last && !last.marks && !part.marks && last.user === part.user && last.change === part.change)
      joined[joined.length - 1] = { ...last, text: last.text + part.text };
    else joined.push(part);
  }
  return joined;
}

function compareLists(before: Root | undefined, after: Root | undefined): RootDifference | undefined {
  const [olds, news] = [before, after].map((root) => (root instanceof Y.Array ? (root.toJSON() as unknown[]) : [])) as [
    unknown[],
    unknown[],
  ];
  const differences = diff(olds.map(asText), news.map(asText));
  if (differences.length === 0) return undefined;
  const parts: ListPart[] = [];
  let at = 0;
  for (const { a, aEnd, b, bEnd } of [...differences, endOf(olds.length, news.length)]) {
    parts.push({ change: 'kept', values: news.slice(at, b) });
    parts.push({ change: 'removed', values: olds.slice(a, aEnd) }, { change: 'inserted', values: news.slice(b, bEnd) });
    at = bEnd;
  }
  return { kind: 'list', parts: parts.filter(({ values }) => values.length > 0) };
}

function compareMaps(before: Root | undefined, after: Root | undefined, authors: Authors): RootDifference | undefined {
  const [olds, news] = [before, after].map((root) =>
    root instanceof Y.Map ? (root.toJSON() as Record<string, unknown>) : {},
  ) as [Record<string, unknown>, Record<string, unknown>];
  const keys = [...new Set([...Object.keys(olds), ...Object.keys(news)])];
  const changes = keys
    .filter((key) => asText(olds[key]) !== asText(news[key]))
    .map((key): KeyChange => {
      const item = after instanceof Y.Map && Object.hasOwn(news, key) ? after._map.get(key) : undefined;
      return { key, before: olds[key], after: news[key], user: item && authors.get(item.id.client) };
    });
  return changes.length === 0 ? undefined : { kind: 'map', changes };
}

/** Equal for equal values, as far as JSON can tell. */
function asText(value: unknown): string {
  return value instanceof Uint8Array ? `bytes ${Buffer.from(value).toString('base64')}` : (JSON.stringify(value) ?? '');
}
