import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { documentContract, producerContract, storeContract } from '@longwave/testkit/contracts';
import { createServer } from 'longwave';
import { defineChannels, log, map } from 'longwave/contract';
import { describe, expect, it, onTestFinished } from 'vitest';
import { FileStore } from './file-store.js';

function emptyFile(): { readonly file: string; readonly close: () => void } {
  const folder = mkdtempSync(path.join(tmpdir(), 'file-store-'));
  return { file: path.join(folder, 'journal'), close: () => rmSync(folder, { recursive: true }) };
}

storeContract('FileStore', () => {
  let now = 1_000_000;
  const { file, close } = emptyFile();
  const store = new FileStore({ file, clock: { now: () => now } });
  return { store, close, advance: (byMs) => void (now += byMs) };
});

producerContract('FileStore', (maxProducers) => {
  const { file, close } = emptyFile();
  return { store: new FileStore({ file, maxProducers }), close };
});

documentContract('FileStore', () => {
  const { file, close } = emptyFile();
  return { store: new FileStore({ file }), close };
});

describe('a process that was killed', () => {
  const channels = defineChannels({ notes: log({ redactable: true }), jobs: map() });

  async function write(file: string) {
    const server = createServer({ channels, store: new FileStore({ file }) });
    await server.channel('notes').publish('first');
    const { position } = await server.channel('notes').publish('a secret');
    await server.channel('jobs').put('a', { percent: 50 });
    return { server, position };
  }

  async function read(file: string) {
    const store = new FileStore({ file });
    onTestFinished(() => store.close());
    const notes = store.read('notes', { limit: 10 });
    return {
      epoch: notes.epoch,
      notes: notes.ops.map(({ payload }) => payload),
      jobs: store.read('jobs', { limit: 9 }).ops.length,
    };
  }

  it('finds all that it acknowledged, in the same epoch', async () => {
    const { file, close } = emptyFile();
    onTestFinished(close);
    const { position } = await write(file); // and never closed
    expect(await read(file)).toEqual({ epoch: position.epoch, notes: ['"first"', '"a secret"'], jobs: 1 });
  });

  it('loses a record of which only a part was written, and nothing else', async () => {
    const { file, close } = emptyFile();
    onTestFinished(close);
    await write(file);
    const before = readFileSync(file).length;
    appendFileSync(file, Buffer.from([200, 0, 0, 0, 1, 2, 3]));
    expect((await read(file)).notes).toHaveLength(2);
    expect(before).toBeGreaterThan(0);
  });

  it('has nothing left of the data that was taken back', async () => {
    const { file, close } = emptyFile();
    onTestFinished(close);
    const { server, position } = await write(file);
    await server.channel('notes').redact(position);
    expect(readFileSync(file).includes('a secret')).toBe(false);
    expect((await read(file)).notes).not.toContain('"a secret"');
  });
});
