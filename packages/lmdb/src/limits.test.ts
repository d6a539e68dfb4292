import { describe, expect, it } from 'vitest';
import { openStore } from './open-store.js';
import { machineClock } from './records/store-clock.js';
import { temporaryFolder } from './testing/temporary-folder.js';

const retain = { count: 1e6, bytes: 1e9, ageMs: Infinity };
const open = (more: { readonly maxProducers?: number } = {}) =>
  openStore({ path: temporaryFolder(), ...more }, machineClock);

describe('what is remembered', () => {
  it('PUB-2, PUB-4: the last 512 publishes of a producer; of one before them it cannot be told', async () => {
    const store = open();
    const publish = (seq: number, retry = false) =>
      store.append('a', { payload: `${seq}`, producer: { id: 'p', seq }, retry }, retain);
    await Promise.all(Array.from({ length: 600 }, (_, i) => publish(i + 1)));
    for (const seq of [600, 300, 89]) expect(await publish(seq, true)).toMatchObject({ offset: seq, duplicate: true });
    for (const seq of [88, 1]) await expect(publish(seq)).rejects.toMatchObject({ code: 'too-old' });
    expect(await publish(601)).toMatchObject({ offset: 601, duplicate: false });
    await store.close();
  });

  it('PUB-2: sequences however far apart', async () => {
    const store = open();
    const publish = (seq: number) => store.append('a', { payload: `${seq}`, producer: { id: 'p', seq } }, retain);
    const seqs = [Number.MAX_SAFE_INTEGER, 5, Number.MAX_SAFE_INTEGER - 1, 2 ** 52, 1];
    for (const seq of seqs) await publish(seq);
    for (const [i, seq] of seqs.entries()) {
      expect(await publish(seq)).toMatchObject({ offset: i + 1, duplicate: true });
    }
    await store.close();
  });

  it('PUB-2, PUB-4: the producers that published last, over many commits', async () => {
    const store = open({ maxProducers: 20 });
    const publish = (id: string, seq: number, retry = false) =>
      store.append('a', { payload: id, producer: { id, seq }, retry }, retain);
    for (let i = 0; i < 50; i++) {
      await publish(`p${i}`, 1);
      await publish('often', i + 1);
    }
    expect(await publish('often', 7, true)).toMatchObject({ offset: 14, duplicate: true });
    expect(await publish('p49', 1, true)).toMatchObject({ offset: 99, duplicate: true });
    await expect(publish('p0', 1, true)).rejects.toMatchObject({ code: 'too-old' });
    expect(store.bounds('a')).toMatchObject({ top: 100 });
    await store.close();
  });
});

describe('what waits for the disk', () => {
  it('is bounded: what is too much is refused at once, and nothing of the rest is lost', async () => {
    const store = open();
    const payload = 'x'.repeat(4 << 20);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, () => store.append('a', { payload }, { ...retain, count: 1 })),
    );
    const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as Error] : []));
    expect(refused.length).toBeGreaterThan(0);
    for (const { message } of refused) expect(message).toMatch(/too much waits for the disk already/);
    expect(store.bounds('a').top).toBe(20 - refused.length);
    await store.close();
  });

  it('comes to its end when the store is closed; what comes later is refused', async () => {
    const store = open();
    const under = store.append('a', { payload: '1' }, retain);
    const closed = store.close();
    expect(await under).toMatchObject({ offset: 1 });
    await closed;
    await expect(store.append('a', { payload: '2' }, retain)).rejects.toThrow(/cannot write to .*: it is closed/);
    expect(() => store.bounds('a')).toThrow(/it is closed/);
    await expect(store.expire()).rejects.toThrow(/it is closed/);
    await store.close();
  });

  it('is a payload as it was when it was given, also when it is part of a larger buffer', async () => {
    const store = open();
    const pool = new Uint8Array(1000).fill(7);
    const part = pool.subarray(10, 13);
    const stored = store.append('a', { payload: part }, retain);
    part.fill(8);
    await stored;
    expect(store.read('a', { limit: 1 }).ops[0]!.payload).toEqual(Uint8Array.of(7, 7, 7));
    await store.close();
  });
});
