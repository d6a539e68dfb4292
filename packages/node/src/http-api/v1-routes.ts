import type { Engine } from '@longwave/core';
import { wireLimits } from '@longwave/protocol';
import { Hono } from 'hono';
import type { ApiKeys } from './api-keys.js';
import { addDocumentRoutes } from './document-routes.js';
import { addEntryRoutes } from './entry-routes.js';
import { historyPage, historyQuery, queryNumber } from './history-page.js';
import { messageInput, objectOf, redactionInput, textField } from './message-input.js';
import { OpenPages } from './open-pages.js';
import { createOpenApi } from './openapi/openapi.js';
import { HttpProblem } from '../http/problem.js';
import { publishedBody } from './published-body.js';
import { batchItems, publishBatch } from './publish-batch.js';
import { type BodyLimits, hasBody, readJson } from '../http/read-json.js';
import { type Env, type Request, parameter } from './route.js';

export interface V1Options {
  readonly keys: ApiKeys;
  readonly body: BodyLimits;
  readonly failed: (error: unknown) => void;
  /** Where the API is mounted, and where the scripts are, for the OpenAPI document. */
  readonly basePath: string;
  readonly scripts: string | undefined;
}

/** The routes for back ends. Every route but the document needs a key. */
export function createV1Routes(engine: Engine, { keys, body, failed, basePath, scripts }: V1Options): Hono<Env> {
  const app = new Hono<Env>();
  const document = createOpenApi(basePath, scripts);
  const pages = new OpenPages();
  const readBody = ({ env }: Request): Promise<unknown> => readJson(env.incoming, body);

  // Without a key in its configuration the API is shut, never open.
  app.use(async (_, next) => {
    if (keys.isEmpty) throw new HttpProblem('forbidden', 'The HTTP API is off: the server has no API key.');
    await next();
  });
  app.get('/openapi.json', (context) => context.json(document));
  app.use(async (context, next) => {
    keys.check(context.req.header('authorization'), context.env.incoming.socket.remoteAddress);
    await next();
  });

  app.use(async (context, next) => {
    requireUtf8(context.req.url);
    await next();
  });

  app.post('/channels/:channel/messages', async (context) => {
    const channel = parameter(context, 'channel');
    const fields = objectOf(await readBody(context), 'The body');
    const { data, options } = messageInput(fields, 'message', context.req.header('idempotency-key'));
    const published = await engine.publish(channel, data, options);
    return context.json(publishedBody(published), published.duplicate ? 200 : 201);
  });

  app.get('/channels/:channel/messages', async (context) => {
    const page = await historyPage(engine, parameter(context, 'channel'), historyQuery(context.req.query()));
    return pages.answer(context, page);
  });

  // RED-1, in the name of the server: whoever has a key may redact everything.
  app.delete('/channels/:channel/messages/:offset', async (context) => {
    const query = { ...context.req.query(), offset: parameter(context, 'offset') };
    const { target, options } = redactionInput(query, context.req.header('idempotency-key'));
    return context.json(publishedBody(await engine.redactions.redact(parameter(context, 'channel'), target, options)));
  });

  addEntryRoutes(app, { engine, pages, readBody });
  addDocumentRoutes(app, { engine, readBody });

  app.post('/messages', async (context) => {
    const results = await publishBatch(engine, batchItems(await readBody(context)), failed);
    const failures = results.filter(({ status }) => status === 'failed').length;
    const { durability } = engine;
    const answer = { stored: results.length - failures, failed: failures, durability, results };
    return context.json(answer, failures === 0 ? 200 : 207);
  });

  app.post('/users/:user/messages', async (context) => {
    const user = parameter(context, 'user');
    const fields = objectOf(await readBody(context), 'The body');
    const { data, options } = messageInput(fields, 'message', context.req.header('idempotency-key'));
    const published = await engine.publishToUser(user, data, options);
    return context.json(publishedBody(published), published.duplicate ? 200 : 201);
  });

  // RED-8. Whose inbox it is stands in the path, in whose name it is done in none.
  app.delete('/users/:user/messages/:offset', async (context) => {
    const { epoch, reason } = context.req.query();
    const query = { epoch, reason, offset: parameter(context, 'offset') };
    const { target, options } = redactionInput(query, context.req.header('idempotency-key'));
    return context.json(
      publishedBody(await engine.redactions.redactForUser(parameter(context, 'user'), target, options)),
    );
  });

  app.get('/users/:user/connections', async (context) =>
    context.json(await engine.connectionsOf(parameter(context, 'user'))),
  );

  app.post('/users/:user/disconnect', async (context) => {
    const user = parameter(context, 'user');
    const fields = hasBody(context.env.incoming) ? objectOf(await readBody(context), 'The body') : {};
    // A close reason has at most 123 bytes; the message travels in a frame of its own.
    const message = textField(fields, 'message', 1000, 'The body');
    return context.json(await engine.disconnectUser(user, message === undefined ? {} : { message }));
  });

  app.post('/users/:user/recheck', async (context) =>
    context.json(await engine.recheckUser(parameter(context, 'user'))),
  );

  app.get('/cluster', async (context) => {
    const { prefix, ...query } = context.req.query();
    const limit = queryNumber(query, 'limit', 1, 100);
    if (prefix !== undefined && prefix.length > wireLimits.channelLength) {
      throw new HttpProblem('bad-frame', `prefix must be at most ${wireLimits.channelLength} characters.`);
    }
    return context.json(await engine.inspect({ ...(prefix && { prefix }), ...(limit && { limit }) }));
  });

  return app;
}

/** Bytes that are not UTF-8 would be kept as written, and two names would become one (WIRE-10). */
function requireUtf8(url: string): void {
  const { pathname, search } = new URL(url);
  try {
    decodeURIComponent(pathname + search);
  } catch {
    throw new HttpProblem('bad-frame', 'The URL is not URL-encoded UTF-8.');
  }
}
