import { createServer } from '@longwave/node';
import { describe, expect, it, onTestFinished } from 'vitest';
import { longwave } from '../testing/run.js';

/** A server with plain endpoints, in this process. */
async function endpoints(): Promise<string> {
  const server = createServer({ channels: {} });
  server.websocket(
    '/echo',
    (socket, { headers }) => {
      socket.send(`hello ${headers['x-name'] as string} (${socket.protocol})`);
      socket.onMessage = (data) => void socket.send(data);
    },
    { protocols: ['shout', 'echo'], compress: true },
  );
  server.websocket('/kick', (socket) => {
    socket.ping(Uint8Array.of(1, 2));
    socket.close(4000, 'not today');
  });
  server.websocket('/flood', (socket) => {
    for (let i = 0; i < 5000; i++) socket.send(`${i} ${'x'.repeat(1000)}`);
    socket.close(1000);
  });
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  onTestFinished(() => server.close());
  return `ws://127.0.0.1:${port}`;
}

describe('longwave ws', () => {
  it('sends lines, prints what comes, and waits for answers at the end of the input', async () => {
    const url = await endpoints();
    const ws = longwave('ws', '--protocol', 'echo', '--header', 'X-Name: Ada', '--compress', `${url}/echo`);
    ws.type('one', 'two é😀', 'x'.repeat(5000));
    ws.endInput();
    expect(await ws.ended).toBe(0);
    expect(ws.out.all).toEqual(['hello Ada (echo)', 'one', 'two é😀', 'x'.repeat(5000)]);
    expect(ws.err.all).toEqual(['open (echo)', 'close 1000']);
  });

  it('sends and prints binary messages as hex', async () => {
    const url = await endpoints();
    const ws = longwave('ws', '--hex', `${url}/echo`);
    ws.type('00 ff 10', 'no hex');
    ws.endInput();
    expect(await ws.ended).toBe(0);
    expect(ws.out.all.slice(1)).toEqual(['binary 00ff10']);
    expect(ws.err.all).toContain('line 2 was not sent: it is not hex');
  });

  it('tells pings and why it was closed, and exits with 1 on a close that is no normal end', async () => {
    const url = await endpoints();
    const ws = longwave('ws', `${url}/kick`);
    expect(await ws.ended).toBe(1);
    expect(ws.err.all).toEqual(['open', 'ping 0102', 'close 4000 not today']);
  });

  it('prints everything to a reader that is slow', async () => {
    const url = await endpoints();
    const ws = longwave('ws', `${url}/flood`);
    ws.child.stdout!.pause();
    await ws.err.find(/^open/);
    ws.child.stdout!.resume();
    expect(await ws.ended).toBe(0);
    expect(ws.out.all).toHaveLength(5000);
  });

  it('says why there is no connection', async () => {
    const url = await endpoints();
    const ws = longwave('ws', `${url}/nothing`);
    expect(await ws.ended).toBe(1);
    expect(ws.err.all).toEqual([expect.stringMatching(/^close 1006 .*404/)]);
  });
});
