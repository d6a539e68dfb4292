import { once } from 'node:events';
import { type AddressInfo, type Server, type Socket, connect, createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Line, openLine } from './line.js';
import type { Conditions } from './pace.js';

let target: Server;
let accepted: Promise<Socket>;
let conditions: Conditions;
let line: Line;

beforeEach(async () => {
  conditions = { delayMs: 0, bytesPerSecond: undefined };
  target = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1');
  await once(target, 'listening');
  accepted = once(target, 'connection').then(([socket]) => socket as Socket);
  const targetPort = (target.address() as AddressInfo).port;
  line = await openLine({ host: '127.0.0.1', targetPort, conditions: () => conditions });
});

afterEach(async () => {
  await line.close();
  target.close();
});

const dial = (): Socket => connect({ port: line.port, host: '127.0.0.1', allowHalfOpen: true });

/** To the end of what it sends; it can still be written to. */
async function readAll(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (chunk) => (text += String(chunk)));
  await once(socket, 'end');
  return text;
}

describe('a line', () => {
  it('carries both directions to their ends and counts every byte', async () => {
    const near = dial();
    near.end('x'.repeat(100_000));
    const far = await accepted;
    expect(await readAll(far)).toBe('x'.repeat(100_000));
    far.end('answer');
    expect(await readAll(near)).toBe('answer');
    expect(line.totals).toEqual({ up: 100_000, down: 6, connections: 1 });
  });

  it('keeps the order when the delay is taken away under way', async () => {
    conditions = { delayMs: 30, bytesPerSecond: 1_000_000 };
    const near = dial();
    near.write('first ');
    const far = await accepted;
    far.write('one ');
    conditions = { delayMs: 0, bytesPerSecond: undefined };
    near.end('second');
    far.end('two');
    expect(await readAll(far)).toBe('first second');
    expect(await readAll(near)).toBe('one two');
  });

  it('breaks at one end when it breaks at the other', async () => {
    const near = dial();
    near.resume();
    const far = await accepted;
    const broken = once(near, 'end');
    far.resetAndDestroy();
    await expect(broken).rejects.toMatchObject({ code: 'ECONNRESET' });
  });
});
