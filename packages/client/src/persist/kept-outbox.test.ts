import type { Publish } from '@longwave/protocol';
import { describe, expect, it } from 'vitest';
import { Harness, only } from '../testing/harness.js';
import { type KeptOutboxOptions, openOutbox } from './kept-outbox.js';
import type { KeptPublish, OutboxLocks, OutboxStorage } from './outbox-storage.js';

/** Every page is gone as soon as another one asks. */
const locks: OutboxLocks = { request: (_, __, hold) => hold() };

/** Storage in memory that outlives an outbox, and that fails where it is told to. */
class FakeStorage implements OutboxStorage {
  readonly records = new Map<number, KeptPublish>();
  fails: readonly (keyof OutboxStorage)[] = [];
  closed = false;
  #next = 1;

  add(publish: KeptPublish): Promise<number> {
    return this.#do('add', () => {
      this.records.set(this.#next, publish);
      return this.#next++;
    });
  }

  remove(key: number): Promise<void> {
    return this.#do('remove', () => void this.records.delete(key));
  }

  list(): ReturnType<OutboxStorage['list']> {
    return this.#do('list', () => [...this.records].map(([key, record]) => ({ ...record, key })));
  }

  close(): void {
    this.closed = true;
  }

  async #do<T>(name: keyof OutboxStorage, act: () => T): Promise<T> {
    if (this.fails.includes(name)) throw new Error(`${name} fails`);
    return act();
  }
}

/** Lets everything run that waits for nothing but promises. */
async function settle(): Promise<void> {
  for (let i = 0; i < 100; i++) await Promise.resolve();
}

function openPage(storage: FakeStorage, options: Partial<KeptOutboxOptions> = {}) {
  const h = new Harness();
  h.accept();
  const errors: unknown[] = [];
  const outbox = openOutbox(h.client, {
    ...{ name: 'test', storage, locks, reportError: (error: unknown) => errors.push(String(error)) },
    ...options,
  });
  const taken = (): Publish[] => h.link.take().map((frame) => only(frame, 'publish'));
  const ack = ({ id }: Publish, offset: number): void =>
    h.link.say({ type: 'ack', id, epoch: 'e1', offset, durability: 'memory' });
  return { h, outbox, errors, taken, ack, room: h.client.channel('a') };
}

describe('an outbox whose storage fails', () => {
  it('CLI-19: sends what it cannot keep, and says that it was not kept', async () => {
    const storage = new FakeStorage();
    storage.fails = ['list', 'add'];
    const { outbox, errors, taken, ack, room } = openPage(storage);
    const published = outbox.publish(room, 'hi');
    await settle();
    const [publish] = taken();
    ack(publish!, 1);
    await expect(published).resolves.toMatchObject({ position: { offset: 1 } });
    expect(errors).toEqual(['Error: list fails', 'Error: add fails']);
    expect(outbox.getSnapshot()).toEqual([]);
  });

  it('CLI-19: does not fail the publish when what is acknowledged cannot be removed', async () => {
    const storage = new FakeStorage();
    storage.fails = ['remove'];
    const { outbox, errors, taken, ack, room } = openPage(storage);
    const published = outbox.publish(room, 'hi');
    await settle();
    ack(taken()[0]!, 1);
    await expect(published).resolves.toMatchObject({ position: { offset: 1 } });
    expect(errors).toEqual(['Error: remove fails']);
  });

  it('CLI-19: sends all the same where the host refuses the lock', async () => {
    const storage = new FakeStorage();
    const refuses: OutboxLocks = { request: () => Promise.reject(new Error('no locks')) };
    const { outbox, errors, taken, room } = openPage(storage, { locks: refuses });
    void outbox.publish(room, 'hi');
    await settle();
    expect(taken()).toMatchObject([{ data: 'hi' }]);
    // Another page would take it for one of a page that is gone.
    expect([storage.records.size, errors]).toEqual([0, ['Error: no locks']]);
  });
});

describe('what is refused', () => {
  it('CLI-19: is dropped, and its promise says why', async () => {
    const storage = new FakeStorage();
    const { h, outbox, taken, room } = openPage(storage);
    const published = outbox.publish(room, 'hi', { id: 'x' });
    await settle();
    const [{ id, messageId } = { id: 0, messageId: '' }] = taken();
    expect([messageId, storage.records.size]).toEqual(['x', 1]);
    h.link.say({ type: 'error', id, code: 'forbidden', message: 'no' });
    await expect(published).rejects.toMatchObject({ code: 'forbidden' });
    expect([storage.records.size, outbox.getSnapshot()]).toEqual([0, []]);
  });

  it('CLI-19: of an earlier page is told to onRefused', async () => {
    const storage = new FakeStorage();
    const before = openPage(storage);
    before.outbox.publish(before.room, 'hi', { id: 'x' }).catch(() => undefined);
    await settle();
    const refused: unknown[] = [];
    const { h, outbox, taken } = openPage(storage, {
      onRefused: ({ id, channel, data, restored }, error) => refused.push([id, channel, data, restored, String(error)]),
    });
    await settle();
    expect(outbox.getSnapshot()).toMatchObject([{ id: 'x', channel: 'a', data: 'hi', restored: true }]);
    h.link.say({ type: 'error', id: taken()[0]!.id, code: 'invalid-data', message: 'no' });
    await settle();
    expect(refused).toEqual([['x', 'a', 'hi', true, 'LongwaveError: no']]);
    expect([storage.records.size, outbox.getSnapshot()]).toEqual([0, []]);
  });

  it('CLI-19: only because the client closed is kept', async () => {
    const storage = new FakeStorage();
    const { h, outbox, room } = openPage(storage);
    const published = outbox.publish(room, 'hi');
    await settle();
    h.client.close();
    await expect(published).rejects.toMatchObject({ code: 'closed' });
    expect(storage.records.size).toBe(1);
    outbox.close();
    await settle();
    expect(storage.closed).toBe(true);
    await expect(outbox.publish(room, 'more')).rejects.toMatchObject({ code: 'closed' });
  });
});

it('CLI-19: what is discarded is gone, also before it is kept', async () => {
  const storage = new FakeStorage();
  const { h, outbox, taken, room } = openPage(storage);
  h.link.drop();
  const results = [outbox.publish(room, 1, { id: 'x' }), outbox.publish(room, 2, { id: 'y' })];
  outbox.discard('x');
  await settle();
  outbox.discard('y');
  for (const result of results) await expect(result).rejects.toMatchObject({ name: 'AbortError' });
  await settle();
  expect([storage.records.size, outbox.getSnapshot()]).toEqual([0, []]);
  h.reaccept();
  expect(taken()).toEqual([]);
});

it('is an external store: one snapshot until something changes', async () => {
  const { outbox, taken, ack, room } = openPage(new FakeStorage());
  const shown: unknown[] = [];
  const stop = outbox.subscribe(() => shown.push(outbox.getSnapshot().map(({ data }) => data)));
  const published = outbox.publish(room, 'hi');
  expect(outbox.getSnapshot()).toBe(outbox.getSnapshot());
  await settle();
  ack(taken()[0]!, 1);
  await published;
  stop();
  void outbox.publish(room, 'more');
  expect(shown).toEqual([['hi'], []]);
});

it.each<[message: string, act: () => unknown]>([
  ['options is null', () => openOutbox(new Harness().client, null as never)],
  ['name is undefined', () => openOutbox(new Harness().client, {} as never)],
  ['onRefused is 5', () => openOutbox(new Harness().client, { name: 'a', onRefused: 5 as never })],
  ['storage is object', () => openOutbox(new Harness().client, { name: 'a', storage: {} as never })],
  ['id is ""', () => openPage(new FakeStorage()).outbox.publish(new Harness().client.channel('a'), 1, { id: '' })],
  ['data', () => openPage(new FakeStorage()).outbox.publish(new Harness().client.channel('a'), () => 1)],
])('CLI-10: %s', (message, act) => {
  expect(act).toThrow(TypeError);
  expect(act).toThrow(message);
});
