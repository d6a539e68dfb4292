import { Ajv2020 } from 'ajv/dist/2020.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { readerRoutes } from '../../readers/reader-request.js';
import { createOpenApi } from './openapi.js';
import { serve } from '../testing/serve.js';
import { createHttpApi } from '../http-api.js';

type Served = Awaited<ReturnType<typeof serve>>;

interface Case {
  readonly operationId: string;
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  readonly parameters?: Record<string, string>;
  readonly query?: string;
  readonly setup?: (served: Served) => unknown;
}

const lobby = { channel: 'chat%2Flobby' };
const ada = { user: 'ada' };
const page = { ...lobby, epoch: 'EPOCH', first: '1' };
const board = { channel: 'board%2Fa' };
const acme = { ...board, key: 'ACME' };
const score = { channel: 'score%2Ffinal' };
const member = { key: 'm', user: 'ada', payload: '{"data":{"name":"Ada"},"away":false}' };
const plan = { channel: 'doc%2Fplan' };
const write = ({ engine }: Served) => engine.publish('doc/plan', Uint8Array.of(97));
const posted = { channel: 'open%2Fa', offset: '1' };
const post = ({ engine }: Served) => engine.publish('open/a', 'x', { user: 'ada' });
const told = { ...ada, offset: '1' };
const tell = ({ engine }: Served) => engine.publishToUser('ada', 'psst');
const noKey = { authorization: '' };

const putTwo = async ({ engine }: Served) => {
  await engine.change('board/a', { key: 'ACME', data: { price: 1 } }, { user: 'ada' });
  await engine.change('board/a', { key: 'raw', data: Uint8Array.of(1, 2) });
};
const setScore = ({ engine }: Served) => engine.change('score/final', { data: { home: 1 } });

/** Real requests for every answer that the document names and that a client can bring about. */
const cases: readonly Case[] = [
  { operationId: 'publish', status: 201, parameters: lobby, body: { data: { text: 'hi' } } },
  {
    operationId: 'publish',
    status: 200,
    parameters: { channel: 'news' },
    body: { data: 1, id: 'a' },
    setup: ({ engine }) => engine.publish('news', 1, { id: 'a' }),
  },
  { operationId: 'publish', status: 400, parameters: lobby, body: {} },
  { operationId: 'publish', status: 401, parameters: lobby, headers: noKey },
  { operationId: 'publish', status: 404, parameters: { channel: 'a%2Fb%2Fc' }, body: { data: 1 } },
  { operationId: 'publish', status: 413, parameters: { channel: 'news' }, body: { data: 'x'.repeat(70_000) } },
  { operationId: 'publish', status: 415, parameters: lobby, body: '{}', headers: { 'content-type': 'text/plain' } },
  { operationId: 'publish', status: 422, parameters: lobby, body: { data: { text: 1 } } },
  {
    operationId: 'history',
    status: 200,
    parameters: { channel: 'news' },
    query: '?limit=5',
    setup: async ({ engine }) => {
      await engine.publish('news', { deep: [1, null] }, { id: 'a', user: 'ada' });
      await engine.publish('news', Uint8Array.of(1, 2));
    },
  },
  { operationId: 'history', status: 400, parameters: lobby, query: '?limit=0' },
  { operationId: 'history', status: 404, parameters: { channel: 'a%2Fb%2Fc' } },
  { operationId: 'redact', status: 200, parameters: posted, query: '?reason=spam&user=mod', setup: post },
  { operationId: 'redact', status: 400, parameters: { ...posted, offset: '0' } },
  { operationId: 'redact', status: 400, parameters: { channel: 'news', offset: '1' } },
  { operationId: 'redact', status: 401, parameters: posted, headers: noKey },
  { operationId: 'redact', status: 404, parameters: { channel: 'a%2Fb%2Fc', offset: '1' } },
  { operationId: 'redact', status: 409, parameters: posted, query: '?epoch=another', setup: post },
  { operationId: 'redact', status: 410, parameters: { ...posted, offset: '7' }, setup: post },
  {
    operationId: 'history',
    status: 200,
    parameters: { channel: 'open%2Fa' },
    setup: async (served) => {
      await post(served);
      await served.engine.redactions.redact('open/a', { offset: 1 }, { reason: 'spam' });
    },
  },
  { operationId: 'entries', status: 200, parameters: board, query: '?limit=1', setup: putTwo },
  { operationId: 'entries', status: 400, parameters: lobby },
  { operationId: 'entries', status: 404, parameters: { channel: 'a%2Fb%2Fc' } },
  { operationId: 'getEntry', status: 200, parameters: acme, setup: putTwo },
  { operationId: 'getEntry', status: 400, parameters: { ...score, key: 'a' } },
  { operationId: 'getEntry', status: 404, parameters: acme },
  { operationId: 'putEntry', status: 200, parameters: acme, body: { data: 1, user: 'ada', ttlMs: 60_000, expect: 0 } },
  { operationId: 'putEntry', status: 200, parameters: acme, body: { bytes: 'AA==' } },
  { operationId: 'putEntry', status: 400, parameters: acme, body: { data: 1, ttlMs: 0 } },
  {
    operationId: 'putEntry',
    status: 403,
    parameters: { channel: '%40presence%2Fboard%2Fa', key: 'a' },
    body: { data: 1 },
  },
  { operationId: 'putEntry', status: 404, parameters: { channel: 'a%2Fb%2Fc', key: 'a' }, body: { data: 1 } },
  { operationId: 'putEntry', status: 409, parameters: acme, body: { data: 1, expect: 7 } },
  {
    operationId: 'putEntry',
    status: 412,
    parameters: acme,
    body: { data: 1 },
    headers: { 'if-none-match': '*' },
    setup: putTwo,
  },
  { operationId: 'putEntry', status: 413, parameters: acme, body: { data: 'x'.repeat(70_000) } },
  { operationId: 'putEntry', status: 415, parameters: acme, body: '{}', headers: { 'content-type': 'text/plain' } },
  { operationId: 'putEntry', status: 422, parameters: { channel: 'notes%2Fa', key: 'a' }, body: { data: { text: 5 } } },
  { operationId: 'patchEntry', status: 200, parameters: acme, body: { data: { price: 2 } }, setup: putTwo },
  { operationId: 'patchEntry', status: 400, parameters: acme, body: {} },
  { operationId: 'deleteEntry', status: 200, parameters: acme, setup: putTwo },
  { operationId: 'deleteEntry', status: 200, parameters: acme },
  { operationId: 'deleteEntry', status: 412, parameters: acme, headers: { 'if-match': '"7"' } },
  { operationId: 'getValue', status: 200, parameters: score, setup: setScore },
  { operationId: 'getValue', status: 400, parameters: board },
  { operationId: 'getValue', status: 404, parameters: score },
  { operationId: 'putValue', status: 200, parameters: score, body: { data: { home: 1 } } },
  { operationId: 'putValue', status: 400, parameters: score, body: { data: 1, expect: -1 } },
  { operationId: 'patchValue', status: 200, parameters: score, body: { data: { home: 2 } }, setup: setScore },
  { operationId: 'deleteValue', status: 200, parameters: score, setup: setScore },
  {
    operationId: 'members',
    status: 200,
    parameters: board,
    setup: ({ memory }) => memory.append('@presence/board/a', member, { keys: 10, bytes: 1000, removals: 10 }),
  },
  { operationId: 'members', status: 400, parameters: board, query: '?limit=0' },
  { operationId: 'members', status: 404, parameters: score },
  { operationId: 'events', status: 200, parameters: lobby, headers: noKey, setup: ({ engine }) => engine.drain(0) },
  { operationId: 'events', status: 400, parameters: lobby, headers: noKey, query: '?from=5' },
  { operationId: 'events', status: 403, parameters: lobby, headers: { origin: 'https://evil.example' } },
  { operationId: 'events', status: 404, parameters: { channel: 'a%2Fb%2Fc' }, headers: noKey },
  { operationId: 'historyBounds', status: 200, parameters: lobby, headers: noKey },
  { operationId: 'historyBounds', status: 304, parameters: lobby, headers: { 'if-none-match': '*' } },
  { operationId: 'historyBounds', status: 404, parameters: { channel: 'a%2Fb%2Fc' }, headers: noKey },
  {
    operationId: 'historyPage',
    status: 200,
    parameters: { channel: 'news', epoch: 'EPOCH', first: '1' },
    headers: noKey,
    setup: async ({ engine }) => {
      await engine.publish('news', { deep: [1, null] }, { id: 'a', user: 'ada' });
      await engine.publish('news', Uint8Array.of(1, 2));
    },
  },
  { operationId: 'historyPage', status: 304, parameters: page, headers: { 'if-none-match': '*' } },
  { operationId: 'historyPage', status: 404, parameters: { ...page, first: '101' }, headers: noKey },
  { operationId: 'historyPage', status: 410, parameters: { ...page, epoch: 'another' }, headers: noKey },
  { operationId: 'publishBatch', status: 200, body: { messages: [{ channel: 'news', data: null }] } },
  { operationId: 'readDocument', status: 200, parameters: plan, setup: write },
  { operationId: 'readDocument', status: 400, parameters: score },
  { operationId: 'readDocument', status: 410, parameters: plan, query: '?version=7' },
  { operationId: 'compactDocument', status: 200, parameters: plan, setup: write },
  { operationId: 'documentSize', status: 200, parameters: plan, setup: write },
  { operationId: 'documentSize', status: 400, parameters: score },
  { operationId: 'compactDocument', status: 404, parameters: { channel: 'a%2Fb%2Fc' } },
  {
    operationId: 'versions',
    status: 200,
    parameters: plan,
    setup: async (served) => {
      await write(served);
      await served.engine.documents.saveVersion('doc/plan', { name: 'Draft', user: 'ada' });
      await served.engine.documents.saveVersion('doc/plan', { name: 'Final' });
    },
  },
  { operationId: 'versions', status: 404, parameters: { channel: 'a%2Fb%2Fc' } },
  { operationId: 'saveVersion', status: 201, parameters: plan, body: { name: 'Draft', user: 'ada' }, setup: write },
  { operationId: 'saveVersion', status: 400, parameters: plan, body: {} },
  { operationId: 'saveVersion', status: 404, parameters: { channel: 'a%2Fb%2Fc' }, body: { name: 'Draft' } },
  { operationId: 'saveVersion', status: 415, parameters: plan, body: '{}', headers: { 'content-type': 'text/plain' } },
  {
    operationId: 'publishBatch',
    status: 207,
    body: {
      messages: [
        { channel: 'news', bytes: 'AA==', id: 'a', user: 'ada', retry: false },
        { channel: 'a/b/c', data: 1 },
      ],
    },
  },
  { operationId: 'publishBatch', status: 400, body: { messages: [] } },
  { operationId: 'publishToUser', status: 201, parameters: ada, body: { data: 'psst' } },
  { operationId: 'redactInbox', status: 200, parameters: told, query: '?reason=used', setup: tell },
  { operationId: 'redactInbox', status: 400, parameters: { ...told, offset: '0' } },
  { operationId: 'redactInbox', status: 401, parameters: told, headers: noKey },
  { operationId: 'redactInbox', status: 409, parameters: told, query: '?epoch=another', setup: tell },
  { operationId: 'redactInbox', status: 410, parameters: { ...told, offset: '7' }, setup: tell },
  { operationId: 'connections', status: 200, parameters: ada },
  { operationId: 'disconnect', status: 200, parameters: ada, body: { message: 'Bye.' } },
  { operationId: 'disconnect', status: 200, parameters: ada },
  { operationId: 'disconnect', status: 400, parameters: ada, body: { message: '' } },
  { operationId: 'recheck', status: 200, parameters: ada },
  { operationId: 'cluster', status: 200, query: '?prefix=chat/&limit=5' },
  { operationId: 'cluster', status: 400, query: '?limit=0' },
  { operationId: 'openapi', status: 200, headers: noKey },
  { operationId: 'script', status: 200, headers: noKey },
  { operationId: 'script', status: 304, headers: { 'if-none-match': '*' } },
  { operationId: 'module', status: 200, query: '?v=1' },
  { operationId: 'health', status: 200 },
  { operationId: 'ready', status: 200 },
  { operationId: 'ready', status: 503, setup: ({ engine }) => engine.drain(0) },
  { operationId: 'metrics', status: 200 },
];

const document = createOpenApi('', '/longwave');
const operations = new Map(
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => [operation.operationId, { path, method, operation }] as const),
  ),
);

const ajv = new Ajv2020({ strict: false });
beforeAll(() => void ajv.addSchema(document, 'api'));

function schemaOf(...path: string[]) {
  const escaped = path.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')));
  return ajv.compile({ $ref: `api#/${escaped.join('/')}` });
}

describe('the OpenAPI document', () => {
  it('names every route of the API and no other', async () => {
    const { engine } = await serve();
    const api = createHttpApi(engine, { apiKeys: [], logger: { error: () => undefined, info: () => undefined } });
    const scripts = ['js', 'mjs'].map((extension) => ({ method: 'GET', path: `/longwave.${extension}` }));
    const served = [...readerRoutes(''), ...api.routes, ...scripts].map(
      ({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`,
    );
    const documented = [...operations.values()].map(({ method, path }) => `${method.toUpperCase()} ${path}`);
    expect(documented.toSorted()).toEqual(served.toSorted());
  });

  it('names the scripts where they are, and none where none are served', () => {
    const { paths } = createOpenApi('/realtime', '/chat/live');
    expect(paths['/chat/live.js']?.['get']?.servers).toEqual([{ url: '/' }]);
    expect(Object.keys(createOpenApi('').paths).filter((path) => path.includes('js'))).toEqual(['/v1/openapi.json']);
  });

  it('is what the server gives out', async () => {
    const { call } = await serve();
    expect((await call('GET', '/v1/openapi.json')).body).toEqual(JSON.parse(JSON.stringify(document)));
  });

  it('has an example here for each of its operations', () => {
    expect(new Set(cases.map(({ operationId }) => operationId))).toEqual(new Set(operations.keys()));
  });

  it.each(cases)('tells the truth of $operationId, $status', async (one) => {
    const { path, method, operation } = operations.get(one.operationId)!;
    const served = await serve();
    await one.setup?.(served);
    const url =
      path.replaceAll(/\{(\w+)\}/g, (_, name: string) => one.parameters![name]!.replace('EPOCH', served.memory.epoch)) +
      (one.query ?? '');
    const { status, headers, body } = await served.call(method.toUpperCase(), url, one.body, one.headers);
    expect(status).toBe(one.status);

    const response = operation.responses[String(status)];
    expect(response, 'the status is in the document').toBeDefined();
    const [type] = Object.keys(response!.content ?? {});
    if (type === undefined) return expect(body).toBe('');
    expect(headers.get('content-type')).toContain(type);
    const validate = schemaOf('paths', path, method, 'responses', String(status), 'content', type, 'schema');
    expect(validate(body) ? [] : validate.errors).toEqual([]);
  });

  it.each(cases.filter(({ body }) => typeof body === 'object'))(
    'agrees with the server on the request of $operationId, $status',
    ({ operationId, status, body }) => {
      const { path, method } = operations.get(operationId)!;
      const validate = schemaOf('paths', path, method, 'requestBody', 'content', 'application/json', 'schema');
      expect(validate(body)).toBe(status !== 400);
    },
  );
});
