import { describe, expect, it } from 'vitest';
import { Harness, messageFrame, subscribedFrame } from '../testing/harness.js';

describe('closing', () => {
  it('CLI-6: close() in every state leaves no timer, no listener and no link', () => {
    const stages: ((h: Harness) => void)[] = [
      () => {},
      (h) => h.link.open(),
      (h) => h.accept(),
      (h) => h.link.drop(),
      (h) => {
        h.accept({ expiresInMs: 60_000 });
        h.environment.wake('visible');
      },
    ];
    for (const reach of stages) {
      const h = new Harness({ token: () => 'token' });
      reach(h);
      const states: string[] = [];
      h.client.onState(({ status }) => states.push(status));
      h.client.close();
      h.client.close();
      expect(states).toEqual(['closed']);
      expect(h.client.state).toEqual({ status: 'closed', error: undefined });
      expect(h.clock.timers).toBe(0);
      expect(h.environment.listeners.size).toBe(0);
      expect(h.link.ended).toBe(true);
    }
  });

  it('CLI-6: everything unsettled rejects with closed, iterations end, and later use throws', async () => {
    const h = new Harness();
    const room = h.client.channel('chat/a');
    const iterator = room[Symbol.asyncIterator]();
    const subscription = room.subscribe({ onEnd: (error) => ended.push(error.code) }, () => {});
    const ended: string[] = [];
    h.accept();
    const waiting = [room.publish(1), h.client.call('add', 1), room.history(), subscription.ready, h.client.refresh()];
    const next = iterator.next();
    h.client.close();
    for (const result of await Promise.allSettled(waiting)) {
      expect(result).toMatchObject({ status: 'rejected' });
    }
    await expect(waiting[0]).rejects.toMatchObject({ code: 'closed' });
    await expect(next).resolves.toEqual({ value: undefined, done: true });
    expect(ended).toEqual(['closed']);
    expect(h.clock.timers).toBe(0);
    expect(() => room.subscribe(() => {})).toThrow(expect.objectContaining({ code: 'closed' }));
    // A promise tells of it where there is one anyway: `catch` hears of all that comes later.
    for (const use of [room.publish(1), h.client.call('x', 1), room.history(), h.client.refresh(), room.put('k', 1)])
      await expect(use).rejects.toMatchObject({ code: 'closed' });
  });

  it('can be closed from inside a handler and from a state listener', () => {
    const h = new Harness();
    const seen: unknown[] = [];
    h.client.channel('a').subscribe((data) => {
      seen.push(data);
      h.client.close();
    });
    const [subscribe] = h.accept();
    h.link.say(subscribedFrame(subscribe, 0), messageFrame('a', 1, 3), messageFrame('a', 4));
    expect(seen).toEqual([1]);
    const other = new Harness();
    other.client.onState(() => other.client.close());
    other.accept();
    expect(other.client.state.status).toBe('closed');
    expect(other.clock.timers).toBe(0);
  });
});
