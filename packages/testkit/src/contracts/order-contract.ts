import { LongwaveError } from '@longwave/protocol';
import type { Keep, NewOperation, Store } from '@longwave/core';
import { describe, expect, it } from 'vitest';
import { Random } from '../random.js';
import { type StoreFixture, useStore, wideBounds } from './store-fixture.js';

const wide: Keep = { count: 1000, bytes: 1e6, ageMs: 86_400_000 };

/** More than a store has to remember of one producer. */
const beyondWindow = 600;

/** PUB-7, PUB-8: a publish that names another is stored after it, or refused. */
export function orderContract(open: () => StoreFixture | Promise<StoreFixture>): void {
  const scene = useStore(open);
  const publish = (seq: number, after?: number, more: Partial<NewOperation> = {}): NewOperation => ({
    ...{ payload: `${seq}`, producer: { id: 'p', seq, after }, ...more },
  });
  const early = { code: 'out-of-order' };

  for (const [kind, keep] of [['a log', wide] as const, ['state', wideBounds] as const]) {
    describe(`in ${kind}`, () => {
      const put = (seq: number, after?: number) => scene.append(publish(seq, after, entryOf(keep, seq)), keep);

      it('PUB-7: the named one must be stored, whichever came after it', async () => {
        await put(1);
        await put(3, 1);
        await expect(put(4, 2)).rejects.toMatchObject(early);
        await put(2);
        expect(await put(4, 2)).toMatchObject({ offset: 4, duplicate: false });
        expect((await scene.read({ after: 0 })).map(({ payload }) => payload)).toEqual(['1', '3', '2', '4']);
      });

      it('PUB-7: a hole in the sequence is not stored', async () => {
        for (const seq of [10, 20, 30]) await put(seq);
        await expect(put(40, 25)).rejects.toMatchObject(early);
        await expect(put(40, 31)).rejects.toMatchObject(early);
        for (const [i, after] of [10, 20, 30].entries())
          expect(await put(40 + i, after)).toMatchObject({ offset: 4 + i });
      });

      it('PUB-8: of a producer that is not remembered none is stored', async () => {
        await put(1);
        const stranger = { ...publish(2, undefined, entryOf(keep, 2)), producer: { id: 'q', seq: 2, after: 1 } };
        await expect(scene.append(stranger, keep)).rejects.toMatchObject(early);
        expect(await scene.store.bounds('a')).toMatchObject({ top: 1 });
      });

      it('PUB-8: one from before those that are remembered counts as stored, and is stored no more', async () => {
        const seqs = Array.from({ length: beyondWindow }, (_, i) => i + 2);
        await Promise.all(seqs.map((seq) => put(seq)));
        expect(await put(1000, 2)).toMatchObject({ duplicate: false });
        // Never sent until now.
        expect(await put(1001, 1)).toMatchObject({ duplicate: false });
        await expect(put(1)).rejects.toMatchObject({ code: 'too-old' });
      });

      it('PUB-7: whatever is lost and repeated, over two nodes, each is stored once and behind the one it names', async () => {
        const seeds = Array.from({ length: 25 }, (_, i) => `${kind} ${i}`);
        const played = await Promise.all(seeds.map((seed) => playOut(seed, [scene.store, scene.other], keep)));
        for (const { sent, stored, isChain, seed } of played) {
          const seqs = sent.map(({ seq }) => seq);
          expect(isChain ? stored : stored.toSorted((a, b) => a - b), seed).toEqual(seqs);
          for (const { seq, after } of sent) {
            if (after !== undefined) expect(stored.indexOf(after), `${seed}, ${seq}`).toBeLessThan(stored.indexOf(seq));
          }
        }
      });
    });
  }

  it('PUB-7: a refused publish is not stored, and one that changes nothing counts as stored', async () => {
    await expect(scene.append(publish(1, undefined, { key: 'k', expect: 99 }))).rejects.toMatchObject({
      code: 'conflict',
    });
    await expect(scene.append(publish(2, 1, { key: 'k' }))).rejects.toMatchObject(early);
    expect(await scene.append(publish(3, undefined, { key: 'none', kind: 'delete' }))).toMatchObject({
      duplicate: true,
    });
    expect(await scene.append(publish(4, 3, { key: 'k' }))).toMatchObject({ offset: 1, duplicate: false });
  });

  it('PUB-7: one that is known by its message id counts as stored', async () => {
    await scene.append({ payload: 'x', id: 'm' }, wide);
    expect(await scene.append(publish(1, undefined, { id: 'm' }), wide)).toMatchObject({ offset: 1, duplicate: true });
    expect(await scene.append(publish(2, 1), wide)).toMatchObject({ offset: 2, duplicate: false });
  });
}

function entryOf(keep: Keep, seq: number): Partial<NewOperation> {
  return 'keys' in keep ? { key: `${seq}` } : {};
}

interface Sent {
  readonly seq: number;
  readonly after: number | undefined;
  retry: boolean;
}

interface Played {
  readonly seed: string;
  /** Each publish names the one before. */
  readonly isChain: boolean;
  readonly sent: readonly Sent[];
  readonly stored: readonly number[];
}

/** A client whose requests overtake each other and get lost, on the way there and on the way back, until all are answered. */
async function playOut(seed: string, nodes: readonly Store[], keep: Keep): Promise<Played> {
  const random = new Random(seed);
  // Half of the clients send one chain; the others name any publish in front, or none.
  const isChain = random.chance(0.5);
  const all: Sent[] = [];
  for (let seq = 1; all.length < 12; seq += 1 + random.below(3)) {
    const named = isChain ? all.at(-1) : random.chance(0.8) ? all[random.below(all.length)] : undefined;
    all.push({ seq, after: named?.seq, retry: false });
  }
  const pending = new Set(all);
  const attempt = async (sent: Sent): Promise<void> => {
    const isPending = [...pending].some(({ seq }) => seq === sent.after);
    const producer = { id: 'p', seq: sent.seq, after: isPending ? sent.after : undefined };
    const operation = { payload: `${sent.seq}`, producer, retry: sent.retry, ...entryOf(keep, sent.seq) };
    const [isLostBefore, isLostAfter] = [random.chance(0.15), random.chance(0.15)];
    if (isLostBefore || isLostAfter) sent.retry = true;
    if (isLostBefore) return;
    try {
      await random.pick(nodes).append(seed, operation, keep);
      if (!isLostAfter) pending.delete(sent);
    } catch (error) {
      if (!(error instanceof LongwaveError && error.code === 'out-of-order')) throw error;
    }
  };
  while (pending.size > 0) {
    const mayBeSent = [...pending].slice(0, 6);
    await Promise.all(Array.from({ length: 1 + random.below(3) }, () => attempt(random.pick(mayBeSent))));
  }
  const { ops } = await nodes[0]!.read(seed, { after: 0, limit: 100 });
  return { seed, isChain, sent: all, stored: ops.map(({ payload }) => Number(payload)) };
}
