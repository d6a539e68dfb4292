import { Ajv2020 } from 'ajv/dist/2020.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { readerRoutes } from '../readers/reader-request.js';
import { createOpenApi } from './openapi.js';
import { serve } from './testing/serve.js';
import { createHttpApi } from './http-api.js';

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
const noKey = { authorization: '' };

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
  { operationId: 'disconnect', status: 200, parameters: ada, body: { message: 'Bye.' } },
  { operationId: 'disconnect', status: 200, parameters: ada },
  { operationId: 'disconnect', status: 400, parameters: ada, body: { message: '' } },
  { operationId: 'recheck', status: 202, parameters: ada },
  { operationId: 'openapi', status: 200, headers: noKey },
  { operationId: 'health', status: 200 },
  { operationId: 'ready', status: 200 },
  { operationId: 'ready', status: 503, setup: ({ engine }) => engine.drain(0) },
  { operationId: 'metrics', status: 200 },
];

const document = createOpenApi('');
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
    const served = [...readerRoutes(''), ...api.routes].map(
      ({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`,
    );
    const documented = [...operations.values()].map(({ method, path }) => `${method.toUpperCase()} ${path}`);
    expect(documented.toSorted()).toEqual(served.toSorted());
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
