import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { LongwaveError, defineChannels, log } from '@longwave/protocol';
import { type Server, createServer } from '../server/create-server.js';
import type { ServerOptions } from '../server/server-options.js';
import { type EventReading, readEvents } from './testing/read-events.js';

const channels = defineChannels({ 'chat/:room': log({ retain: { maxCount: 200 } }), '@me': log() });
const long = defineChannels({
  'chat/:room': log({ retain: { maxCount: 10_000, maxBytes: 100_000_000 } }),
  '@me': log(),
});
const lobby = '/v1/channels/chat%2Flobby/events';
const open: { close(): Promise<void> }[] = [];
const readings: EventReading[] = [];

afterEach(async () => {
  for (const reading of readings.splice(0)) reading.kill();
  await Promise.all(open.splice(0).map((server) => server.close()));
});

async function start(options: Partial<ServerOptions<typeof channels>> = {}) {
  const errors: unknown[] = [];
  const logger = { error: (...error: unknown[]) => void errors.push(error), info: () => undefined };
  const server = createServer({ channels, logger, ...options });
  open.push(server);
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  const origin = `http://127.0.0.1:${port}`;
  const read = async (path = lobby, headers: Record<string, string> = {}): Promise<EventReading> => {
    const reading = await readEvents(`${origin}${path}`, headers);
    readings.push(reading);
    return reading;
  };
  return { server, port, origin, read, errors, epoch: await epochOf(server) };
}

async function epochOf(server: Pick<Server<typeof channels>, 'channel'>): Promise<string> {
  return (await server.channel('chat/none').history()).epoch;
}

async function publish(server: Server<typeof channels>, from: number, to: number): Promise<void> {
  for (let n = from; n <= to; n++) await server.channel('chat/lobby').publish(n);
}

const numbers = ({ events }: EventReading): number[] =>
  events.filter(({ type }) => type === 'message').map(({ data }) => Number(data));
const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);

describe('the events of a channel', () => {
  it('READ-1: are server-sent events with a position and the payload', async () => {
    const { server, read, epoch } = await start();
    const reading = await read();
    expect(reading.status).toBe(200);
    expect(reading.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    });
    await server.channel('chat/lobby').publish({ text: 'two\nlines, é' });
    await server.channel('chat/lobby').publish(Uint8Array.of(1, 2, 255));
    await expect
      .poll(() => reading.events)
      .toEqual([
        { type: 'message', data: '{"text":"two\\nlines, é"}', lastEventId: `${epoch}:1` },
        { type: 'bytes', data: 'AQL/', lastEventId: `${epoch}:2` },
      ]);
    expect(reading.retryMs).toBe(1000);
  });

  it.each(['', '?envelope=1'])('RED-6: tell redactions by names of their own%s', async (form) => {
    const server = createServer({ channels: defineChannels({ 'chat/:room': log({ redactable: true }) }) });
    open.push(server);
    const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
    const chat = server.channel('chat/lobby');
    const { position } = await chat.publish('secret', { user: 'ada' });
    await chat.redact(position, { reason: 'spam', user: 'mod' });
    const from = encodeURIComponent(`${position.epoch}:0`);
    const reading = await readEvents(`http://127.0.0.1:${port}${lobby}${form}${form ? '&' : '?'}from=${from}`);
    readings.push(reading);
    await expect.poll(() => reading.events.length).toBe(2);
    const time = expect.any(Number) as number;
    expect(reading.events.map(({ type, data }) => [type, JSON.parse(data)])).toEqual(
      form
        ? [
            ['redacted', { offset: 1, time, user: 'ada', redacted: true }],
            ['redact', { offset: 2, time, user: 'mod', redact: { offset: 1, reason: 'spam' } }],
          ]
        : [
            ['redacted', { offset: 1 }],
            ['redact', { offset: 1, reason: 'spam' }],
          ],
    );
  });

  it('READ-1: tell time, user and message id in an envelope', async () => {
    const { server, read } = await start();
    const reading = await read(`${lobby}?envelope=1`);
    await server.channel('chat/lobby').publish({ a: 1 }, { id: 'm1', user: 'ada' });
    await server.channel('chat/lobby').publish(Uint8Array.of(1));
    await expect.poll(() => reading.events.length).toBe(2);
    const [first, second] = reading.events.map(({ data }) => JSON.parse(data) as Record<string, unknown>);
    expect(first).toEqual({ offset: 1, time: expect.any(Number), id: 'm1', user: 'ada', data: { a: 1 } });
    expect(second).toEqual({ offset: 2, time: expect.any(Number), bytes: 'AQ==' });
  });

  it('READ-2: begin now, with the last n, or after a position', async () => {
    const { server, read, epoch } = await start();
    await publish(server, 1, 10);
    const cases = [
      [await read(lobby), [11]],
      [await read(`${lobby}?from=now`), [11]],
      [await read(`${lobby}?from=start`), range(1, 11)],
      [await read(`${lobby}?from=start&last=2`), range(9, 11)],
      [await read(`${lobby}?last=3`), range(8, 11)],
      [await read(`${lobby}?from=${epoch}:6`), range(7, 11)],
      [await read(`${lobby}?last=1`, { 'last-event-id': `${epoch}:8` }), range(9, 11)],
      [await read(`${lobby}?from=${epoch}:1`, { 'last-event-id': `${epoch}:8` }), range(9, 11)],
    ] as const;
    await publish(server, 11, 11);
    for (const [reading, expected] of cases) await expect.poll(() => numbers(reading)).toEqual(expected);
  });

  it('READ-2: continue where they broke off, with nothing lost or repeated, over many breaks', async () => {
    const { server, read } = await start();
    const received: number[] = [];
    let lastEventId = '';
    for (let n = 0; n < 20; n++) {
      const reading = await read(lobby, lastEventId ? { 'last-event-id': lastEventId } : {});
      // The place must be known before any event: the second break comes without one.
      await expect.poll(() => reading.lastEventId).not.toBe('');
      if (n % 3 > 0) {
        await publish(server, n * 3 + 1, n * 3 + 2);
        await expect.poll(() => numbers(reading).at(-1)).toBe(n * 3 + 2);
      }
      reading.kill();
      await reading.end;
      received.push(...numbers(reading));
      lastEventId = reading.lastEventId;
      await publish(server, n * 3 + 3, n * 3 + 3);
    }
    const reading = await read(lobby, { 'last-event-id': lastEventId });
    await expect.poll(() => numbers(reading).at(-1)).toBe(60);
    const all = (await server.channel('chat/lobby').history({ limit: 1000 })).messages.map(({ data }) => data);
    expect([...received, ...numbers(reading)]).toEqual(all);
  });

  it('READ-3: say once why they cannot continue, and where they stand now', async () => {
    const { server, read, epoch } = await start();
    await publish(server, 1, 300);
    for (const [id, reason] of [
      [`${epoch}:5`, 'trimmed'],
      ['elsewhere:5', 'epoch-changed'],
      [`${epoch}:999`, 'truncated'],
    ] as const) {
      const reading = await read(lobby, { 'last-event-id': id });
      await expect.poll(() => numbers(reading)).toEqual(range(101, 300));
      const resets = reading.events.filter(({ type }) => type === 'reset');
      expect(resets).toHaveLength(1);
      expect(reading.events[0]).toBe(resets[0]);
      expect(JSON.parse(resets[0]!.data)).toEqual({ reason, epoch, offset: 100 });
      expect(resets[0]!.lastEventId).toBe(`${epoch}:100`);
    }
    // The position of the reset is one to continue from.
    const reading = await read(`${lobby}?last=2`, { 'last-event-id': `${epoch}:1` });
    await expect.poll(() => reading.events.length).toBe(3);
    expect(reading.events[0]!.lastEventId).toBe(`${epoch}:298`);
    const again = await read(lobby, { 'last-event-id': reading.events[0]!.lastEventId });
    await expect.poll(() => again.events.map(({ type }) => type)).toEqual(['message', 'message']);
  });

  it('READ-3: end behind a withdrawn right, and are refused afterwards', async () => {
    const banned = new Set<string>();
    const { server, read } = await start({
      authenticate: (token) => ({ user: token }),
      authorize: ({ user }) => !banned.has(user!),
    });
    const ada = { authorization: 'Bearer ada' };
    const reading = await read(lobby, ada);
    banned.add('ada');
    await server.user('ada').recheck();
    await reading.end;
    expect(reading.events.map(({ type, data }) => [type, (JSON.parse(data) as { reason: string }).reason])).toEqual([
      ['reset', 'revoked'],
    ]);
    expect((await read(lobby, ada)).status).toBe(403);
  });

  it.each([
    ['an unknown channel', '/v1/channels/nowhere/events', {}, 404, 'unknown-channel'],
    ['a name that cannot be decoded', '/v1/channels/%zz/events', {}, 404, 'unknown-channel'],
    ['no identity', lobby, {}, 401, 'unauthenticated'],
    ['no right', lobby, { authorization: 'Bearer eve' }, 403, 'forbidden'],
    ['an inbox without a user', '/v1/channels/@me/events', { authorization: 'Bearer anonymous' }, 403, 'forbidden'],
    ['a foreign origin', lobby, { origin: 'https://evil.example' }, 403, 'forbidden'],
    ['an opaque origin', lobby, { origin: 'null' }, 403, 'forbidden'],
    ['a malformed position', lobby, { 'last-event-id': 'x' }, 400, 'bad-frame'],
    ['a malformed from', `${lobby}?from=5`, {}, 400, 'bad-frame'],
    ['a malformed last', `${lobby}?last=-1`, {}, 400, 'bad-frame'],
    ['a token that is too long', lobby, { authorization: `Bearer ${'x'.repeat(9000)}` }, 401, 'unauthenticated'],
  ])('READ-4: refuse %s before they begin', async (_, path, headers, status, code) => {
    const { origin, server } = await start({
      authenticate(token) {
        if (token === undefined && path === lobby) throw new LongwaveError('unauthenticated');
        return token === 'anonymous' || token === undefined ? {} : { user: token };
      },
      authorize: ({ user }) => user !== 'eve',
    });
    const response = await fetch(`${origin}${path}`, { headers });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { code } });
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('www-authenticate')).toBe(status === 401 ? 'Bearer' : null);
    await expect.poll(() => server.engine.stats.connections).toBe(0);
  });

  it('READ-4: take GET and OPTIONS', async () => {
    const { origin } = await start({ allowedOrigins: ['https://app.example'] });
    const post = await fetch(`${origin}${lobby}`, { method: 'POST' });
    expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, OPTIONS']);
    const preflight = await fetch(`${origin}${lobby}`, {
      method: 'OPTIONS',
      headers: { origin: 'https://app.example' },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe('https://app.example');
    expect(preflight.headers.get('access-control-allow-headers')).toContain('Authorization');
  });

  it('READ-4: what may pass is a stream that ends, for the browser to come back', async () => {
    const full = await start({ maxConnections: 1 });
    await full.read();
    const turnedAway = await full.read();
    await turnedAway.end;
    expect([turnedAway.status, turnedAway.retryMs, turnedAway.events]).toEqual([200, 5000, []]);

    const broken = await start({
      authorize: () => {
        throw new Error('The database is gone.');
      },
    });
    const failed = await broken.read();
    await failed.end;
    expect([failed.status, failed.retryMs]).toEqual([200, 1000]);
    expect(failed.text).not.toContain('database');
    expect(broken.errors).toHaveLength(1);
  });

  it('READ-5: ask authenticate and authorize as for a client, with the token of the header alone', async () => {
    const asked: unknown[] = [];
    const { read, server } = await start({
      authenticate(token, { transport, headers }) {
        asked.push([token, transport, headers['cookie']]);
        return { user: token, claims: 1 };
      },
      authorize({ user, action, channel, params }) {
        asked.push([user, action, channel, { ...params }]);
        return true;
      },
      on: { connect: ({ user }) => void asked.push(['hook', user]) },
    });
    const reading = await read(`${lobby}?token=eve&access_token=eve`, { authorization: 'Bearer ada', cookie: 'a=b' });
    expect(reading.status).toBe(200);
    expect(asked).toEqual([
      ['ada', 'events', 'a=b'],
      ['hook', 'ada'],
      ['ada', 'subscribe', 'chat/lobby', { room: 'lobby' }],
    ]);
    const inbox = await read('/v1/channels/@me/events', { authorization: 'Bearer ada' });
    await server.user('ada').publish('psst');
    await expect.poll(() => inbox.events.map(({ data }) => data)).toEqual(['"psst"']);
    expect(await server.engine.disconnectUser('ada')).toEqual({ connections: 2, missing: [] });
    await Promise.all([reading.end, inbox.end]);
  });

  it('READ-6: come as comments too: tops and heartbeats', async () => {
    const { server, read, epoch } = await start({ heartbeat: '1s' });
    const reading = await read();
    await publish(server, 1, 1);
    await expect.poll(() => reading.comments).toContain(`top ${epoch}:1`);
    await expect.poll(() => reading.comments).toContain('ping');
    expect(reading.events).toHaveLength(1);
  });

  it('READ-6: wait for a reader that does not read, who then gets all', async () => {
    const { server, port, read } = await start({ channels: long });
    const socket = connect(port, '127.0.0.1');
    socket.write(`GET ${lobby} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
    await once(socket, 'readable');
    socket.pause();
    const fast = await read();
    const text = 'x'.repeat(8000);
    const count = 3000;
    for (let n = 1; n <= count; n++) await server.channel('chat/lobby').publish(`${n} ${text}`);
    await expect.poll(() => fast.events.length, { timeout: 20_000 }).toBe(count);
    const { delivered } = server.engine.stats;
    expect(delivered).toBeLessThan(2 * count);
    let received = '';
    socket.setEncoding('latin1').on('data', (piece: string) => (received += piece));
    socket.resume();
    await expect.poll(() => received.includes(`"${count} `), { timeout: 20_000 }).toBe(true);
    const seen = [...received.matchAll(/"(\d+) x/g)].map(([, n]) => Number(n));
    expect(seen).toEqual(range(1, count));
    socket.destroy();
  }, 60_000);

  it('READ-7: end when the node drains, each with a time of its own to come back', async () => {
    const { server, read, epoch } = await start();
    const readings = await Promise.all(range(1, 8).map(() => read()));
    await publish(server, 1, 1);
    for (const reading of readings) await expect.poll(() => numbers(reading)).toEqual([1]);
    await server.engine.drain(4000);
    await Promise.all(readings.map(({ end }) => end));
    const waits = readings.map(({ retryMs }) => retryMs!);
    expect(Math.max(...waits)).toBeLessThanOrEqual(4000);
    expect(new Set(waits).size).toBeGreaterThan(1);
    for (const { lastEventId } of readings) expect(lastEventId).toBe(`${epoch}:1`);
    const late = await read();
    await late.end;
    expect([late.status, late.headers.connection, late.retryMs]).toEqual([200, 'close', 1000]);
  }, 20_000);
});
