import type { ResolvedRetention } from '@longwave/protocol';
import type { Store } from '@longwave/core';
import { startRedis } from '@longwave/testkit/services';
import { Random } from '@longwave/testkit/virtual';
import { expect, it, onTestFinished } from 'vitest';
import { redis } from './redis.js';
import { quietLogger } from './testing/quiet-logger.js';
import { appendRetrying, retrying } from './testing/retrying.js';

const forEver = Number.MAX_SAFE_INTEGER;
const whole: ResolvedRetention = { count: forEver, bytes: 1e8, ageMs: forEver, whole: true };
const rounds = 5;
/** In front of the first number, so that a compaction takes its time. */
const padding = ' '.repeat(500_000);

/** All that the log says: numbers, each with a comma. Its reader begins again where it was compacted, or the server was another one. */
async function readAll(store: Store): Promise<{ readonly epoch: string; readonly top: number; readonly text: string }> {
  for (;;) {
    const { epoch, floor, top } = await store.bounds('a');
    let text = '';
    let after = floor;
    while (after < top) {
      const page = await store.read('a', { after, limit: 20 });
      if (page.floor !== floor || page.epoch !== epoch) break;
      for (const { payload } of page.ops) text += Buffer.from(payload as Uint8Array).toString();
      after = page.ops.at(-1)!.offset;
    }
    if (after >= top) return { epoch, top: after, text };
  }
}

const numbersOf = (text: string): string[] => text.slice(padding.length).split(',').slice(0, -1);

it('DOC-1: kill -9 of Redis in the midst of compactions: all that was acknowledged is there once, as an operation or within the one that took its place', async () => {
  const server = await startRedis(['--appendonly', 'yes', '--appendfsync', 'always']);
  onTestFinished(() => server.stop());
  const open = () => {
    const store = redis({ url: server.url, durability: 'disk', logger: quietLogger() });
    onTestFinished(() => store.close());
    return store;
  };
  const [writer, compactor] = [open(), open()];
  const random = new Random(5);
  let written = 0;
  let isOver = false;
  let onWritten = (): void => {};
  const write = async (): Promise<void> => {
    while (!isOver) {
      const seq = written + 1;
      const operation = { payload: Buffer.from(`${seq === 1 ? padding : ''}${seq},`), producer: { id: 'p', seq } };
      expect(await appendRetrying(writer, 'a', operation, undefined, whole)).toMatchObject({ offset: seq });
      written++;
      onWritten();
    }
  };
  const untilWritten = (more: number): Promise<void> => {
    const wanted = written + more;
    return new Promise((resolve) => (onWritten = () => written >= wanted && resolve()));
  };
  const writing = write();
  const compact = async (): Promise<boolean> => {
    const { epoch, top, text } = await readAll(compactor);
    return compactor.compact('a', { epoch, offset: top, payload: Buffer.from(text) });
  };
  let compactions = 0;
  for (let round = 1; round <= rounds; round++) {
    for (let left = random.below(4); left >= 0; left--) {
      await untilWritten(1 + random.below(20));
      if (await retrying(compact)) compactions++;
    }
    let isKilled = false;
    const last = (async () => {
      while (!isKilled) await compact();
    })().catch(() => undefined);
    await untilWritten(1 + random.below(5));
    await server.restart();
    isKilled = true;
    await last;
    const { top, text } = await retrying(() => readAll(compactor));
    expect(numbersOf(text)).toEqual(Array.from({ length: top }, (_, i) => `${i + 1}`));
  }
  isOver = true;
  await writing;
  const { top, text } = await readAll(open());
  expect(top).toBe(written);
  expect(numbersOf(text)).toEqual(Array.from({ length: written }, (_, i) => `${i + 1}`));
  expect(compactions).toBeGreaterThanOrEqual(rounds);
}, 60_000);

it('DOC-1: where Redis does not let it drop what it replaced, all is there still', async () => {
  const server = await startRedis();
  onTestFinished(() => server.stop());
  const store = redis({ url: server.url, logger: quietLogger() });
  onTestFinished(() => store.close());
  for (const text of ['1,', '2,', '3,']) await store.append('a', { payload: Buffer.from(text) }, whole);
  const { epoch } = await store.bounds('a');
  await server.command('ACL', 'SETUSER', 'default', '-ltrim');
  const compaction = { epoch, offset: 2, payload: Buffer.from('1,2,') };
  await expect(store.compact('a', compaction)).rejects.toMatchObject({ code: 'unavailable' });
  expect(await store.append('a', { payload: Buffer.from('4,') }, whole)).toMatchObject({ epoch, offset: 4 });
  expect(await readAll(store)).toMatchObject({ epoch, top: 4, text: '1,1,2,3,4,' });
  await server.command('ACL', 'SETUSER', 'default', '+ltrim');
  expect(await store.compact('a', compaction)).toBe(true);
  expect(await readAll(store)).toMatchObject({ epoch, top: 4, text: '1,2,3,4,' });
});
