import { describe, expect, it } from 'vitest';
import { messageStore } from './index.js';
import { Harness, messageFrame, subscribedFrame } from './testing/harness.js';

describe('messageStore', () => {
  it('keeps the last messages, shows those of one frame together, and begins anew after a reset', async () => {
    const { client, accept, link } = bound();
    const store = messageStore(client.channel('chat/a'), { from: { last: 3 }, keep: 3 });
    let calls = 0;
    const stop = store.subscribe(() => calls++);
    expect(store.getSnapshot()).toEqual([]);
    link().say(subscribedFrame(accept()[0], 0));
    link().say(messageFrame('chat/a', 1, 4));
    await Promise.resolve();
    expect(store.getSnapshot().map(({ data }) => data)).toEqual([2, 3, 4]);
    expect(store.getSnapshot()).toBe(store.getSnapshot());
    expect(calls).toBe(1);
    link().say({ type: 'reset', channel: 'chat/a', reason: 'trimmed', epoch: 'e1', offset: 9 });
    expect(store.getSnapshot()).toEqual([]);
    link().say(messageFrame('chat/a', 10));
    await Promise.resolve();
    expect(store.getSnapshot()).toMatchObject([{ data: 10, meta: { reset: { reason: 'trimmed' } } }]);
    stop();
    store.close();
    expect(link().take()).toMatchObject([{ type: 'unsubscribe' }]);
    expect(calls).toBe(3);
  });
});

function bound() {
  const harness = new Harness();
  return { client: harness.client, accept: () => harness.accept(), link: () => harness.link };
}
