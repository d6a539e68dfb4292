import { createTestWorld } from 'longwave/testing';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { channels } from '../../shared/channels.js';
import { checkSeen, createInbox } from './inbox.js';

function open() {
  const inbox = createInbox({ server: () => world.server as never });
  const world = createTestWorld({
    channels: { '@me': channels['@me'], 'inbox-seen': channels['inbox-seen'] },
    calls: inbox.calls,
    authenticate: (token) => ({ user: token }),
    on: { publish: checkSeen },
  });
  onTestFinished(() => inbox.close());
  return world;
}

describe('the inbox', () => {
  it('tells of an event once, on all devices of its user and to nobody else', async () => {
    const world = open();
    const [desk, phone, bob] = ['ada', 'ada', 'bob'].map((token) => {
      const titles: string[] = [];
      const client = world.connect({ token });
      client.channel('@me').subscribe({ from: 'start' }, ({ title }) => titles.push(title));
      return { client, titles };
    });
    const event = { kind: 'score', event: 'goal-1', delayMs: 0 } as const;
    await desk!.client.call('inbox/notify', event);
    await phone!.client.call('inbox/notify', event);
    await world.settle();
    expect(desk!.titles).toEqual(['A goal in a match that you follow.']);
    expect(phone!.titles).toEqual(desk!.titles);
    expect(bob!.titles).toEqual([]);
  });

  it('tells of it later, when nobody is there', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const world = open();
    const before = world.connect({ token: 'ada' });
    await before.call('inbox/notify', { kind: 'text', event: 'a', delayMs: 3000 });
    before.close();
    await vi.advanceTimersByTimeAsync(3000);
    const page = await world.connect({ token: 'ada' }).channel('@me').history({ limit: 10 });
    expect(page.messages).toHaveLength(1);
  });

  it('is nobody’s without a name, and lets nobody mark the inbox of others as read', async () => {
    const world = open();
    const nobody = world.connect().call('inbox/notify', { kind: 'text', event: 'a', delayMs: 0 });
    await expect(nobody).rejects.toMatchObject({ code: 'forbidden' });
    const seen = world.connect({ token: 'ada' }).channel('inbox-seen');
    await seen.put('ada', { epoch: 'e', offset: 1 });
    await expect(seen.put('bob', { epoch: 'e', offset: 1 })).rejects.toMatchObject({ code: 'forbidden' });
  });
});
