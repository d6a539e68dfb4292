import { once } from 'node:events';
import { ServerResponse } from 'node:http';
import { type Socket, connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { LongwaveError } from '@longwave/protocol';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { pem } from '../testing/http2-client.js';
import { connectFrame, expectIdle, publishFrame, startNode, subscribeFrame } from '../testing/requests.js';

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const poll = [connectFrame(), subscribeFrame({ again: true })];

interface Form {
  readonly target?: string;
  readonly headers?: readonly string[];
  readonly frames?: readonly unknown[];
}

function request({ target = '/longwave/poll?hold=1', headers = [], frames = poll }: Form = {}): string {
  const body = frames.map((frame) => JSON.stringify(frame)).join('\n');
  const lines = [`POST ${target} HTTP/1.1`, 'Host: localhost', ...headers, `Content-Length: ${body.length}`];
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}

const send = (seq: number): string =>
  request({ target: '/longwave/send', frames: [connectFrame(), publishFrame(seq, seq)] });

/** Speaks HTTP by hand. */
function dial(socket: Socket) {
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => undefined);
  let text = '';
  socket.on('data', (chunk) => (text += chunk.toString('latin1')));
  return {
    socket,
    read: () => text,
    statuses: () => [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => Number(status)),
  };
}

/** Counts the responses that `node:http` made. */
function spyOnNode(): () => number {
  const writeHead = vi.spyOn(ServerResponse.prototype, 'writeHead');
  return () => writeHead.mock.calls.length;
}

async function start(options: Parameters<typeof startNode>[0] = {}) {
  const node = await startNode(options);
  return { ...node, dial: () => dial(connect(node.port, '127.0.0.1')) };
}

describe('requests of the plain form', () => {
  it('are answered without `node:http`, head and body in one write, one after the other on a connection', async () => {
    const { server, dial: open } = await start();
    const byNode = spyOnNode();
    const { socket, read, statuses } = open();
    let chunks = 0;
    socket.on('data', () => chunks++);
    for (let i = 1; i <= 3; i++) {
      socket.write(i === 2 ? send(1) : request());
      await expect.poll(() => statuses().length).toBe(i);
      await expect.poll(read).toContain(i === 2 ? '"ack"' : '"subscribed"');
    }
    expect([chunks, byNode()]).toEqual([3, 0]);
    const [head, ...rest] = read().split('\r\n\r\n');
    expect(head!.split('\r\n').map((line) => line.replace(/(?<=Date: ).*/, 'now'))).toEqual([
      'HTTP/1.1 200 OK',
      'Vary: Origin',
      'Content-Type: text/event-stream; charset=utf-8',
      'Cache-Control: no-store, no-transform',
      'X-Accel-Buffering: no',
      'Connection: keep-alive',
      'Keep-Alive: timeout=75',
      'Date: now',
      expect.stringMatching(/^Content-Length: \d+$/),
    ]);
    expect(rest.join('')).not.toContain('Transfer-Encoding');
    await expectIdle(server);
  });

  it('are answered with the fields that node:http would send', async () => {
    const { server, dial: open } = await start({ allowedOrigins: ['https://a.example'] });
    const headers = ['Origin: https://a.example'];
    const [direct, byNode] = [open(), open()];
    direct.socket.write(request({ headers }));
    byNode.socket.write(request({ headers: [...headers, 'X-Twice: 1', 'X-Twice: 2'] }));
    const fieldsOf = (text: string) =>
      text
        .split('\r\n\r\n')[0]!
        .split('\r\n')
        .filter((line) => !/^(?:Date|Content-Length)/.test(line))
        .toSorted();
    for (const { read } of [direct, byNode]) await expect.poll(read).toContain('subscribed');
    expect(fieldsOf(direct.read())).toEqual(fieldsOf(byNode.read()));
    await expectIdle(server);
  });

  it('come over TLS as well', async () => {
    const { port } = await start({ tls: { key: pem, cert: pem } });
    const byNode = spyOnNode();
    const { socket, read } = dial(connectTls({ port, host: '127.0.0.1', ca: pem, servername: 'localhost' }));
    await once(socket, 'secureConnect');
    socket.write(request());
    await expect.poll(read).toContain('subscribed');
    expect(byNode()).toBe(0);
  });

  it('HTTP-25: are authenticated and authorized each by itself, also one that repeats the one before', async () => {
    let mayEnter = true;
    let mayRead = true;
    const { server, dial: open } = await start({
      authenticate: () => {
        if (!mayEnter) throw new LongwaveError('unauthenticated');
        return { user: 'ada' };
      },
      authorize: () => mayRead,
    });
    const { socket, read, statuses } = open();
    const ask = async (): Promise<string> => {
      const before = read().length;
      const count = statuses().length;
      socket.write(request());
      await expect.poll(() => statuses().length).toBe(count + 1);
      await expectIdle(server);
      return read().slice(before);
    };
    expect(await ask()).toContain('"subscribed"');
    mayRead = false;
    expect(await ask()).toContain('"forbidden"');
    mayRead = true;
    expect(await ask()).toContain('"subscribed"');
    mayEnter = false;
    expect(await ask()).toContain('"unauthenticated"');
  });

  it('are told apart by every byte of their head', async () => {
    const seen: unknown[] = [];
    const { dial: open } = await start({
      authenticate: (_, { headers }) => {
        seen.push(headers['cookie']);
        return {};
      },
    });
    const byNode = spyOnNode();
    const { socket, statuses } = open();
    const cookies = ['a=1', 'a=1', 'a=2', undefined, 'a=1'];
    for (const [i, cookie] of cookies.entries()) {
      socket.write(request({ headers: cookie === undefined ? [] : [`Cookie: ${cookie}`] }));
      await expect.poll(() => statuses().length).toBe(i + 1);
    }
    expect([seen, byNode()]).toEqual([cookies, 0]);
  });

  it('may come in pieces, cut anywhere', async () => {
    const { server, dial: open } = await start();
    const text = request();
    const { socket, statuses } = open();
    socket.setNoDelay(true);
    const heads = text.indexOf('\r\n\r\n') + 4;
    // The head is whole: what is cut before its end goes to `node:http`.
    const byNode = spyOnNode();
    for (let at = heads; at < text.length; at += 7) {
      const count = statuses().length;
      for (const part of [text.slice(0, at), text.slice(at)]) {
        socket.write(part);
        await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
      }
      await expect.poll(() => statuses().length).toBe(count + 1);
    }
    expect(byNode()).toBe(0);
    for (let at = 1; at < heads; at += 29) {
      const { socket: other, statuses: others } = open();
      other.setNoDelay(true);
      for (const part of [text.slice(0, at), text.slice(at)]) {
        other.write(part);
        await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
      }
      await expect.poll(others).toEqual([200]);
    }
    expect(new Set(statuses())).toEqual(new Set([200]));
    await expectIdle(server);
  });
});

describe('requests of another form', () => {
  it.each<readonly [string, string, number]>([
    [
      'a chunked one',
      request().replace(
        /Content-Length: \d+\r\n\r\n([^]*)/,
        (_, body: string) => `Transfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`,
      ),
      200,
    ],
    ['one that expects 100', request({ headers: ['Expect: 100-continue'] }), 100],
    ['a compressed one', request({ headers: ['Content-Encoding: gzip'] }), 415],
    ['one that names two lengths', request({ headers: ['Content-Length: 1'] }), 400],
    ['one whose length is no number', request().replace(/Content-Length: \d+/, 'Content-Length: +5'), 400],
    ['one without a host', request().replace('Host: localhost\r\n', ''), 400],
    ['one for another host', request().replace('localhost', 'evil.example'), 403],
    ['one of another site', request({ headers: ['Origin: https://evil.example'] }), 403],
    ['one with an unknown codec', request({ target: '/longwave/poll?codec=cbor' }), 400],
    ['another method', 'GET /longwave/poll HTTP/1.1\r\nHost: localhost\r\n\r\n', 405],
    ['another path', 'GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n', 200],
    ['one that is not UTF-8', 'POST /longwave/poll HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\n\xff', 400],
    ['nonsense', 'nonsense\r\n\r\n', 400],
  ])('%s goes to node:http, first on a connection or after others', async (_, text, status) => {
    const { server, dial: open } = await start({ logger: { error: () => undefined, info: () => undefined } });
    for (const before of ['', request(), request().repeat(3)]) {
      const { socket, statuses } = open();
      socket.write(Buffer.from(before + text, 'latin1'));
      const expected = [...before.matchAll(/POST/g)].map(() => 200);
      await expect.poll(() => statuses().slice(0, expected.length + 1)).toEqual([...expected, status]);
      socket.destroy();
    }
    await expectIdle(server);
  });

  it('are answered in their turn between others', async () => {
    const { server, dial: open } = await start();
    const { socket, statuses } = open();
    const health = 'GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n';
    socket.write(request() + send(1) + health + send(2) + request());
    await expect.poll(() => statuses().length).toBe(5);
    expect(statuses()).toEqual([200, 200, 200, 200, 200]);
    await expectIdle(server);
  });
});

describe('peers that do harm', () => {
  it('one that pipelines and reads nothing is given no more than a socket holds', async () => {
    const { server, dial: open } = await start({ calls: {} });
    await server.channel('chat/a').publish('x'.repeat(50_000));
    const { epoch } = await server.channel('chat/a').history();
    const { socket } = open();
    socket.pause();
    const behind = [connectFrame(), subscribeFrame({ epoch, offset: 0 })];
    for (let i = 0; i < 400; i++) socket.write(request({ frames: behind }));
    let last = -1;
    // Until it takes no more.
    await expect
      .poll(
        () => {
          const { accepted } = server.engine.stats;
          const isStill = accepted === last && accepted > 0;
          last = accepted;
          return isStill;
        },
        { interval: 100 },
      )
      .toBe(true);
    expect(server.engine.stats.accepted).toBeLessThan(400);
    socket.destroy();
    await expectIdle(server);
  });

  it('one that leaves while its poll is held holds nothing', async () => {
    const { server, dial: open } = await start();
    for (const leave of ['end', 'destroy'] as const) {
      const { socket } = open();
      socket.write(request({ target: '/longwave/poll?hold=60000' }).repeat(3));
      await expect.poll(() => server.engine.stats.subscriptions).toBe(1);
      socket[leave]();
      await expectIdle(server);
    }
  });
});

describe('LIM-6: a connection that is served has its time', () => {
  it('between two requests 75 s', async () => {
    const { server, dial: open } = await start();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { socket, statuses } = open();
    const closed = once(socket, 'close');
    for (const count of [1, 2]) {
      socket.write(request({ target: '/longwave/poll?now=1' }));
      await expect.poll(() => statuses().length).toBe(count);
      await expectIdle(server);
      vi.advanceTimersByTime(70_000);
    }
    vi.advanceTimersByTime(10_000);
    await closed;
  });

  it('for the body of a request, also of one after others: 10 s', async () => {
    const { server, dial: open } = await start({ allowedOrigins: ['https://a.example'] });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const set = vi.spyOn(globalThis, 'setTimeout');
    const { socket, read, statuses } = open();
    const closed = once(socket, 'close');
    const text = request({ target: '/longwave/poll?now=1', headers: ['Origin: https://a.example', 'Cookie: a=b'] });
    socket.write(text);
    await expect.poll(statuses).toEqual([200]);
    socket.write(text.slice(0, -10));
    await expect.poll(() => set.mock.calls.map(([, ms]) => ms)).toContain(10_000);
    vi.advanceTimersByTime(10_000);
    await expect.poll(statuses).toEqual([200, 408]);
    await closed;
    const refusal = read().slice(read().indexOf('HTTP/1.1 408'));
    for (const field of [
      'Connection: close',
      'Content-Type: application/problem+json',
      'Cache-Control: private, no-store',
      'Access-Control-Allow-Origin: https://a.example',
    ]) {
      expect(refusal).toContain(`${field}\r\n`);
    }
    expect(refusal).toContain('"timeout"');
    await expectIdle(server);
  });
});

it('a server that closes answers the polls that it holds, and ends their connections', async () => {
  const { server, dial: open } = await start();
  const { socket, read } = open();
  const closed = once(socket, 'close');
  socket.write(request({ target: '/longwave/poll?hold=60000' }));
  await expect.poll(() => server.engine.stats.subscriptions).toBe(1);
  await server.close();
  await closed;
  expect(read()).toContain('"going-away"');
});
