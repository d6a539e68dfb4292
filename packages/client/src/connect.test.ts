import { describe, expect, it } from 'vitest';
import { Harness, messageFrame, only, subscribedFrame, typesOf } from './testing/harness.js';

describe('connect', () => {
  it('SES-1 SES-2: sends connect first, with subscriptions and publishes behind it in the same message', () => {
    const h = new Harness({ token: 'secret' });
    h.client.channel('chat/a').subscribe(() => {});
    h.client
      .channel('chat/a')
      .publish('hello')
      .catch(() => {});
    h.link.open();
    expect(h.link.messages).toHaveLength(1);
    const frames = h.link.take();
    expect(typesOf(frames)).toEqual(['connect', 'subscribe', 'publish']);
    expect(frames[0]).toEqual({ type: 'connect', version: 1, client: 'client-1', token: 'secret', turn: 1 });
    h.client.close();
  });

  it('subscribes, publishes, and resumes from its position', async () => {
    const h = new Harness();
    const seen: unknown[] = [];
    const subscription = h.client.channel('chat/a').subscribe((data) => seen.push(data));
    const [subscribe] = h.accept();
    h.link.say(subscribedFrame(subscribe, 4));
    await expect(subscription.ready).resolves.toEqual({ epoch: 'e1', offset: 4 });
    const published = h.client.channel('chat/a').publish({ text: 'hi' });
    const publish = only(h.link.take()[0], 'publish');
    expect(publish).toMatchObject({ channel: 'chat/a', seq: 1, data: { text: 'hi' } });
    h.link.say(messageFrame('chat/a', 5, 6), {
      type: 'ack',
      id: publish.id,
      epoch: 'e1',
      offset: 5,
      durability: 'memory',
    });
    await expect(published).resolves.toEqual({
      position: { epoch: 'e1', offset: 5 },
      duplicate: false,
      durability: 'memory',
    });
    h.link.drop();
    const [resume] = h.reaccept();
    expect(resume).toMatchObject({ type: 'subscribe', channel: 'chat/a', epoch: 'e1', offset: 6 });
    h.link.say(subscribedFrame(resume, 6, { top: 8 }), messageFrame('chat/a', 7, 8));
    expect(seen).toEqual([5, 6, 7, 8]);
    expect(subscription.position).toEqual({ epoch: 'e1', offset: 8 });
    h.client.close();
    expect(h.clock.timers).toBe(0);
  });
});
