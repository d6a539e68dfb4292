import { Readable } from 'node:stream';
import type { Visit } from '@longwave/core';
import type { Operation } from '@longwave/protocol';
import { HttpProblem } from '../http/problem.js';
import { messageJson } from '../http/message-json.js';
import type { RoutedTarget } from '../http/query-form.js';
import { positionText } from './event-text.js';

type StoredPage = Visit['page'];

/** Messages of a page. A page begins with the offset 1, 101, 201... */
export const pageSize = 100;

/** Characters of a page that are made at once. */
const pieceLength = 64 * 1024;

/** The answer to a GET, and how long it may be kept. */
export interface Document {
  /** Strong: the same tag is the same bytes. */
  readonly etag: string;
  readonly immutable: boolean;
  readonly body: () => Readable;
}

/** The first offset of the page that holds `offset`. */
function firstOf(offset: number): number {
  return offset - ((offset - 1) % pageSize);
}

/** Throws `unknown-method` (404): no page begins there. */
export function firstOffset(text: string): number {
  const first = /^[1-9]\d{0,14}$/.test(text) ? Number(text) : 0;
  if (first === 0 || firstOf(first) !== first) {
    throw new HttpProblem('unknown-method', `A page begins with an offset of 1 + n * ${pageSize}, not with ${text}.`);
  }
  return first;
}

/** How the channel was named: links are asked in the same way. */
type Asked = Pick<RoutedTarget, 'named'>;

/** READ-8: what is retained, and where. Links are relative to the document. */
export function boundsDocument({ named }: Asked, { epoch, floor, top }: StoredPage): Document {
  const page = (offset: number): string =>
    `history/${encodeURIComponent(epoch)}/${firstOf(offset)}${named && `?${named}`}`;
  const links = {
    oldest: page(Math.min(floor, top) + 1),
    newest: page(Math.max(1, top)),
    events: `events?${named && `${named}&`}from=${encodeURIComponent(positionText({ epoch, offset: top }))}`,
  };
  const text = JSON.stringify({ epoch, floor, top, pageSize, links });
  return { etag: tag(epoch, floor, top), immutable: false, body: () => Readable.from([text]) };
}

/** READ-9. Throws `epoch-changed` or `trimmed` (410), or `unknown-method` (404) when nothing is there yet. */
export function pageDocument(
  asked: Asked & { readonly epoch: string },
  first: number,
  { page, redactable }: Pick<Visit, 'page' | 'redactable'>,
): Document {
  const { epoch } = asked;
  const { floor, top } = page;
  if (epoch !== page.epoch) {
    throw new HttpProblem('epoch-changed', `The log was replaced: its epoch is ${page.epoch}.`, 410);
  }
  const last = first + pageSize - 1;
  if (floor >= last) throw new HttpProblem('trimmed', `What is retained begins with the offset ${floor + 1}.`);
  if (first > top + 1) throw new HttpProblem('unknown-method', `The log ends with the offset ${top}.`);
  const ops = page.ops.filter(({ offset }) => offset >= first && offset <= last);
  const complete = ops.length === pageSize;
  return {
    etag: tag(epoch, (ops[0]?.offset ?? first) - 1, ops.at(-1)?.offset ?? first - 1, redactedOf(ops)),
    // RED-6: what may be taken from it must not be kept by others.
    immutable: complete && !redactable,
    body: () => Readable.from(pieces(asked, first, { complete, ops }), { highWaterMark: 1 }),
  };
}

/** Made as it is sent: who reads slowly holds a piece, and operations that the store holds anyway. */
function* pieces(
  { epoch, named }: Asked & { readonly epoch: string },
  first: number,
  { complete, ops }: { readonly complete: boolean; readonly ops: readonly Operation[] },
): Generator<string> {
  const page = (offset: number): string => `${offset}${named && `?${named}`}`;
  const links = {
    ...(first > 1 && { previous: page(first - pageSize) }),
    ...(complete && { next: page(first + pageSize) }),
  };
  let piece = `${JSON.stringify({ epoch, first, complete, links }).slice(0, -1)},"messages":[`;
  for (const [index, op] of ops.entries()) {
    piece += `${index > 0 ? ',' : ''}${messageJson(op)}`;
    if (piece.length < pieceLength) continue;
    yield piece;
    piece = '';
  }
  yield `${piece}]}`;
}

/** How many messages of a page are redacted tells which of its states it is: none is ever restored. */
function redactedOf(ops: readonly Operation[]): number {
  return ops.reduce((count, { kind }) => count + (kind === 'redacted' ? 1 : 0), 0);
}

/** A change of the documents' format changes the number in front. */
function tag(epoch: string, after: number, last: number, redacted = 0): string {
  return `"1.${encodeURIComponent(epoch)}.${after}-${last}${redacted > 0 ? `.${redacted}` : ''}"`;
}
