import { LongwaveError } from '@longwave/protocol';
import { expect, it, onTestFinished, vi } from 'vitest';
import * as Y from 'yjs';
import { openRaw, step1, syncMessage } from './testing/raw.js';
import { startServer } from './testing/server.js';
import { ByteReader } from './updates/byte-reader.js';
import { ByteWriter } from './updates/byte-writer.js';
import { encodeAwareness } from './wire/awareness.js';

const named = (message: Uint8Array): Uint8Array => new ByteWriter().text('a').raw(message).finish();
const token = (text: string, version?: string): Uint8Array => {
  const writer = new ByteWriter().uint(2).uint(0).text(text);
  return named((version === undefined ? writer : writer.text(version)).finish());
};
const awareness = (client: number, clock: number, json: string): Uint8Array =>
  new ByteWriter()
    .uint(1)
    .blob(encodeAwareness([{ client, clock, json }]))
    .finish();

function edit(text: string): Uint8Array {
  const doc = new Y.Doc();
  doc.getText('t').insert(0, text);
  return Y.encodeStateAsUpdate(doc);
}

/** The types of messages that a client of Hocuspocus got: of a sync message with its own. */
function typesOf(received: readonly Uint8Array[]): string[] {
  return received.map((bytes) => {
    if (bytes.length === 1) return `byte ${bytes[0]}`;
    const reader = new ByteReader(bytes);
    reader.text();
    const type = reader.uint();
    return type === 0 ? `sync ${reader.uint()}` : String(type);
  });
}

it('y-websocket#24 hocuspocus#313: who hears nothing for ten seconds is sent a sign of life, which its version understands', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const { port } = await startServer();
  const y = await openRaw(port, '/yjs/a');
  const [three, four] = [await openRaw(port, '/hocuspocus'), await openRaw(port, '/hocuspocus')];
  y.socket.send(step1);
  three.socket.send(token(''));
  four.socket.send(token('', '4.8.0'));
  for (const { socket } of [three, four]) socket.send(named(step1));
  const all = [y, three, four];
  await expect.poll(() => Math.min(...all.map(({ received }) => received.length))).toBeGreaterThan(1);
  const before = all.map(({ received }) => received.length);
  vi.advanceTimersByTime(11_000);
  await expect.poll(() => all.map(({ received }, i) => received.length > before[i]!)).toEqual([true, true, true]);
  // An empty awareness update, and a ping for those that know it.
  expect([...y.received.at(-1)!]).toEqual([1, 1, 0]);
  expect(typesOf([three.received.at(-1)!, four.received.at(-1)!])).toEqual(['1', 'byte 9']);
});

it('a client of Hocuspocus is sent the document before it is told that anything is stored, which it takes for synced', async () => {
  const { port, operations } = await startServer();
  const { socket, received } = await openRaw(port, '/hocuspocus');
  // All at once, as providers do.
  const update = named(syncMessage(2, edit('early')));
  for (const message of [token(''), named(step1), update, named(syncMessage(1, edit('offline')))]) socket.send(message);
  await expect.poll(() => typesOf(received).filter((type) => type === '8')).toHaveLength(2);
  const types = typesOf(received);
  expect(types.indexOf('sync 1')).toBeGreaterThan(-1);
  expect(types.indexOf('sync 1')).toBeLessThan(types.indexOf('8'));
  expect(await operations('a')).toBe(2);
});

it('a client of Hocuspocus that goes on writing after a denial stores nothing, and is let in with another token', async () => {
  const { port, operations } = await startServer({
    authenticate: (given) => {
      if (given !== 'good') throw new LongwaveError('unauthenticated');
      return { user: 'ada' };
    },
  });
  const { socket, received } = await openRaw(port, '/hocuspocus');
  socket.send(token('bad'));
  await expect.poll(() => typesOf(received)).toEqual(['2']);
  socket.send(named(syncMessage(2, edit('denied'))));
  socket.send(token('good'));
  socket.send(named(step1));
  socket.send(named(syncMessage(1, edit('let in'))));
  await expect.poll(() => typesOf(received).includes('8')).toBe(true);
  expect(await operations('a')).toBe(1);
});

it('a tab that goes offline takes away nobody else, though it says so of all that it knew', async () => {
  const { port } = await startServer();
  const [ada, bob] = [await openRaw(port, '/yjs/a'), await openRaw(port, '/yjs/a')];
  const heard = (): string[] => bob.received.map((bytes) => new TextDecoder().decode(bytes));
  for (const { socket } of [ada, bob]) socket.send(step1);
  ada.socket.send(awareness(1, 0, '{"name":"ada"}'));
  bob.socket.send(awareness(2, 0, '{"name":"bob"}'));
  // Though its clock is 0, the others are told of her with one that they take.
  await expect.poll(() => heard().some((text) => text.includes('ada'))).toBe(true);
  bob.socket.send(awareness(1, 9, 'null'));
  bob.socket.send(Uint8Array.of(3));
  const joined = await openRaw(port, '/yjs/a');
  joined.socket.send(step1);
  joined.socket.send(Uint8Array.of(3));
  await expect
    .poll(() => joined.received.map((bytes) => new TextDecoder().decode(bytes)).some((text) => text.includes('ada')))
    .toBe(true);
});
