import { describe, expect, it } from 'vitest';
import { Harness, connectedFrame, messageFrame, only, subscribedFrame, typesOf } from '../testing/harness.js';

const refusal = (code: 'unauthenticated') => ({ type: 'error', code, message: 'no' }) as const;

describe('tokens', () => {
  it('SES-6: renews the identity ahead of its expiry', async () => {
    let token = 0;
    const h = new Harness({ token: () => `token-${++token}` });
    h.accept({ expiresInMs: 60_000 });
    for (const expected of ['token-2', 'token-3']) {
      h.idle(29_999);
      expect(h.link.take()).toEqual([]);
      h.clock.advance(1);
      const refresh = only(h.link.take()[0], 'refresh');
      expect(refresh.token).toBe(expected);
      h.link.say({ type: 'done', id: refresh.id, expiresInMs: 60_000 });
      await Promise.resolve();
    }
  });

  it('SES-6: refresh() sends a fresh token and rejects with the code of a refusal', async () => {
    let token = 0;
    const h = new Harness({ token: () => `token-${++token}` });
    h.accept();
    const done = h.client.refresh();
    h.link.say({ type: 'done', id: only(h.link.take()[0], 'refresh').id });
    await done;
    const refused = h.client.refresh();
    const { id } = only(h.link.take()[0], 'refresh');
    h.link.say({ type: 'error', id, code: 'forbidden', message: 'another user' });
    await expect(refused).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('SES-6: where another connection takes over whose identity does not end, the end of the one before is forgotten', () => {
    const h = new Harness({ token: () => 'token' });
    h.accept({ expiresInMs: 60_000 });
    h.link.say({ type: 'goaway', retryAfterMs: 0 });
    h.clock.advance(0);
    h.link.open();
    h.link.say(connectedFrame());
    h.link.take();
    h.idle(120_000);
    expect(typesOf(h.link.take())).not.toContain('refresh');
    h.client.close();
  });

  it('CLI-11: an identity that is about to expire, or whose clock is wrong, costs a token in 5 s and no more', async () => {
    let asked = 0;
    const h = new Harness({ token: () => `token-${++asked}` });
    h.accept({ expiresInMs: 100 });
    for (let i = 0; i < 100; i++) {
      h.clock.advance(1_000);
      for (const frame of h.link.take()) {
        if (frame.type === 'refresh') h.link.say({ type: 'done', id: frame.id, expiresInMs: 0 });
      }
      h.link.say({ type: 'pong' });
      await Promise.resolve();
    }
    expect(asked).toBe(21);
  });

  it('CLI-11: connections that end as their identity expires are made later and later', () => {
    let asked = 0;
    const h = new Harness({ token: () => `token-${++asked}` });
    for (const end = h.clock.now() + 100_000; h.clock.now() < end;) {
      h.accept({ expiresInMs: 100 });
      h.clock.advance(100);
      h.link.drop({ code: 4401 });
      const { length } = h.transport.links;
      while (h.transport.links.length === length) h.clock.advance(50);
    }
    expect(asked).toBeLessThan(40);
  });

  it('CLI-11: a life beyond what a timer holds is not over at once', () => {
    let asked = 0;
    const h = new Harness({ token: () => `token-${++asked}` });
    h.accept({ expiresInMs: 90 * 86_400_000, heartbeatMs: 600_000 });
    h.clock.advance(60_000);
    expect(asked).toBe(1);
  });

  it('keeps trying to renew while the token cannot be had', async () => {
    let fails = false;
    const h = new Harness({
      token: () => {
        if (fails) throw new Error('offline');
        return 'token';
      },
    });
    h.accept({ expiresInMs: 20_000 });
    fails = true;
    h.clock.advance(10_000);
    await new Promise<void>((resolve) => resolve());
    await Promise.resolve();
    expect(h.diagnostics.map(({ kind }) => kind)).toContain('token');
    fails = false;
    h.clock.advance(4_000);
    h.link.say({ type: 'ping' });
    h.link.take();
    h.clock.advance(1_000);
    expect(typesOf(h.link.take())).toEqual(['refresh']);
  });

  it('CLI-9: after unauthenticated, reconnect() goes on with another token: subscriptions and outbox as well', async () => {
    let token = 'old';
    const h = new Harness({ token: () => token });
    const room = h.client.channel('a');
    const seen: unknown[] = [];
    const ended: unknown[] = [];
    room.subscribe({ onEnd: (error) => ended.push(error) }, (data) => seen.push(data));
    const stored = room.publish('before');
    h.link.open();
    h.link.say(refusal('unauthenticated'));
    h.clock.advance(250);
    expect(h.client.state).toMatchObject({ status: 'closed', error: { code: 'unauthenticated' } });
    // Nothing is tried by itself, not even when the host wakes.
    h.environment.wake('online');
    h.environment.wake('visible');
    h.clock.advance(3_600_000);
    expect([h.transport.links.length, h.clock.timers]).toEqual([1, 0]);
    const later = room.publish('after');
    token = 'new';
    h.client.reconnect();
    const [subscribe, first, second] = h.accept({ user: 'ada' });
    expect([first, second]).toMatchObject([{ data: 'before' }, { data: 'after' }]);
    h.link.say(subscribedFrame(subscribe, 4), messageFrame('a', 5));
    for (const { id } of [only(first, 'publish'), only(second, 'publish')]) {
      h.link.say({ type: 'ack', id, epoch: 'e1', offset: id, durability: 'memory' });
    }
    await Promise.all([stored, later]);
    expect([h.client.state.status, seen, ended]).toEqual(['connected', [5], []]);
    h.client.close();
    expect(() => h.client.reconnect()).toThrow(expect.objectContaining({ code: 'closed' }));
  });

  it('CLI-9: without a token, a client whose cookie is refused or expires goes on by reconnect(), after a login', async () => {
    const h = new Harness();
    const stored = h.client.channel('a').publish('before');
    h.link.open();
    h.link.say({ ...refusal('unauthenticated'), message: 'There is no cookie of a session.' });
    const error = { code: 'unauthenticated', message: 'There is no cookie of a session.' };
    expect(h.client.state).toMatchObject({ status: 'closed', error });
    h.clock.advance(600_000);
    expect(h.transport.links).toHaveLength(1);
    h.client.reconnect();
    const { id, data } = only(h.accept()[0], 'publish');
    expect(data).toBe('before');
    h.link.say({ type: 'ack', id, epoch: 'e1', offset: 1, durability: 'memory' });
    await stored;
    h.link.drop({ code: 4401, reason: 'The session is over.' });
    expect(h.client.state).toMatchObject({ status: 'closed', error: { message: 'The session is over.' } });
    h.client.reconnect();
    h.accept();
    expect(h.client.state.status).toBe('connected');
  });

  it('CLI-9: the same refused token again asks nothing of the server', () => {
    const h = new Harness({ token: () => 'old' });
    h.link.open();
    h.link.say({ ...refusal('unauthenticated'), message: 'The token is for another audience.' });
    h.clock.advance(250);
    h.client.reconnect();
    expect([h.client.state.status, h.transport.links.length]).toEqual(['closed', 1]);
    // The server's word on it: ours would hide the reason.
    expect(h.client.state).toMatchObject({ error: { message: 'The token is for another audience.' } });
  });
});
