import type { Engine } from '@longwave/core';
import { type ChangeKind, LongwaveError, type Published } from '@longwave/protocol';
import type { Hono } from 'hono';
import { type ChangeHead, changeInput, isConditional, removalOptions } from './change-input.js';
import { entriesPage, entriesQuery, etagOf, membersPage, oneEntry } from './entries-page.js';
import { objectOf } from './message-input.js';
import type { OpenPages } from './open-pages.js';
import { publishedBody } from './published-body.js';
import { HttpProblem } from '../http/problem.js';
import { type Env, type Request, parameter } from './route.js';

const asJson = { 'content-type': 'application/json' };

export interface EntryRoutesOptions {
  readonly engine: Engine;
  readonly pages: OpenPages;
  readonly readBody: (context: Request) => Promise<unknown>;
}

/** The state of channels: entries by key, or the one value, and who is there. */
export function addEntryRoutes(app: Hono<Env>, { engine, pages, readBody }: EntryRoutesOptions): void {
  app.get('/channels/:channel/entries', async (context) => {
    const page = await entriesPage(engine, parameter(context, 'channel'), entriesQuery(context.req.query()));
    return pages.answer(context, page);
  });

  app.get('/channels/:channel/members', async (context) => {
    const page = await membersPage(engine, parameter(context, 'channel'), entriesQuery(context.req.query()));
    return pages.answer(context, page);
  });

  const read = async (context: Request, key?: string): Promise<Response> => {
    const { json, etag } = await oneEntry(engine, parameter(context, 'channel'), key);
    return context.body(json, 200, { ...asJson, etag });
  };

  const change = async (context: Request, kind: ChangeKind, key?: string): Promise<Response> => {
    const channel = parameter(context, 'channel');
    const head = headOf(context);
    const { data, options } =
      kind === 'delete'
        ? { data: undefined, options: removalOptions(head) }
        : changeInput(objectOf(await readBody(context), 'The body'), head);
    const published = await onlyIf(head, engine.change(channel, { kind, key, data }, options));
    // A repeated change is told where it was stored: the entry may have another version by now.
    if (kind !== 'delete' && !published.duplicate) context.header('etag', etagOf(published.position.offset));
    return context.json(publishedBody(published));
  };

  const entry = '/channels/:channel/entries/:key';
  app.get(entry, (context) => read(context, parameter(context, 'key')));
  app.put(entry, (context) => change(context, 'put', parameter(context, 'key')));
  app.patch(entry, (context) => change(context, 'patch', parameter(context, 'key')));
  app.delete(entry, (context) => change(context, 'delete', parameter(context, 'key')));

  const value = '/channels/:channel/value';
  app.get(value, (context) => read(context));
  app.put(value, (context) => change(context, 'put'));
  app.patch(value, (context) => change(context, 'patch'));
  app.delete(value, (context) => change(context, 'delete'));
}

function headOf({ req }: Request): ChangeHead {
  return {
    ifMatch: req.header('if-match'),
    ifNoneMatch: req.header('if-none-match'),
    idempotencyKey: req.header('idempotency-key'),
    user: req.query('user'),
  };
}

/** RFC 9110 §15.5.13: what fails a condition in the headers is 412, not 409. */
async function onlyIf(head: ChangeHead, change: Promise<Published>): Promise<Published> {
  try {
    return await change;
  } catch (error) {
    const failed = error instanceof LongwaveError && error.code === 'conflict' && isConditional(head);
    throw failed ? new HttpProblem('conflict', error.message, 412) : error;
  }
}
