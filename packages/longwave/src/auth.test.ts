import { request } from 'node:http';
import { nodeTransport } from '@longwave/node/client';
import { SignJWT } from 'jose';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type TokenClaims, anyOf, cookie, jwt } from './auth.js';
import { connect } from './client-node.js';
import type { ClientOptions } from './client.js';
import { type ExpiringContext, type Identity, type ServerOptions, createServer, defineChannels, log } from './index.js';

const channels = defineChannels({ 'chat/:room': log() });
const secret = 'the secret of these tests, 32 bytes at least';

/** A token that lasts so many seconds. */
function sign(user: string, seconds: number, claims: object = {}): Promise<string> {
  return new SignJWT({ ...claims, jti: `${Math.random()}` })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(user)
    .setIssuer('tests')
    .setAudience('chat')
    .setExpirationTime(Math.floor(Date.now() / 1000) + seconds)
    .sign(Buffer.from(secret));
}

const authenticate = jwt({ issuer: 'tests', audience: 'chat', secret, clockTolerance: 0 });

async function start<Claims>(options: Partial<ServerOptions<typeof channels, Claims>>) {
  const server = createServer<typeof channels, Claims>({
    channels,
    logger: { error: () => undefined, info: () => undefined },
    ...options,
  });
  onTestFinished(() => server.close());
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  return { server, port, url: `http://127.0.0.1:${port}` };
}

function open(url: string, options: ClientOptions) {
  const client = connect<typeof channels>(url, { onDiagnostic: () => undefined, ...options });
  onTestFinished(() => client.close());
  return client;
}

/** The client's way to its first connection, or to its end. */
function settled(client: ReturnType<typeof open>): Promise<unknown> {
  return new Promise((resolve) => {
    const look = (): void => {
      const { state } = client;
      if (state.status === 'connected') resolve(state.user);
      else if (state.status === 'closed') resolve(state.error?.message);
    };
    client.onState(look);
    look();
  });
}

describe('jwt', () => {
  it.each(['websocket', 'stream', 'poll'] as const)(
    'over %s a token is the identity of its client',
    async (transport) => {
      const seen: unknown[] = [];
      const { url } = await start<TokenClaims>({
        authenticate,
        authorize: ({ user, claims }) => {
          seen.push([user, claims?.['role']]);
          return claims?.['role'] === 'writer';
        },
      });
      const writer = open(url, { transport, token: await sign('ada', 60, { role: 'writer' }) });
      expect(await writer.channel('chat/a').publish('hi')).toMatchObject({ position: { offset: 1 } });
      const reader = open(url, { transport, token: await sign('bob', 60, { role: 'reader' }) });
      await expect(reader.channel('chat/a').publish('hi')).rejects.toMatchObject({ code: 'forbidden' });
      expect(seen).toEqual([
        ['ada', 'writer'],
        ['bob', 'reader'],
      ]);
    },
  );

  it.each([
    ['There is no token.', undefined],
    ['There is no token.', ''],
    ['The token is malformed.', 'nonsense'],
    ['The token has expired.', () => sign('ada', -10)],
    ['The signature of the token does not match.', async () => `${(await sign('ada', 60)).slice(0, -8)}AAAAAAAA`],
  ])('a client is told why it is refused: %s', async (message, token) => {
    const { url } = await start({ authenticate });
    const given = typeof token === 'function' ? await token() : token;
    const client = open(url, given === undefined ? {} : { token: given });
    expect(await settled(client)).toBe(message);
  });

  it.each(['websocket', 'stream', 'poll'] as const)(
    'SES-19: over %s what a user has yet to send goes out for nobody else who logs in: the client closes',
    async (transport) => {
      let user = 'ada';
      const { server, url } = await start({ authenticate });
      const client = open(url, { transport, token: () => sign(user, 60) });
      expect(await settled(client)).toBe('ada');
      await client.channel('chat/a').publish('one');
      user = 'bob';
      client.reconnect();
      await expect(client.channel('chat/a').publish('two')).rejects.toMatchObject({ code: 'forbidden' });
      expect(client.state).toMatchObject({ status: 'closed', error: { code: 'forbidden' } });
      const { messages } = await server.channel('chat/a').history();
      expect(messages.map(({ data, meta }) => [data, meta.user])).toEqual([['one', 'ada']]);
    },
  );

  it('SES-19: a client that came without a user becomes the one who logs in', async () => {
    let token = '';
    const { url } = await start({ authenticate: anyOf(authenticate, () => ({})) });
    const client = open(url, { token: () => token });
    expect(await settled(client)).toBe(undefined);
    token = await sign('ada', 60);
    client.reconnect();
    expect(await settled(client)).toBe('ada');
  });

  it('SES-6: refresh() renews the identity in band: the connection stands, and has the new claims', async () => {
    const tokens = [await sign('ada', 60, { role: 'reader' }), await sign('ada', 60, { role: 'writer' })];
    const connections = new Set<string>();
    const { url } = await start<TokenClaims>({
      authenticate,
      authorize: ({ claims, connection }) => {
        connections.add(connection.id);
        return claims?.['role'] === 'writer';
      },
    });
    const client = open(url, { transport: 'websocket', token: () => tokens.shift() ?? 'none' });
    await expect(client.channel('chat/a').publish('hi')).rejects.toMatchObject({ code: 'forbidden' });
    await client.refresh();
    await client.channel('chat/a').publish('hi');
    expect(connections.size).toBe(1);
    await expect(client.refresh()).rejects.toMatchObject({
      code: 'unauthenticated',
      message: 'The token is malformed.',
    });
  });

  it('SES-6: a client with a token function renews by itself, before anybody is warned', async () => {
    const warned: unknown[] = [];
    let renewed = (): void => undefined;
    const renewal = new Promise<void>((resolve) => (renewed = resolve));
    let asked = 0;
    const { url } = await start({
      authenticate: (token, info) => {
        if (++asked === 2) renewed();
        return authenticate(token, info);
      },
      on: { expiring: (context) => void warned.push(context) },
    });
    // Its clock runs 20 times as fast, so 6 s are 0.3 s.
    const clock = {
      now: Date.now,
      setTimer: (callback: () => void, delayMs: number) => {
        const timer = setTimeout(callback, delayMs / 20);
        return { cancel: () => clearTimeout(timer) };
      },
    };
    const client = open(url, { transport: 'websocket', clock, token: () => sign('ada', 12) });
    expect(await settled(client)).toBe('ada');
    await renewal;
    expect(warned).toEqual([]);
  });

  it('SES-18: the server is warned of a client that cannot renew, and can tell its user', async () => {
    const contexts: ExpiringContext<TokenClaims>[] = [];
    const personal = defineChannels({ '@me': log() });
    const server = createServer({
      channels: personal,
      authenticate,
      on: {
        expiring: async (context) => {
          contexts.push(context);
          await server.user(context.user!).publish({ loginAgainWithinMs: context.expiresInMs });
        },
      },
    });
    onTestFinished(() => server.close());
    const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
    const client = connect<typeof personal>(`http://127.0.0.1:${port}`, { token: await sign('ada', 2) });
    onTestFinished(() => client.close());
    const end = new Promise<unknown>((resolve) => {
      client.onState((state) => {
        if (state.status === 'closed') resolve(state.error?.code);
      });
    });
    const told = await new Promise<unknown>((resolve) => {
      client.channel('@me').subscribe((data) => resolve(data));
    });
    const [context] = contexts;
    expect(context).toMatchObject({
      user: 'ada',
      claims: { iss: 'tests' },
      connection: { id: expect.any(String) as string },
    });
    expect(context!.expiresInMs).toBeLessThanOrEqual(500);
    expect(told).toEqual({ loginAgainWithinMs: context!.expiresInMs });
    expect(await end).toBe('unauthenticated');
  });
});

describe('cookie', () => {
  const page = 'https://app.example';
  const evil = 'https://evil.example';
  const headersOf = (origin: string) => ({ cookie: 'theme=dark; sid="s1"', origin });

  function lookups() {
    const seen: string[] = [];
    const lookup = async (value: string): Promise<Identity | undefined> => {
      seen.push(value);
      return value === 's1' ? { user: 'ada' } : undefined;
    };
    return { seen, authenticate: cookie('sid', lookup) };
  }

  const by = (headers: Readonly<Record<string, string>>): ClientOptions => ({ transport: nodeTransport({ headers }) });

  /** The status of a history page, which a plain request reads. */
  function statusOf(url: string, headers: Readonly<Record<string, string>>): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      const asked = request(`${url}/v1/channels/chat%2Fa/history`, { headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      asked.on('error', reject).end();
    });
  }

  it('HTTP-7: a page of a listed origin has its session, over a WebSocket and over HTTP', async () => {
    const { seen, authenticate: byCookie } = lookups();
    const { url } = await start({ authenticate: byCookie, allowedOrigins: [page] });
    expect(await settled(open(url, by(headersOf(page))))).toBe('ada');
    expect(await upgradeStatus(url, headersOf(page))).toBe(101);
    expect(await statusOf(url, headersOf(page))).toBe(200);
    expect(seen).toEqual(['s1', 's1']);
  });

  it.each([
    ['of its own origin alone', undefined],
    ['of a list', [page]],
  ])(
    'HTTP-7: a page of another site is refused by a server %s, and its cookie is not looked at',
    async (_, allowedOrigins) => {
      const { seen, authenticate: byCookie } = lookups();
      const { url } = await start({ authenticate: byCookie, ...(allowedOrigins && { allowedOrigins }) });
      expect(await statusOf(url, headersOf(evil))).toBe(403);
      expect(await upgradeStatus(url, headersOf(evil))).toBe(403);
      expect(seen).toEqual([]);
    },
  );

  it('HTTP-22: where all origins are allowed, a page of another site has no session: its cookie is taken away', async () => {
    const { seen, authenticate: byCookie } = lookups();
    const { url, port } = await start({ authenticate: byCookie, allowedOrigins: '*' });
    expect(await settled(open(url, by(headersOf(evil))))).toBe('There is no cookie of a session.');
    expect(await statusOf(url, headersOf(evil))).toBe(401);
    expect(seen).toEqual([]);
    expect(await settled(open(url, by(headersOf(`http://127.0.0.1:${port}`))))).toBe('ada');
  });

  /** The status that answers the opening of a WebSocket. */
  function upgradeStatus(url: string, headers: Readonly<Record<string, string>>): Promise<number | undefined> {
    const upgrade = {
      connection: 'upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': Buffer.alloc(16).toString('base64'),
      'sec-websocket-protocol': 'longwave.v1.json',
    };
    return new Promise((resolve, reject) => {
      const asked = request(`${url}/longwave`, { headers: { ...headers, ...upgrade } });
      asked.on('response', (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      asked.on('upgrade', (_, socket) => {
        socket.destroy();
        resolve(101);
      });
      asked.on('error', reject).end();
    });
  }
});
