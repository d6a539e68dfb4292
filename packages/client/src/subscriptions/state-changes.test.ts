import type { ClientFrame, Publish } from '@longwave/protocol';
import { describe, expect, it } from 'vitest';
import { Harness, only } from '../testing/harness.js';

/** What `change` sends, besides what every publish has. */
function sent(change: (h: Harness) => Promise<unknown>): Partial<Publish> {
  const h = new Harness();
  h.accept();
  change(h).catch(() => {});
  const { type, id, seq, ...rest } = only(h.link.take()[0], 'publish');
  expect([type, seq, id > 0]).toEqual(['publish', 1, true]);
  return rest;
}

const ack = ({ id }: Publish, offset: number) =>
  ({ type: 'ack', id, epoch: 'e1', offset, durability: 'memory' }) as const;

describe('changes', () => {
  it('MAP-1 MAP-2: name the entry of a map and what is done to it', () => {
    expect(sent((h) => h.client.channel('a').put('x', { n: 1 }))).toEqual({ channel: 'a', key: 'x', data: { n: 1 } });
    expect(sent((h) => h.client.channel('a').patch('x', { n: null }))).toEqual({
      channel: 'a',
      key: 'x',
      kind: 'patch',
      data: { n: null },
    });
    expect(sent((h) => h.client.channel('a').delete('x'))).toMatchObject({ key: 'x', kind: 'delete' });
  });

  it('MAP-1 MAP-2: name none of a value', () => {
    expect(sent((h) => h.client.channel('a').set(5))).toEqual({ channel: 'a', data: 5 });
    expect(sent((h) => h.client.channel('a').patch({ n: 1 }))).toEqual({ channel: 'a', kind: 'patch', data: { n: 1 } });
    const cleared = sent((h) => h.client.channel('a').clear());
    expect(cleared).toMatchObject({ kind: 'delete' });
    expect(cleared).not.toHaveProperty('key');
  });

  it('MAP-3 MAP-4: take what is expected, how long it lasts, and an id', () => {
    const options = { expect: 0, ttl: '500ms', id: 'order-1' } as const;
    const extra = { expect: 0, ttlMs: 500, messageId: 'order-1' };
    expect(sent((h) => h.client.channel('a').put('x', 1, options))).toMatchObject(extra);
    expect(sent((h) => h.client.channel('a').patch('x', {}, options))).toMatchObject(extra);
    expect(sent((h) => h.client.channel('a').delete('x', options))).toMatchObject(extra);
    expect(sent((h) => h.client.channel('a').set(1, options))).toMatchObject(extra);
    expect(sent((h) => h.client.channel('a').patch({}, options))).toMatchObject(extra);
    expect(sent((h) => h.client.channel('a').clear(options))).toMatchObject(extra);
  });

  it('CLI-3: are sent again as they were after a reconnect, and resolve once they are stored', async () => {
    const h = new Harness();
    h.accept();
    const table = h.client.channel('a');
    const value = { n: 1 };
    const stored = table.put('x', value, { expect: 3, ttl: '500ms' });
    value.n = 2;
    h.link.drop();
    const [again] = h.reaccept() as [ClientFrame];
    const publish = only(again, 'publish');
    expect(publish).toMatchObject({ key: 'x', expect: 3, ttlMs: 500, data: { n: 1 }, retry: true });
    h.link.say({ ...ack(publish, 7), duplicate: true });
    await expect(stored).resolves.toEqual({
      position: { epoch: 'e1', offset: 7 },
      duplicate: true,
      durability: 'memory',
    });
  });

  it('MAP-3: a conflict is told, and not tried again', async () => {
    const h = new Harness();
    h.accept();
    const refused = h.client.channel('a').put('x', 1, { expect: 2 });
    const { id } = only(h.link.take()[0], 'publish');
    h.link.say({ type: 'error', id, code: 'conflict', message: 'It has version 3.' });
    await expect(refused).rejects.toMatchObject({ code: 'conflict' });
    expect(h.link.take()).toEqual([]);
    h.client.close();
    await expect(h.client.channel('a').put('x', 1)).rejects.toMatchObject({ code: 'closed' });
  });
});
