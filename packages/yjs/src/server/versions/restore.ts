import * as Y from 'yjs';
import { type Root, hasContent, rootOf } from '../documents/roots.js';
import { diff, diffText } from './diff.js';

/** Changes a document so that it says what another one says: no more of it than differs, so cursors and others' writing stay in place. */
export function becomeLike(doc: Y.Doc, model: Y.Doc): void {
  // The type of a root without content cannot be told, and a root has one for good.
  for (const [name, root] of [...doc.share]) {
    if (hasContent(root) && !hasContent(model.share.get(name))) empty(rootOf(doc, name));
  }
  for (const [name, root] of [...model.share]) {
    if (!hasContent(root)) continue;
    const typed = rootOf(model, name);
    adopt(doc.get(name, typeOf(typed)), typed);
  }
}

type Shared = Root | Y.XmlElement;

function typeOf(root: Root): typeof Y.Text | typeof Y.XmlFragment | typeof Y.Array | typeof Y.Map {
  if (root instanceof Y.Text) return Y.Text;
  if (root instanceof Y.Array) return Y.Array;
  return root instanceof Y.Map ? Y.Map : Y.XmlFragment;
}

function empty(root: Root): void {
  if (root instanceof Y.Map) root.clear();
  else if (root.length > 0) root.delete(0, root.length);
}

function isSameType(one: unknown, other: unknown): boolean {
  if (one instanceof Y.XmlElement && other instanceof Y.XmlElement) return one.nodeName === other.nodeName;
  return [Y.XmlText, Y.Text, Y.Array, Y.Map, Y.XmlFragment].some(
    (Type) => one instanceof Type && other instanceof Type && one.constructor === other.constructor,
  );
}

/** Both are of one type. */
function adopt(own: unknown, model: Shared): void {
  if (model instanceof Y.Text) adoptText(own as Y.Text, model);
  else if (model instanceof Y.Map) adoptMap(own as Y.Map<unknown>, model);
  else if (model instanceof Y.Array) adoptList(own as Y.Array<unknown>, model);
  else {
    if (model instanceof Y.XmlElement) adoptAttributes(own as Y.XmlElement, model);
    adoptList(own as Y.XmlFragment, model);
  }
}

interface Letter {
  /** The letter, without its marks. */
  readonly key: string;
  readonly insert: unknown;
  readonly attributes: Record<string, unknown>;
  readonly length: number;
}

function adoptText(own: Y.Text, model: Y.Text): void {
  const [olds, news] = [lettersOf(own), lettersOf(model)];
  const differences = diffText(
    olds.map(({ key }) => key),
    news.map(({ key }) => key),
  );
  const lengths = olds.map(({ length }) => length);
  // From the end, so that the places before stay what they are.
  for (const { a, aEnd, b, bEnd } of differences.toReversed()) {
    const at = sum(lengths.slice(0, a));
    const removed = sum(lengths.slice(a, aEnd));
    if (removed > 0) own.delete(at, removed);
    insertLetters(own, at, news.slice(b, bEnd));
  }
  adoptMarks(own, news);
  if (model instanceof Y.XmlText && own instanceof Y.XmlText) adoptAttributes(own, model);
}

/** Changes a text so that it reads as `model`, without marks. */
export function becomeText(own: Y.Text, model: string): void {
  const doc = new Y.Doc();
  const text = doc.getText('text');
  text.insert(0, model);
  adoptText(own, text);
}

/** The letters are the same. */
function adoptMarks(own: Y.Text, news: readonly Letter[]): void {
  const olds = lettersOf(own);
  let at = 0;
  for (let i = 0; i < news.length;) {
    const change = changeOf(olds[i]!.attributes, news[i]!.attributes);
    const text = JSON.stringify(change);
    let length = 0;
    for (; i < news.length && JSON.stringify(changeOf(olds[i]!.attributes, news[i]!.attributes)) === text; i++)
      length += news[i]!.length;
    if (Object.keys(change).length > 0) own.format(at, length, change);
    at += length;
  }
}

/** Null: the mark goes. */
function changeOf(before: Letter['attributes'], after: Letter['attributes']): Letter['attributes'] {
  const changed = Object.entries(after).filter(([name, value]) => asText(before[name]) !== asText(value));
  const gone = Object.keys(before).filter((name) => !Object.hasOwn(after, name));
  return Object.fromEntries([...changed, ...gone.map((name) => [name, null])]);
}

function insertLetters(text: Y.Text, start: number, letters: readonly Letter[]): void {
  let at = start;
  for (let i = 0; i < letters.length;) {
    const { insert, attributes, length } = letters[i]!;
    if (typeof insert !== 'string') {
      text.insertEmbed(at, ownCopy(insert) as object, attributes);
      at += length;
      i++;
      continue;
    }
    const marks = JSON.stringify(attributes);
    let run = '';
    for (; i < letters.length; i++) {
      const next = letters[i]!;
      if (typeof next.insert !== 'string' || JSON.stringify(next.attributes) !== marks) break;
      run += next.insert;
    }
    text.insert(at, run, attributes);
    at += run.length;
  }
}

function lettersOf(text: Y.Text): Letter[] {
  const delta = text.toDelta() as readonly {
    readonly insert: unknown;
    readonly attributes?: Record<string, unknown>;
  }[];
  return delta.flatMap(({ insert, attributes = {} }) => {
    if (typeof insert !== 'string') return [{ key: `\u0000${asText(insert)}`, insert, attributes, length: 1 }];
    return Array.from(insert, (letter) => ({ key: letter, insert: letter, attributes, length: letter.length }));
  });
}

function adoptMap(own: Y.Map<unknown>, model: Y.Map<unknown>): void {
  for (const key of own.keys()) if (!model.has(key)) own.delete(key);
  for (const [key, value] of model.entries()) {
    const before = own.get(key);
    if (isSameType(before, value)) adopt(before, value as Shared);
    else if (!own.has(key) || asText(before) !== asText(value)) own.set(key, ownCopy(value));
  }
}

function adoptAttributes(own: Y.XmlElement | Y.XmlText, model: Y.XmlElement | Y.XmlText): void {
  const [olds, news] = [own.getAttributes(), model.getAttributes()] as [
    Record<string, unknown>,
    Record<string, unknown>,
  ];
  for (const name of Object.keys(olds)) if (!Object.hasOwn(news, name)) own.removeAttribute(name);
  for (const [name, value] of Object.entries(news))
    if (asText(olds[name]) !== asText(value)) own.setAttribute(name, value);
}

type List = Y.Array<unknown> | Y.XmlFragment;

function adoptList(own: List, model: List): void {
  const olds: unknown[] = own.toArray();
  const news: unknown[] = model.toArray();
  for (const { a, aEnd, b, bEnd } of diff(olds.map(asText), news.map(asText)).toReversed()) {
    const shared = pairs(olds.slice(a, aEnd), news.slice(b, bEnd));
    for (let i = 0; i < shared; i++) adopt(olds[a + i], news[b + i] as Shared);
    if (aEnd > a + shared) own.delete(a + shared, aEnd - a - shared);
    const added = news.slice(b + shared, bEnd).map(ownCopy);
    // In XML these are its elements and texts.
    if (added.length > 0) (own as Y.Array<unknown>).insert(a + shared, added);
  }
}

/** How many from the start can become each other. */
function pairs(olds: readonly unknown[], news: readonly unknown[]): number {
  let count = 0;
  while (count < olds.length && count < news.length && isSameType(olds[count], news[count])) count++;
  return count;
}

/** A shared type belongs to its document. */
function ownCopy(value: unknown): unknown {
  return value instanceof Y.AbstractType ? (value.clone() as unknown) : value;
}

function asText(value: unknown): string {
  if (value instanceof Y.AbstractType) return `${value.constructor.name} ${JSON.stringify(value.toJSON())}`;
  return value instanceof Uint8Array ? `bytes ${Buffer.from(value).toString('base64')}` : (JSON.stringify(value) ?? '');
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
