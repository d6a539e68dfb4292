import { once } from 'node:events';
import { type IncomingMessage, type Server, type ServerResponse, createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createServer } from '../server/create-server.js';
import { intercept } from './intercept.js';
import { connectFrame, post } from '../testing/requests.js';

type Listen = (request: IncomingMessage, response: ServerResponse) => void;

/** As Express does it: the listener answers whatever it is shown, and fails where that has been answered before. */
function app(name: string, seen: string[]): Listen {
  return (request, response) => {
    seen.push(`${name} ${request.url}`);
    response.setHeader('x-app', name).end(name);
  };
}

function all(taken: boolean): Parameters<typeof intercept>[1] {
  return { request: () => taken, upgrade: () => taken };
}

async function listen(http: Server): Promise<string> {
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  onTestFinished(() => {
    http.closeAllConnections();
    http.close();
  });
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
}

describe('attach', () => {
  it.each(['before', 'after'])(
    'an application that listens %s sees its own requests and none of ours',
    async (when) => {
      const seen: string[] = [];
      const http = createHttpServer();
      const server = createServer({ channels: {} });
      onTestFinished(() => server.close());
      if (when === 'before') http.on('request', app('app', seen));
      server.attach(http);
      if (when === 'after') http.on('request', app('app', seen));
      const url = await listen(http);
      const answer = await post(`${url}/longwave`, 'send', [connectFrame()]);
      expect(await answer.whole()).toMatchObject([{ type: 'connected' }]);
      expect(answer.response.headers.get('x-app')).toBeNull();
      for (const path of ['/', '/longwave/other', '/metrics']) {
        expect(await (await fetch(url + path)).text()).toBe('app');
      }
      expect(seen).toEqual(['app /', 'app /longwave/other', 'app /metrics']);
    },
  );

  it('two nodes share a server by their paths, and one that closes leaves the other', async () => {
    const http = createHttpServer(app('app', []));
    const [a, b] = [createServer({ channels: {}, path: '/a' }), createServer({ channels: {}, path: '/b' })];
    onTestFinished(() => b.close());
    a.attach(http);
    b.attach(http);
    const url = await listen(http);
    const ask = async (path: string) => (await post(url + path, 'send', [connectFrame()])).whole();
    expect(await ask('/a')).toMatchObject([{ type: 'connected', node: a.engine.node }]);
    expect(await ask('/b')).toMatchObject([{ type: 'connected', node: b.engine.node }]);
    await a.close();
    expect(await ask('/b')).toMatchObject([{ type: 'connected', node: b.engine.node }]);
    const { status } = await fetch(`${url}/a/send`, { method: 'POST', body: JSON.stringify(connectFrame()) });
    // It was there to the end, or it is the application's again: never is it left without an answer.
    expect([200, 503]).toContain(status);
  });

  it('after `close` everything is the application’s own again', async () => {
    const http = createHttpServer(app('app', []));
    const server = createServer({ channels: {} });
    server.attach(http);
    const url = await listen(http);
    await server.close();
    expect(await (await fetch(`${url}/longwave/send`, { method: 'POST', body: '{}' })).text()).toBe('app');
    expect(Object.hasOwn(http, 'emit')).toBe(false);
  });
});

describe('intercept', () => {
  it('leaves every other event alone, and gives what `emit` gives', () => {
    const http = createHttpServer();
    const heard: unknown[] = [];
    const undo = intercept(http, all(true));
    http.on('clientError', (error) => heard.push(error));
    expect(http.emit('clientError', 'x', 'y')).toBe(true);
    expect(http.emit('nobody')).toBe(false);
    expect(http.emit('request', {}, {})).toBe(true);
    expect(heard).toEqual(['x']);
    undo();
    expect(http.emit('request', {}, {})).toBe(false);
  });

  it('gives back an `emit` of somebody before, and leaves that of somebody after', () => {
    const http = createHttpServer();
    const { emit: original } = http;
    const before = http.emit.bind(http) as typeof original;
    http.emit = before;
    intercept(http, all(false))();
    expect(http.emit).toBe(before);
    const undo = intercept(http, all(true));
    const after = http.emit.bind(http) as typeof original;
    http.emit = after;
    undo();
    expect(http.emit).toBe(after);
  });
});
