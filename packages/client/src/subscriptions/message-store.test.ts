import { describe, expect, it } from 'vitest';
import { Harness, messageFrame, subscribedFrame } from '../testing/harness.js';
import { messageStore } from './message-store.js';

function live(options?: Parameters<typeof messageStore>[1]) {
  const h = new Harness();
  const store = messageStore(h.client.channel('a'), options);
  const shown: unknown[][] = [];
  const stop = store.subscribe(() => shown.push(store.getSnapshot().map(({ data }) => data)));
  const [subscribe] = h.accept();
  h.link.say(subscribedFrame(subscribe, 0));
  return { h, store, shown, stop, subscribe };
}

describe('messageStore', () => {
  it('begins where a subscription does: now, or where it is told to', () => {
    expect(live().subscribe).not.toHaveProperty('last');
    expect(live({ from: { last: 50 } }).subscribe).toMatchObject({ last: 50 });
    expect(live({ from: { epoch: 'e1', offset: 0 } }).subscribe).toMatchObject({ epoch: 'e1', offset: 0 });
  });

  it('shows together what came together, as one snapshot until more comes', async () => {
    const { h, store, shown } = live();
    h.link.say(messageFrame('a', 1, 3));
    expect(store.getSnapshot()).toEqual([]);
    await Promise.resolve();
    expect(shown).toEqual([[1, 2, 3]]);
    expect(store.getSnapshot()).toBe(store.getSnapshot());
    expect(store.getSnapshot()[0]?.meta).toMatchObject({ channel: 'a', offset: 1 });
    h.link.say(messageFrame('a', 4));
    await Promise.resolve();
    expect(shown).toEqual([
      [1, 2, 3],
      [1, 2, 3, 4],
    ]);
  });

  it('keeps the newest', async () => {
    const { h, shown } = live({ keep: 2 });
    h.link.say(messageFrame('a', 1, 5));
    await Promise.resolve();
    h.link.say(messageFrame('a', 6));
    await Promise.resolve();
    expect(shown).toEqual([
      [4, 5],
      [5, 6],
    ]);
  });

  it('SUB-4: begins anew after a reset: nothing from before it is shown behind it', async () => {
    const { h, store, shown } = live();
    h.link.say(messageFrame('a', 1));
    await Promise.resolve();
    h.link.say(
      messageFrame('a', 2),
      { type: 'reset', channel: 'a', reason: 'trimmed', epoch: 'e1', offset: 90 },
      messageFrame('a', 91),
    );
    await Promise.resolve();
    expect(shown).toEqual([[1], [], [91]]);
    expect(store.getSnapshot()[0]?.meta.reset).toMatchObject({ reason: 'trimmed' });
  });

  it('tells where its subscription stands, and what ends it', () => {
    const told: unknown[] = [];
    const { h } = live({
      onSubscribed: ({ recovering }) => told.push(recovering),
      onEnd: ({ code }) => told.push(code),
    });
    expect(told).toEqual([0]);
    h.client.close();
    expect(told).toEqual([0, 'closed']);
  });

  it('tells no more to who stopped, and nothing at all once closed', async () => {
    const { h, store, shown, stop } = live();
    stop();
    h.link.say(messageFrame('a', 1));
    await Promise.resolve();
    expect([shown, store.getSnapshot().length]).toEqual([[], 1]);
    store.unsubscribe();
    h.link.say(messageFrame('a', 2));
    await Promise.resolve();
    expect(store.getSnapshot().length).toBe(1);
    expect(h.link.take()).toMatchObject([{ type: 'unsubscribe' }]);
  });
});
