import { once } from 'node:events';
import { type AddressInfo, type Socket, connect, createServer } from 'node:net';
import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createSharedReads } from './shared-reads.js';

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** A socket that was accepted, and the peer's end of it. */
async function pair(): Promise<{ accepted: Socket; peer: Socket }> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const peer = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const [accepted] = (await once(server, 'connection')) as [Socket];
  ends.push(
    () => peer.destroy(),
    () => accepted.destroy(),
    () => server.close(),
  );
  return { accepted, peer };
}

describe('reads into shared memory', () => {
  it('bring every byte once and in order, after the first chunk and over pauses, and then the end', async () => {
    const { accepted, peer } = await pair();
    const sent = Uint8Array.from({ length: 300_000 }, (_, i) => (i * 7 + (i >> 8)) & 255);
    const got: number[] = [];
    let chunks = 0;
    let byEvent = 0;
    accepted.on('data', (chunk: Uint8Array) => {
      got.push(...chunk);
      if (byEvent++ > 0) return;
      const isShared = createSharedReads((socket, bytes) => {
        got.push(...bytes);
        if (++chunks % 3 !== 0) return;
        (socket as Socket).pause();
        setImmediate(() => (socket as Socket).resume());
      })(accepted);
      expect(isShared).toBe(true);
      peer.end(sent.subarray(1));
    });
    peer.write(sent.subarray(0, 1));
    await once(accepted, 'end');
    expect(chunks).toBeGreaterThan(3);
    expect(Buffer.compare(Buffer.from(got), sent)).toBe(0);
  });

  it('go on by the event for a socket that was paused meanwhile, which hears that the peer has ended', async () => {
    const { accepted, peer } = await pair();
    const heard: string[] = [];
    accepted.on('data', (chunk: Uint8Array) => heard.push(String(chunk)));
    expect(createSharedReads(() => expect.unreachable())(accepted)).toBe(true);
    accepted.pause();
    peer.end('abc');
    await vi.waitFor(() => expect(accepted.readableLength).toBe(3));
    expect(heard).toEqual([]);
    accepted.resume();
    await once(accepted, 'end');
    expect(heard).toEqual(['abc']);
  });

  it('are left alone where bytes could be overtaken, or something stands in between', async () => {
    const { accepted, peer } = await pair();
    const never = (): never => expect.unreachable();
    expect(createSharedReads(never)(new PassThrough())).toBe(false);
    // It does not flow.
    expect(createSharedReads(never)(accepted)).toBe(false);
    peer.write('abc');
    await once(accepted, 'readable');
    expect(createSharedReads(never)(accepted)).toBe(false);
    expect(String(accepted.read())).toBe('abc');
  });
});
