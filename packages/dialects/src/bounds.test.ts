import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { LongwaveError } from '@longwave/protocol';
import { describe, expect, it, onTestFinished } from 'vitest';
import WebSocket from 'ws';
import * as Y from 'yjs';
import { encodeAwareness } from './wire/awareness.js';
import { ByteReader } from './updates/byte-reader.js';
import { ByteWriter } from './updates/byte-writer.js';
import { openRaw, step1, syncMessage as sync } from './testing/raw.js';
import { startServer } from './testing/server.js';

const named = (name: string, message: Uint8Array): Uint8Array => new ByteWriter().text(name).raw(message).finish();
const token = (name: string, text = ''): Uint8Array =>
  named(name, new ByteWriter().uint(2).uint(0).text(text).finish());
const awareness = (...entries: [client: number, clock: number, json: string][]): Uint8Array =>
  new ByteWriter()
    .uint(1)
    .blob(encodeAwareness(entries.map(([client, clock, json]) => ({ client, clock, json }))))
    .finish();

describe('a document that is entered by nobody', () => {
  it('GHSA-xwhh-v746-pj9m: takes at most 1,000 messages before the token', async () => {
    const { port } = await startServer();
    const { socket, closed } = await openRaw(port, '/hocuspocus');
    const update = named('a', sync(2, Uint8Array.of(0, 0)));
    for (let i = 0; i < 1001; i++) socket.send(update);
    expect(await closed).toBe(1009);
  });

  it('GHSA-xwhh-v746-pj9m: takes at most 5 MiB before the token', async () => {
    const { port } = await startServer();
    const { socket, closed } = await openRaw(port, '/hocuspocus');
    for (let i = 0; i < 6; i++) socket.send(named('a', sync(2, new Uint8Array(1024 * 1024))));
    expect(await closed).toBe(1009);
  });

  it('has at most 100 documents on a socket', async () => {
    const { port } = await startServer();
    const { socket, closed } = await openRaw(port, '/hocuspocus');
    for (let i = 0; i < 101; i++) socket.send(named(`${i}`, sync(2, Uint8Array.of(0, 0))));
    expect(await closed).toBe(4430);
  });
});

describe('a peer that is no client', () => {
  it('is closed for text, an unknown type, half a message and an unknown sync message', async () => {
    const { port } = await startServer();
    const messages = [
      ['text', 'hello', 4400],
      ['an unknown type', Uint8Array.of(77, 1), 4400],
      ['half a message', Uint8Array.of(0, 0, 9), 4422],
      ['an unknown sync message', sync(9, Uint8Array.of()), 4422],
    ] as const;
    // All at once: a socket that is refused is held for five seconds.
    const codes = messages.map(async ([name, message]) => {
      const { socket, closed, received } = await openRaw(port, '/yjs/a');
      socket.send(step1);
      await expect.poll(() => received.length).toBeGreaterThan(1);
      socket.send(message);
      return [name, await closed];
    });
    expect(await Promise.all(codes)).toEqual(messages.map(([name, , code]) => [name, code]));
  });

  it('DOC-3: stores no update that is none, and goes on', async () => {
    const { port, y, operations } = await startServer();
    const { socket } = await openRaw(port, '/yjs/a');
    socket.send(step1);
    socket.send(sync(2, Uint8Array.of(1, 2, 3)));
    const doc = new Y.Doc();
    doc.getText('t').insert(0, 'valid');
    socket.send(sync(1, Y.encodeStateAsUpdate(doc)));
    await expect.poll(() => operations('a')).toBe(1);
    expect(y.counts.refused).toBe(1);
  });

  it('ygo#116: speaks for at most four clients, and for nobody else', async () => {
    const { port, y } = await startServer();
    const one = await openRaw(port, '/yjs/a');
    one.socket.send(step1);
    one.socket.send(awareness([1, 1, '{"n":1}']));
    const other = await openRaw(port, '/yjs/a');
    other.socket.send(step1);
    await expect.poll(() => other.received.some(isAwarenessOf(1))).toBe(true);
    other.socket.send(awareness([2, 1, '{"n":2}']));
    other.socket.send(awareness([1, 5, '{"n":"forged"}']));
    other.socket.send(awareness(...Array.from({ length: 9 }, (_, i): [number, number, string] => [100 + i, 1, '{}'])));
    await expect.poll(() => y.counts.strangers).toBe(6);
    await expect.poll(() => one.received.some(isAwarenessOf(2))).toBe(true);
    const said = one.received.map((bytes) => new TextDecoder().decode(bytes)).join('');
    expect(said).not.toContain('forged');
  });
});

function isAwarenessOf(client: number): (bytes: Uint8Array) => boolean {
  return (bytes) => {
    const reader = new ByteReader(bytes);
    if (reader.uint() !== 1) return false;
    const inner = new ByteReader(reader.blob());
    return inner.uint() > 0 && inner.uint() === client;
  };
}

describe('a dialect stands behind the rules of its server', () => {
  it.each(['/yjs/a', '/hocuspocus'])('HTTP-7: no page of another origin opens %s', async (path) => {
    const { port } = await startServer();
    const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { origin: 'https://evil.example' });
    const [error] = (await once(socket, 'error')) as [Error];
    expect(error.message).toContain('403');
  });

  it('is reached by an attached HTTP server', async () => {
    const { server } = await startServer();
    const http = createHttpServer();
    onTestFinished(() => void http.close());
    server.attach(http);
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    const { port } = http.address() as { port: number };
    const { socket, received } = await openRaw(port, '/yjs/a');
    socket.send(step1);
    await expect.poll(() => received.length).toBeGreaterThan(1);
    socket.terminate();
  });

  it('counts among the connections', async () => {
    const { port } = await startServer({ maxConnections: 2 });
    await openRaw(port, '/yjs/a');
    const socket = new WebSocket(`ws://127.0.0.1:${port}/yjs/a`);
    const [error] = (await once(socket, 'error')) as [Error];
    expect(error.message).toContain('503');
  });

  it('SES-7: sends its clients elsewhere when the node drains', async () => {
    const { port, server } = await startServer();
    const y = await openRaw(port, '/yjs/a');
    const hocuspocus = await openRaw(port, '/hocuspocus');
    y.socket.send(step1);
    hocuspocus.socket.send(token('a'));
    hocuspocus.socket.send(named('a', step1));
    await expect.poll(() => Math.min(y.received.length, hocuspocus.received.length)).toBeGreaterThan(1);
    await Promise.all([server.close({ drain: 100 }), y.closed, hocuspocus.closed]);
    expect([await y.closed, await hocuspocus.closed]).toEqual([1013, 4205]);
  });

  it('takes a token of the subprotocol', async () => {
    const tokens: unknown[] = [];
    const { port } = await startServer({
      authenticate: (given) => {
        tokens.push(given);
        throw new LongwaveError('unauthenticated');
      },
    });
    const socket = new WebSocket(`ws://127.0.0.1:${port}/yjs/a`, ['y-websocket', 'token.a.b.c']);
    onTestFinished(() => socket.terminate());
    await once(socket, 'open');
    expect(socket.protocol).toBe('y-websocket');
    await expect.poll(() => tokens).toEqual(['a.b.c']);
  });
});
