import { randomBytes } from 'node:crypto';
import { encodeUpdates } from '@longwave/yjs/format';
import * as format from '@longwave/yjs/format';
import { expect, it, onTestFinished, vi } from 'vitest';
import * as Y from 'yjs';
import { openRaw, step1, syncMessage } from '../testing/raw.js';
import { startServer } from '../testing/server.js';
import { ByteReader } from '../updates/byte-reader.js';
import { scanUpdate } from '../updates/scan-update.js';
import { Library } from './library.js';

vi.mock('@longwave/yjs/format', async (load) => {
  const actual = await load<typeof format>();
  return { ...actual, isUpdate: vi.fn<typeof actual.isUpdate>(actual.isUpdate) };
});

const count = 20_000;
/** A turn reads as many structs, and those up to the next mark. */
const structsPerTurn = 1024 + 128;
/** Numbers in one struct: its two neighbours, and how many values it has. */
const numbersPerStruct = 5;

/** An update in which no struct can be one with its neighbour, and each has a value that no plain text is. */
function makeLarge(): Uint8Array {
  const doc = new Y.Doc();
  doc.transact(() => {
    for (let i = 0; i < count; i++) doc.getArray('a').insert(0, [i]);
  });
  doc.getArray('a').delete(5, 1);
  return Y.encodeStateAsUpdate(doc);
}

/** Counts what is read in each turn of the event loop, until the test ends. */
function watchTurns() {
  const most = { numbers: 0, structs: 0 };
  let [numbers, structs, isOver] = [0, 0, false];
  const read = vi.spyOn(ByteReader.prototype, 'uint');
  const { isUpdate } = vi.mocked(format);
  const look = (): void => {
    most.numbers = Math.max(most.numbers, read.mock.calls.length);
    structs = isUpdate.mock.calls.reduce((sum, [update]) => sum + update[1]!, 0);
    numbers += read.mock.calls.length;
    most.structs = Math.max(most.structs, structs);
    read.mockClear();
    isUpdate.mockClear();
    if (!isOver) setImmediate(look);
  };
  onTestFinished(() => {
    isOver = true;
    read.mockRestore();
  });
  look();
  return { most, read: () => numbers };
}

async function hold() {
  const { server, port } = await startServer();
  const library = new Library({ engine: server.engine, logger: { error: () => undefined, info: () => undefined } });
  onTestFinished(() => library.close());
  return { server, port, document: await library.open('doc/a') };
}

const publish = async ({ server }: Awaited<ReturnType<typeof hold>>, update: Uint8Array): Promise<number> => {
  const pieces = encodeUpdates(update, () => randomBytes(8).toString('hex'));
  const published = await Promise.all(pieces.map((piece) => server.engine.publish('doc/a', piece)));
  return published.at(-1)!.position.offset;
};

it('DOC-3: a large update that comes by the log of a held document is read a few structs a turn', async () => {
  const held = await hold();
  const update = makeLarge();
  const { most, read } = watchTurns();
  await held.document.caughtUp(await publish(held, update));
  expect(held.document.vector).toEqual(Y.encodeStateVectorFromUpdate(update));
  // It was read, and looked at.
  expect(read()).toBeGreaterThan(3 * count);
  expect(most.structs).toBeGreaterThan(100);
  expect(most.structs).toBeLessThanOrEqual(structsPerTurn);
  expect(most.numbers).toBeLessThanOrEqual(numbersPerStruct * structsPerTurn);
});

it('a large update that a client pastes is read a few structs a turn, and so when it comes back', async () => {
  const { port } = await startServer();
  const [writer, reader] = [await openRaw(port, '/yjs/a'), await openRaw(port, '/yjs/a')];
  reader.socket.send(step1);
  await expect.poll(() => reader.received.length).toBeGreaterThan(1);
  const update = makeLarge();
  const { most, read } = watchTurns();
  writer.socket.send(syncMessage(2, update));
  await expect.poll(() => reader.received.at(-1)!.length).toBeGreaterThan(update.length);
  expect(read()).toBeGreaterThan(6 * count);
  expect(most.structs).toBeLessThanOrEqual(structsPerTurn);
  expect(most.numbers).toBeLessThanOrEqual(numbersPerStruct * structsPerTurn);
});

it('DOC-3: a large update in pieces that is none is left out, and what follows it is not', async () => {
  const held = await hold();
  const broken = makeLarge();
  const { marks } = scanUpdate(broken).blocks[0]!;
  // It follows itself: Yjs would wait for ever for what is in front of it.
  const { at, clock } = marks.at(-1)!;
  const numbers = new ByteReader(broken, at + 1);
  numbers.uint();
  broken.set([(clock & 127) | 128, ((clock >> 7) & 127) | 128, clock >> 14], numbers.at);
  expect(format.isUpdate(broken)).toBe(false);
  await held.document.caughtUp(await publish(held, broken));
  expect(held.document.vector).toEqual(Uint8Array.of(0));
  const sound = makeLarge();
  await held.document.caughtUp(await publish(held, sound));
  expect(held.document.vector).toEqual(Y.encodeStateVectorFromUpdate(sound));
});
