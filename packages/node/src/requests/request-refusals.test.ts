import { once } from 'node:events';
import { type Socket, connect } from 'node:net';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  connectFrame,
  expectIdle,
  post,
  publishFrame,
  routes,
  startNode,
  subscribeFrame,
} from '../testing/requests.js';

afterEach(() => {
  // Spies first: one on a timer that was not real would put that back in the place of the real one.
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** Speaks HTTP by hand: what a body is cut into is for the test to say. */
async function dial(port: number): Promise<{ readonly socket: Socket; readonly read: () => string }> {
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => undefined);
  let received = '';
  socket.on('data', (chunk) => (received += chunk.toString('latin1')));
  await once(socket, 'connect');
  return { socket, read: () => received };
}

function head(route: string, headers: string): string {
  return `POST /longwave/${route} HTTP/1.1\r\nHost: x\r\n${headers}\r\n\r\n`;
}

describe('methods', () => {
  it.each(routes)(
    'HTTP-10: %s refuses a codec that it does not know, and takes bytes that are called text',
    async (route) => {
      const { url } = await startNode();
      const unknown = await fetch(`${url}/${route}?codec=cbor`, { method: 'POST', body: '{}' });
      expect([unknown.status, await unknown.json()]).toMatchObject([400, { error: { code: 'bad-frame' } }]);
      for (const type of ['text/plain', 'application/octet-stream']) {
        const query = '&now=1';
        const answer = await post(url, route, [connectFrame()], {
          codec: 'binary',
          query,
          headers: { 'content-type': type },
        });
        expect(answer.response.headers.get('content-type')).toBe('application/octet-stream');
        await answer.untilType('connected');
      }
    },
  );

  it('HTTP-11: a poll that asks for nothing has no news before its hold is over, unless it says now', async () => {
    const { url } = await startNode();
    const held = await post(url, 'poll', [connectFrame()], { query: '&hold=30' });
    expect(await held.whole()).toMatchObject([{ type: 'connected', heartbeatMs: 30 }]);
    const asked = await post(url, 'poll', [connectFrame('d')], { query: '&now=1' });
    expect(await asked.whole()).toMatchObject([{ type: 'connected', heartbeatMs: 60_000 }]);
  });

  it.each(routes)('%s takes POST: other methods are answered with 405 that says so', async (route) => {
    const { url } = await startNode();
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const response = await fetch(`${url}/${route}`, { method });
      expect(response.status).toBe(405);
      expect(response.headers.get('allow')).toBe('POST, OPTIONS');
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(await response.json()).toMatchObject({ error: { code: 'unknown-method' } });
    }
  });
});

describe('bodies', () => {
  const limit = 64 * 1024;

  it.each([
    ['send', limit + 10 * 1024],
    ['stream', 4 * limit],
    ['poll', 4 * limit],
  ] as const)('LIM-1: %s takes %i bytes; one more is answered with 413, announced or not', async (route, bytes) => {
    const { server, url } = await startNode();
    const first = JSON.stringify(connectFrame());
    const fits = await fetch(`${url}/${route}?now=1&hold=0`, { method: 'POST', body: first.padEnd(bytes, ' ') });
    const reader = fits.body!.getReader();
    expect(new TextDecoder().decode((await reader.read()).value)).toContain('"connected"');
    await reader.cancel();
    const tooLarge = first.padEnd(bytes + 1, ' ');
    const announced = await fetch(`${url}/${route}`, { method: 'POST', body: tooLarge });
    expect(announced.status).toBe(413);
    expect(await announced.json()).toMatchObject({ error: { code: 'too-large' } });
    const { port } = new URL(url);
    const { socket, read } = await dial(Number(port));
    socket.write(head(route, 'Transfer-Encoding: chunked'));
    socket.write(`${tooLarge.length.toString(16)}\r\n${tooLarge}`);
    await expect.poll(read).toMatch(/^HTTP\/1\.1 413 [^]*Connection: close[^]*"too-large"/);
    await expectIdle(server);
  });

  it('a body that is not UTF-8 is answered with 400', async () => {
    const { server, url } = await startNode();
    for (const route of routes) {
      const response = await fetch(`${url}/${route}`, { method: 'POST', body: Uint8Array.of(0x7b, 0xff, 0xfe) });
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ error: { code: 'bad-frame' } });
    }
    expect(server.engine.stats.accepted).toBe(0);
  });

  it('WIRE-6: a body of nonsense is answered in the stream of frames', async () => {
    const { server, url } = await startNode();
    for (const [codec, body] of [
      ['json', 'nonsense'],
      ['binary', Uint8Array.of(9, 255, 255)],
    ] as const) {
      for (const route of routes) {
        const response = await fetch(`${url}/${route}?codec=${codec}`, { method: 'POST', body });
        expect(response.status).toBe(200);
        expect(await response.text()).toContain('bad-frame');
      }
    }
    await expectIdle(server);
  });

  it('a body that does not come within 10 s is answered with 408', async () => {
    const { server, port } = await startNode();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const set = vi.spyOn(globalThis, 'setTimeout');
    const { socket, read } = await dial(port);
    socket.write(`${head('send', 'Content-Length: 100')}{"type"`);
    await expect.poll(() => set.mock.calls.map(([, ms]) => ms)).toContain(10_000);
    vi.advanceTimersByTime(10_000);
    await expect.poll(read).toMatch(/^HTTP\/1\.1 408 [^]*Connection: close[^]*"timeout"/);
    expect(server.engine.stats.accepted).toBe(0);
  });

  it('one whose sender left in the middle is nobody, and leaves no timer', async () => {
    const { server, port } = await startNode();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const [set, clear] = [vi.spyOn(globalThis, 'setTimeout'), vi.spyOn(globalThis, 'clearTimeout')];
    const { socket } = await dial(port);
    socket.write(`${head('stream', 'Content-Length: 100')}{"type"`);
    const at = () => set.mock.calls.findIndex(([, ms]) => ms === 10_000);
    await expect.poll(at).toBeGreaterThanOrEqual(0);
    socket.destroy();
    await expect.poll(() => clear.mock.calls.map(([timer]) => timer)).toContain(set.mock.results[at()]!.value);
    expect(server.engine.stats.accepted).toBe(0);
  });
});

describe('nodes that take no more', () => {
  it('SES-7: a draining one answers 503 and when to come again', async () => {
    const { server, url } = await startNode();
    await server.engine.drain(0);
    for (const route of routes) {
      const { response } = await post(url, route, [connectFrame()]);
      expect(response.status).toBe(503);
      expect(response.headers.get('retry-after')).toBe('1');
    }
  });

  it('a full one answers 503, and takes requests again when there is room', async () => {
    const { server, url } = await startNode({ maxConnections: 1 });
    const stream = await post(url, 'stream', [connectFrame(), subscribeFrame()]);
    await stream.untilType('subscribed');
    const refused = await fetch(`${url}/send`, { method: 'POST', body: '{}' });
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('5');
    expect(await refused.json()).toMatchObject({ error: { code: 'unavailable' } });
    stream.leave();
    await expectIdle(server);
    const taken = await post(url, 'send', [connectFrame(), publishFrame(1, 'x')]);
    expect(await taken.untilType('ack')).toHaveLength(2);
  });
});
