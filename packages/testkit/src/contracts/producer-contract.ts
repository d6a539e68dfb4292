import { LongwaveError } from '@longwave/protocol';
import { type Appended, type Keep, MemoryStore, type NewOperation, type Store } from '@longwave/core';
import { describe, expect, it } from 'vitest';
import { Random } from '../random.js';
import { type StoreFixture, useStore, wideBounds } from './store-fixture.js';

const wide: Keep = { count: 1e6, bytes: 1e9, ageMs: 86_400_000 };
const roomy: Keep = { ...wideBounds, keys: 1e6, bytes: 1e9 };

const maxProducers = 100;
/** So few that a short run meets every case. */
const veryFew = 6;

/** A store that remembers so many producers for each channel. */
type Open = (maxProducers: number) => StoreFixture | Promise<StoreFixture>;

interface Sent {
  readonly after?: number;
  readonly retry?: boolean;
}

/** PUB-11: what is remembered of one user's clients is never forgotten for another's. */
export function producerContract(name: string, open: Open): void {
  describe(`${name} of many producers`, () => {
    for (const [kind, keep] of [['a log', wide] as const, ['state', roomy] as const]) {
      describe(`in ${kind}`, () => {
        suite(() => open(maxProducers), keep);
      });
    }
    describe('of which few are remembered', () => {
      sameAsMemory(() => open(veryFew));
    });
  });
}

function suite(open: () => StoreFixture | Promise<StoreFixture>, keep: Keep): void {
  const scene = useStore(open);
  const tooOld = { code: 'too-old' };

  async function publish(user: string | undefined, id: string, seq: number, sent: Sent = {}): Promise<Appended> {
    const { after, retry } = sent;
    const producer = { id: `${user ?? ''}/${id}`, seq, after };
    const entry = 'keys' in keep ? { key: `${producer.id} ${seq}` } : {};
    const store = retry ? scene.other : scene.store;
    return store.append('a', { payload: `${seq}`, user, producer, retry, ...entry }, keep);
  }

  /** Publishes by ever new clients, with the highest sequences that there are. */
  async function flood(user: string | undefined, clients = 400): Promise<void> {
    const all = Array.from({ length: clients }, (_, i) => publish(user, `c${i}`, Number.MAX_SAFE_INTEGER - i));
    await Promise.all(all);
  }

  const retry = { retry: true };

  for (const [who, user] of [['a user', 'mallory'] as const, ['anonymous clients', undefined] as const]) {
    it(`PUB-11, PUB-12: ${who} with ever new clients and huge sequences makes nobody else's publish too old`, async () => {
      const first = await publish('ada', '1', 1);
      await publish('bob', '1', 9);
      if (user !== undefined) await publish(undefined, 'anonymous', 3);
      await flood(user);
      expect(await publish('ada', '1', 1, retry)).toMatchObject({ offset: first.offset, duplicate: true });
      expect(await publish('ada', '1', 2, { after: 1, retry: true })).toMatchObject({ duplicate: false });
      expect(await publish('ada', '1', 3, { after: 2 })).toMatchObject({ duplicate: false });
      // A client that they did not have before, and a user that nobody knew.
      expect(await publish('ada', '2', 1, retry)).toMatchObject({ duplicate: false });
      expect(await publish('carol', '1', 1, retry)).toMatchObject({ duplicate: false });
      expect(await publish('bob', '1', 9, retry)).toMatchObject({ duplicate: true });
      if (user !== undefined)
        expect(await publish(undefined, 'anonymous', 3, retry)).toMatchObject({ duplicate: true });
      // Their own are, those that are not remembered.
      await expect(publish(user, 'c0', Number.MAX_SAFE_INTEGER, retry)).rejects.toMatchObject(tooOld);
      await expect(publish(user, 'another', 1, retry)).rejects.toMatchObject(tooOld);
    });
  }

  it('PUB-11: clients that the same name tells apart only by their user are two', async () => {
    const append = async (user: string | undefined, again = false): Promise<Appended> =>
      scene.store.append(
        'a',
        { payload: '1', user, key: `${user}`, producer: { id: 'same', seq: 1 }, retry: again },
        keep,
      );
    for (const user of ['ada', 'bob', '', undefined]) expect(await append(user)).toMatchObject({ duplicate: false });
    for (const [i, user] of ['ada', 'bob', '', undefined].entries()) {
      expect(await append(user, true)).toMatchObject({ offset: i + 1, duplicate: true });
    }
  });

  it('PUB-11: half of all are remembered of one user, those that published last', async () => {
    const own = Array.from({ length: maxProducers / 2 + 1 }, (_, i) => `c${i}`);
    for (const id of own.slice(0, -1)) await publish('ada', id, 7);
    await publish('ada', 'c0', 8);
    await publish('ada', own.at(-1)!, 7);
    await expect(publish('ada', 'c1', 7, retry)).rejects.toMatchObject(tooOld);
    for (const id of ['c0', 'c2', own.at(-1)!])
      expect(await publish('ada', id, 7, retry)).toMatchObject({ duplicate: true });
  });

  it('PUB-11: when all are taken anonymous clients give way, then the user who has most', async () => {
    await publish(undefined, 'anonymous', 5);
    await publish('ada', '1', 1);
    for (let i = 0; i < maxProducers / 2; i++) await publish('mallory', `c${i}`, 1000);
    for (let i = 0; i < maxProducers / 2 - 1; i++) await publish(`u${i}`, '1', 1000);
    await expect(publish(undefined, 'anonymous', 5, retry)).rejects.toMatchObject(tooOld);
    expect(await publish('mallory', 'c0', 1000, retry)).toMatchObject({ duplicate: true });
    // An anonymous one takes nobody's place.
    await publish(undefined, 'late', 5);
    await expect(publish(undefined, 'late', 5, retry)).rejects.toMatchObject(tooOld);
    expect(await publish('mallory', 'c0', 1000, retry)).toMatchObject({ duplicate: true });
    await publish('newcomer', '1', 1);
    await expect(publish('mallory', 'c0', 1000, retry)).rejects.toMatchObject(tooOld);
    for (const [user, seq] of [['ada', 1] as const, ['u0', 1000] as const, ['newcomer', 1] as const]) {
      expect(await publish(user, '1', seq, retry)).toMatchObject({ duplicate: true });
    }
    expect(await publish('ada', '2', 1, retry)).toMatchObject({ duplicate: false });
  });

  it('PUB-11, PUB-12: of more users than can be remembered the idle ones are forgotten, which concerns nobody who is remembered', async () => {
    await publish('ada', '1', 1);
    await publish('idle', '1', 50);
    for (let i = 0; i < maxProducers + 5; i++) {
      await publish(`u${i}`, '1', 100);
      await publish('ada', '1', i + 2);
    }
    expect(await publish('ada', '1', 2, retry)).toMatchObject({ duplicate: true });
    expect(await publish('ada', '2', 1, retry)).toMatchObject({ duplicate: false });
    await expect(publish('idle', '1', 50, retry)).rejects.toMatchObject(tooOld);
    await expect(publish('stranger', '1', 1, retry)).rejects.toMatchObject(tooOld);
    // Above all that was forgotten it can be told, and what is no retry is new anyway.
    expect(await publish('stranger', '1', 101, retry)).toMatchObject({ duplicate: false });
    expect(await publish('another', '1', 1)).toMatchObject({ duplicate: false });
  });
}

/** The decision is one, and some stores have it in their own words. */
function sameAsMemory(open: () => StoreFixture | Promise<StoreFixture>): void {
  const scene = useStore(open);

  it('PUB-11: forgets whom the store in memory forgets', async () => {
    const memory = new MemoryStore({ clock: { now: () => 1 }, makeId: () => 'epoch', maxProducers: veryFew });
    const random = new Random('producers');
    for (let step = 0; step < 1500; step++) {
      // Often three users, so that they have several producers each.
      const users = random.chance(0.7) ? ['a', 'b', 'c'] : ['a', 'b', 'c', 'd', 'e', 'f', 'g', null, null];
      const sequence = (): number => (random.chance(0.03) ? Number.MAX_SAFE_INTEGER : 30) - random.below(30);
      const [seq, after] = [sequence(), random.chance(0.2) ? sequence() : undefined];
      const producer = { id: random.pick(['p', 'q', 'r', 's']), seq, after };
      const operation: NewOperation = {
        payload: '1',
        user: random.pick(users) ?? undefined,
        producer,
        retry: random.chance(0.6),
      };
      // Each channel is filled for a while.
      const channel = `c${Math.floor(step / 150)}`;
      const expected = await outcomeOf(memory, channel, operation);
      expect([step, await outcomeOf(scene.store, channel, operation)]).toEqual([step, expected]);
    }
  });
}

async function outcomeOf(store: Store, channel: string, operation: NewOperation): Promise<unknown> {
  try {
    const { offset, duplicate } = await store.append(channel, operation, wide);
    return { offset, duplicate };
  } catch (error) {
    if (error instanceof LongwaveError) return error.code;
    throw error;
  }
}
