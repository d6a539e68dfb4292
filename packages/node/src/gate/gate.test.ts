import { once } from 'node:events';
import { type IncomingMessage, type RequestOptions, request } from 'node:http';
import { expect, it, onTestFinished } from 'vitest';
import { connectFrame, startNode } from '../testing/requests.js';

type Node = Awaited<ReturnType<typeof startNode>>;
type Headers = Readonly<Record<string, string>>;

const handshake: Headers = {
  Connection: 'Upgrade',
  Upgrade: 'websocket',
  'Sec-WebSocket-Version': '13',
  'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Protocol': 'longwave.v1.json',
};

async function ask(
  { port }: Node,
  path: string,
  headers: Headers,
  options: RequestOptions = {},
): Promise<IncomingMessage> {
  const asking = request({ port, host: '127.0.0.1', path, headers, agent: false, ...options });
  onTestFinished(() => void asking.destroy());
  asking.on('error', () => undefined);
  asking.once('upgrade', (_, socket) => socket.destroy());
  asking.end(options.method === 'POST' ? JSON.stringify(connectFrame()) : undefined);
  const [response] = await Promise.race([once(asking, 'response'), once(asking, 'upgrade')]);
  return response as IncomingMessage;
}

const post = { method: 'POST' };

/** Everything but the API, to which no page gets without its key. */
async function statuses(node: Node, headers: Headers): Promise<(number | undefined)[]> {
  const answers = [
    await ask(node, '/longwave', { ...handshake, ...headers }),
    await ask(node, '/plain', { ...handshake, ...headers }),
    await ask(node, '/longwave/send', headers, post),
    await ask(node, '/longwave/poll?now=1', headers, post),
    await ask(node, '/longwave/stream', headers, post),
    await ask(node, '/v1/channels/chat%2Fa/events', headers),
    await ask(node, '/v1/channels/chat%2Fa/history', headers),
  ];
  return answers.map(({ statusCode }) => statusCode);
}

const allowed = [101, 101, 200, 200, 200, 200, 200];
const refused = Array<number>(7).fill(403);

async function start(options: Parameters<typeof startNode>[0] = {}) {
  const errors: string[] = [];
  const logger = { error: (message: string) => void errors.push(message), info: () => undefined };
  const node = await startNode({ ...options, logger });
  node.server.websocket('/plain', () => undefined);
  return { ...node, errors };
}

it('HTTP-7: a page of this host may connect everywhere, over TLS or not as far as anybody can tell', async () => {
  const node = await start();
  const host = `127.0.0.1:${node.port}`;
  expect(await statuses(node, { Origin: `http://${host}` })).toEqual(allowed);
  expect(await statuses(node, { Origin: `https://${host}` })).toEqual(allowed);
  expect(await statuses(node, { Host: 'app', Origin: 'https://app:443/' })).toEqual(allowed);
  expect(await statuses(node, { Host: 'app:443', Origin: 'https://app' })).toEqual(allowed);
});

it('HTTP-7: a page over plain HTTP is not of a site that a proxy serves over TLS', async () => {
  const node = await start();
  const headers = { Host: 'app', 'X-Forwarded-Proto': 'https' };
  expect(await statuses(node, { ...headers, Origin: 'http://app' })).toEqual(refused);
  expect(await statuses(node, { ...headers, Origin: 'https://app' })).toEqual(allowed);
  expect(await statuses(node, { Host: 'app', Origin: 'https://app', 'X-Forwarded-Proto': 'http' })).toEqual(allowed);
});

it.each(['https://evil.example', 'null', 'chrome-extension://app', 'ftp://app', 'http://app.evil.example', ''])(
  "HTTP-7: a page of '%s' may not, and the log says once how to let it in",
  async (Origin) => {
    const node = await start();
    expect(await statuses(node, { Host: 'app', Origin })).toEqual(refused);
    expect(node.errors).toEqual([
      `A request of ${JSON.stringify(Origin)} was refused: name its origin in allowedOrigins to let it in. See docs/errors.md#forbidden.`,
    ]);
  },
);

it('HTTP-7, HTTP-26: a page that is refused may read why, and nothing else', async () => {
  const node = await start({ allowedOrigins: ['https://app.example'] });
  const Origin = 'http://localhost:5173';
  for (const [path, options] of [
    ['/longwave/send', post],
    ['/v1/channels/chat%2Fa/events', {}],
  ] as const) {
    const answer = await ask(node, path, { Origin }, options);
    expect(answer.statusCode).toBe(403);
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': Origin,
      'access-control-allow-credentials': 'true',
    });
    const body = JSON.parse(Buffer.concat(await answer.toArray()).toString()) as { detail: string };
    expect(body.detail).toBe('Pages of this origin may not connect: see allowedOrigins of the server.');
  }
});

it('HTTP-7: what strangers make up fills no log', async () => {
  const node = await start();
  for (let n = 0; n < 50; n++) await ask(node, '/longwave/send', { Origin: `https://${n}.example` }, post);
  expect(node.errors).toHaveLength(20);
});

it('HTTP-7: a list may name pages of applications, and is compared as origins are, not as texts', async () => {
  const node = await start({ allowedOrigins: ['https://App.example:443/', 'capacitor://localhost'] });
  expect(await statuses(node, { Origin: 'https://app.example' })).toEqual(allowed);
  expect(await statuses(node, { Origin: 'capacitor://localhost' })).toEqual(allowed);
  expect(await statuses(node, { Origin: 'https://app.exampl' })).toEqual(refused);
  expect(await statuses(node, { Origin: 'http://app.example' })).toEqual(refused);
});

it('HTTP-7: a page that asks without CORS is told nothing, whoever looks at it', async () => {
  const node = await start();
  const script = { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'no-cors', 'Sec-Fetch-Dest': 'script' };
  const link = { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document' };
  const path = '/v1/channels/chat%2Fa/history';
  expect((await ask(node, path, script)).statusCode).toBe(403);
  expect((await ask(node, path, { ...script, 'Sec-Fetch-Site': 'same-site' })).statusCode).toBe(403);
  expect((await ask(node, path, { ...script, 'Sec-Fetch-Site': 'same-origin' })).statusCode).toBe(200);
  expect((await ask(node, path, link)).statusCode).toBe(200);
});

it("HTTP-7: '*' lets a page of another site in, but not what its browser knows of whoever looks at it", async () => {
  const seen: unknown[] = [];
  const node = await start({
    allowedOrigins: '*',
    authenticate: (token, { headers }) => {
      seen.push([token, headers['cookie'], headers['authorization']]);
      return {};
    },
  });
  const visitor = { Cookie: 'session=ada', Authorization: 'Basic YTpi' };
  const path = '/v1/channels/chat%2Fa/history';
  for (const headers of [visitor, { ...visitor, Authorization: 'Bearer t' }]) {
    const answer = await ask(node, path, { ...headers, Origin: 'https://evil.example' });
    expect(answer.headers['access-control-allow-origin']).toBe('https://evil.example');
    expect(answer.headers['access-control-allow-credentials']).toBeUndefined();
  }
  await ask(node, path, { ...visitor, Origin: `http://127.0.0.1:${node.port}` });
  expect(seen).toEqual([
    [undefined, undefined, undefined],
    ['t', undefined, 'Bearer t'],
    [undefined, 'session=ada', 'Basic YTpi'],
  ]);
  const answer = await ask(node, '/longwave/send', { Cookie: 'session=ada', Origin: 'null' }, post);
  expect(answer.headers['access-control-allow-credentials']).toBeUndefined();
  expect(seen.at(-1)).toEqual([undefined, undefined, undefined]);
});

it('HTTP-7: a preflight lets pass what tracing adds to requests', async () => {
  const node = await start({ allowedOrigins: ['https://app.example'] });
  const asked = {
    'Access-Control-Request-Method': 'POST',
    'Access-Control-Request-Headers': 'baggage,traceparent,x-own',
  };
  const answer = await ask(node, '/longwave/send', { ...asked, Origin: 'https://app.example' }, { method: 'OPTIONS' });
  const names = answer.headers['access-control-allow-headers']?.toLowerCase().split(/, ?/);
  expect(names).toEqual(expect.arrayContaining(['content-type', 'baggage', 'traceparent', 'tracestate', 'x-own']));
});

it('HTTP-9: a server on loopback is not reached by the name of a stranger, at any path', async () => {
  const node = await start({ http: { apiKeys: ['key'] } });
  const Host = `evil.example:${node.port}`;
  expect(await statuses(node, { Host, Origin: `http://${Host}` })).toEqual(refused);
  expect(await statuses(node, { Host })).toEqual(refused);
  for (const path of ['/metrics', '/healthz', '/readyz', '/v1/cluster']) {
    expect((await ask(node, path, { Host, Authorization: 'Bearer key' })).statusCode).toBe(403);
  }
  // RFC 9112 §3.2.2: the name in the target is the one that counts.
  expect((await ask(node, `http://${Host}/longwave/send`, { Host: 'localhost' }, post)).statusCode).toBe(403);
  expect(node.errors[0]).toBe(
    `A request for the host "evil.example:${node.port}" was refused: name it in allowedHosts to let it in. See docs/errors.md#forbidden.`,
  );
});

it('HTTP-9: a name that is allowed reaches it', async () => {
  const node = await start({ allowedHosts: ['app.example'] });
  expect(await statuses(node, { Host: 'app.example' })).toEqual(allowed);
  expect(await statuses(node, { Host: 'other.example' })).toEqual(refused);
});

it('HTTP-1: a target in absolute form is the same as in origin form', async () => {
  const node = await start();
  const target = `http://localhost:${node.port}`;
  expect((await ask(node, `${target}/longwave/send`, {}, post)).statusCode).toBe(200);
  expect((await ask(node, `${target}/v1/channels/chat%2Fa/history?x=1`, {})).statusCode).toBe(200);
  expect((await ask(node, `${target}/healthz`, {})).statusCode).toBe(200);
  expect((await ask(node, `${target}/longwave`, handshake)).statusCode).toBe(101);
});

it.each([
  '/v1/../metrics',
  '/v1/%2e%2e/metrics',
  '/v1/.%2E/readyz',
  '/v1/./cluster',
  '/v1/..',
  '/v1/..\\metrics',
  '/metrics/../v1/cluster',
])('a proxy and the API agree on what %s is: nothing', async (path) => {
  const node = await start({ http: { apiKeys: ['key'] } });
  expect((await ask(node, path, { Authorization: 'Bearer key' })).statusCode).toBe(404);
});
