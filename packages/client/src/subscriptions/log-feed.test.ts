import type { ResetReason } from '@longwave/protocol';
import { describe, expect, it } from 'vitest';
import { Harness, messageFrame, only, subscribedFrame, typesOf } from '../testing/harness.js';
import { live, position, record } from '../testing/recorder.js';

describe('subscribing', () => {
  it('SUB-1: asks from now, for the last n, after a position, or for all that is kept', () => {
    const h = new Harness();
    record(h, 'now', 'a');
    record(h, { last: 50 }, 'b');
    record(h, position(7), 'c');
    record(h, 'start', 'd');
    expect(h.accept()).toMatchObject([
      { type: 'subscribe', channel: 'a' },
      { type: 'subscribe', channel: 'b', last: 50 },
      { type: 'subscribe', channel: 'c', epoch: 'e1', offset: 7 },
      // The last n of all that there can be.
      { type: 'subscribe', channel: 'd', last: Number.MAX_SAFE_INTEGER },
    ]);
  });

  it('SUB-2: having received nothing it resumes from the position of `subscribed`', () => {
    const { h } = live('now', 12);
    h.link.drop();
    expect(h.reaccept()).toMatchObject([{ type: 'subscribe', epoch: 'e1', offset: 12 }]);
  });

  it('asks again as at first when the connection drops before `subscribed`', () => {
    const h = new Harness();
    record(h, { last: 5 });
    h.accept();
    h.link.drop();
    const [again] = h.reaccept();
    expect(again).toMatchObject({ last: 5 });
    expect(again).not.toHaveProperty('epoch');
  });

  it('tells the position, what is being recovered, and marks it so', () => {
    const h = new Harness();
    const { log, metas, subscription } = record(h, { last: 3 });
    expect(subscription.state).toBe('pending');
    const [subscribe] = h.accept();
    h.link.say(subscribedFrame(subscribe, 7, { top: 10 }), messageFrame('a', 8, 10), messageFrame('a', 11));
    expect(log).toEqual(['at 7 +3', 8, 9, 10, 11]);
    expect(metas.map(({ recovered }) => recovered)).toEqual([true, true, true, false]);
    expect(metas[0]).toEqual({
      channel: 'a',
      epoch: 'e1',
      offset: 8,
      time: 1_008,
      id: undefined,
      user: undefined,
      mine: false,
      redacted: false,
      recovered: true,
      reset: undefined,
    });
    expect(subscription.state).toBe('live');
    expect(subscription.position).toEqual(position(11));
  });

  it.each(['forbidden', 'unknown-channel'] as const)('refused with %s it ends', async (code) => {
    const h = new Harness();
    const { log, subscription } = record(h);
    const { id } = only(h.accept()[0], 'subscribe');
    h.link.say({ type: 'error', id, code, message: 'no' });
    expect(log).toEqual([`end ${code}`]);
    expect(subscription.state).toBe('ended');
    await expect(subscription.ready).rejects.toMatchObject({ code });
    expect(h.link.take()).toEqual([]);
    record(h);
    expect(typesOf(h.link.take())).toEqual(['subscribe']);
  });

  it('refused for now it asks again on the same connection', () => {
    const h = new Harness();
    record(h);
    const { id } = only(h.accept()[0], 'subscribe');
    h.link.say({ type: 'error', id, code: 'unavailable', message: 'later', retryAfterMs: 2_000 });
    h.clock.advance(1_999);
    expect(h.link.take()).toEqual([]);
    h.clock.advance(1);
    const [again] = h.link.take();
    h.link.say({ type: 'error', id: only(again, 'subscribe').id, code: 'internal', message: 'later' });
    h.clock.advance(500);
    expect(typesOf(h.link.take())).toEqual(['subscribe']);
    expect(h.transport.links).toHaveLength(1);
  });
});

describe('continuity', () => {
  it('MSG-1 CLI-4: drops what it has already seen', () => {
    const { h, log } = live();
    h.link.say(messageFrame('a', 1, 3), messageFrame('a', 2, 4), messageFrame('a', 4), messageFrame('a', 1, 5));
    expect(log).toEqual([1, 2, 3, 4, 5]);
  });

  it('MSG-1 CLI-4: on a gap it subscribes again from its position, once, and ignores what comes before the answer', () => {
    const { h, log } = live();
    h.link.say(messageFrame('a', 1), messageFrame('a', 3), messageFrame('a', 4));
    const again = h.link.take();
    expect(again).toMatchObject([{ type: 'subscribe', epoch: 'e1', offset: 1 }]);
    h.link.say(messageFrame('a', 2), subscribedFrame(again[0], 1, { top: 4 }), messageFrame('a', 2, 4));
    expect(log).toEqual([1, 'at 1 +3', 2, 3, 4]);
    expect(h.diagnostics.map(({ kind, channel }) => [kind, channel])).toEqual([['gap', 'a']]);
  });

  it('MSG-1: a foreign epoch is a gap', () => {
    const { h, log } = live();
    h.link.say(messageFrame('a', 1, 1, 'e2'));
    expect(h.link.take()).toMatchObject([{ type: 'subscribe', epoch: 'e1', offset: 0 }]);
    expect(log).toEqual([]);
  });

  it('a server that leaves a gap every time is asked less and less often', () => {
    const { h } = live();
    h.link.say(messageFrame('a', 5));
    for (const delayMs of [0, 250, 500, 1_000]) {
      if (delayMs > 0) {
        h.clock.advance(delayMs - 1);
        expect(h.link.take()).toEqual([]);
        h.clock.advance(1);
      }
      const [again] = h.link.take();
      h.link.say(subscribedFrame(again, 0, { top: 5 }), messageFrame('a', 5));
    }
  });

  it('HB-3 CLI-4: a top beyond the position means that the last operation was lost', () => {
    const { h } = live('now', 4);
    h.link.say({ type: 'top', channel: 'a', epoch: 'e1', offset: 4 });
    expect(h.link.take()).toEqual([]);
    h.link.say({ type: 'top', channel: 'a', epoch: 'e1', offset: 5 });
    expect(h.link.take()).toMatchObject([{ type: 'subscribe', offset: 4 }]);
  });

  it.each(['trimmed', 'epoch-changed', 'truncated'] as const)(
    'SUB-4: %s on resume is told once, before anything later',
    (reason) => {
      const { h, log, resets, metas } = live('now', 4);
      h.link.drop();
      const [resume] = h.reaccept();
      h.link.say(subscribedFrame(resume, 8, { epoch: 'e2', reset: reason, top: 9 }), messageFrame('a', 9, 10, 'e2'));
      expect(log).toEqual([`${reason} 8`, `at 8 +1 ${reason}`, 9, 10]);
      expect(resets).toEqual([{ reason, position: position(8, 'e2'), previous: position(4) }]);
      expect(metas.map(({ reset }) => reset?.reason)).toEqual([reason, undefined]);
    },
  );

  it('SUB-4: a reset on a running subscription', () => {
    const { h, log, subscription } = live('now', 4);
    h.link.say({ type: 'reset', channel: 'a', reason: 'trimmed', epoch: 'e1', offset: 90 }, messageFrame('a', 91));
    expect(log).toEqual(['trimmed 90', 91]);
    expect(subscription.position).toEqual(position(91));
  });

  it('SUB-4: keeps asking with `last`, so that a reset stands before the last n', () => {
    const h = new Harness();
    record(h, { last: 20 });
    const [subscribe] = h.accept();
    h.link.say(subscribedFrame(subscribe, 3));
    h.link.drop();
    expect(h.reaccept()).toMatchObject([{ epoch: 'e1', offset: 3, last: 20 }]);
  });

  it.each<[string, { epoch?: string; offset: number }, ResetReason]>([
    ['in another epoch', { epoch: 'e2', offset: 4 }, 'epoch-changed'],
    ['further on', { offset: 6 }, 'trimmed'],
  ])(
    'SUB-4: takes it for a reset when the server stands %s without saying so',
    (_, { epoch = 'e1', offset }, reason) => {
      const { h, resets } = live('now', 4);
      h.link.drop();
      const [resume] = h.reaccept();
      h.link.say(subscribedFrame(resume, offset, { epoch }));
      expect(resets).toMatchObject([{ reason, position: { epoch, offset } }]);
    },
  );

  it('EPOCH-2: a log that went on in another epoch is no reset, on resume, in a message and in a top', () => {
    const { h, log, resets, subscription } = live('now', 4);
    h.link.drop();
    const [resume] = h.reaccept();
    h.link.say(subscribedFrame(resume, 4, { epoch: 'e1~4.e2', top: 4 }), messageFrame('a', 5, 5, 'e1~4.e2'));
    expect(subscription.position).toEqual(position(5, 'e1~4.e2'));
    h.link.say({ type: 'top', channel: 'a', epoch: 'e1~4.e2~5.e3', offset: 5 });
    h.link.say(messageFrame('a', 6, 6, 'e1~4.e2~5.e3'));
    expect(subscription.position).toEqual(position(6, 'e1~4.e2~5.e3'));
    expect(log).toEqual(['at 4 +0', 5, 6]);
    expect(resets).toEqual([]);
    expect(h.link.take()).toEqual([]);
  });

  it('EPOCH-2: an epoch that has not all that we have is a gap, and a reset when the server says no more', () => {
    const { h, resets } = live('now', 4);
    h.link.say(messageFrame('a', 5, 5, 'e1~3.e2'));
    const [again] = h.link.take();
    expect(again).toMatchObject({ type: 'subscribe', epoch: 'e1', offset: 4 });
    h.link.say(subscribedFrame(again, 4, { epoch: 'e1~3.e2', top: 5 }));
    expect(resets).toMatchObject([{ reason: 'truncated', position: position(4, 'e1~3.e2') }]);
  });

  it('SUB-5: a server that stands earlier only repeats: no reset', () => {
    const { h, log } = live('now', 4);
    h.link.drop();
    const [resume] = h.reaccept();
    h.link.say(subscribedFrame(resume, 2, { top: 5 }), messageFrame('a', 3, 5));
    expect(log).toEqual(['at 4 +1', 5]);
  });

  it('SUB-4: a saved position that cannot be continued', async () => {
    const h = new Harness();
    const { log, resets, subscription } = record(h, position(3, 'old'));
    const [subscribe] = h.accept();
    h.link.say(subscribedFrame(subscribe, 0, { reset: 'epoch-changed', top: 1 }), messageFrame('a', 1));
    expect(log).toEqual(['epoch-changed 0', 'at 0 +1 epoch-changed', 1]);
    expect(resets[0]?.previous).toEqual(position(3, 'old'));
    await expect(subscription.ready).resolves.toEqual(position(0));
  });

  it('SUB-6: revoked ends it, and nothing is delivered behind it', () => {
    const { h, log } = live();
    h.link.say({ type: 'reset', channel: 'a', reason: 'revoked', epoch: 'e1', offset: 0 }, messageFrame('a', 1));
    expect(log).toEqual(['end forbidden']);
    expect(h.link.take()).toEqual([]);
    h.link.drop();
    expect(h.reaccept()).toEqual([]);
  });

  it('a subscription that is refused tells so, where its application has no onEnd for that', () => {
    const h = new Harness();
    const subscribe = (channel: string, options = {}) => h.client.channel(channel).subscribe(options, () => {});
    subscribe('misspelt');
    subscribe('known', { onEnd: () => undefined });
    for (const { id } of h.accept() as { readonly id: number }[]) {
      h.link.say({ type: 'error', id, code: 'unknown-channel', message: 'No channel is called so.' });
    }
    expect(h.diagnostics).toMatchObject([
      { kind: 'ended', channel: 'misspelt', message: 'No channel is called so.', cause: { code: 'unknown-channel' } },
    ]);
    h.client.channel('later').subscribe(() => {});
    h.client.close();
    expect(h.diagnostics).toHaveLength(1);
    const refused = new Harness();
    refused.client.channel('a').subscribe(() => {});
    refused.link.open();
    refused.link.say({ type: 'error', code: 'unsupported-version', message: 'Please reload the page.' });
    expect(refused.diagnostics.map(({ kind }) => kind)).toEqual(['closed']);
  });

  it('SUB-6: who subscribes anew from onEnd gets a subscription of its own', () => {
    const h = new Harness();
    const seen: unknown[] = [];
    const room = h.client.channel('a');
    const onEnd = (): void => void room.subscribe((data) => seen.push(data));
    room.subscribe({ onEnd }, () => {});
    const [subscribe] = h.accept();
    h.link.say(subscribedFrame(subscribe, 0), {
      type: 'reset',
      channel: 'a',
      reason: 'revoked',
      epoch: 'e1',
      offset: 0,
    });
    const [again] = h.link.take();
    h.link.say(subscribedFrame(again, 5), messageFrame('a', 6));
    expect(seen).toEqual([6]);
  });

  it('CLI-4: a handler that throws stops nothing', () => {
    const h = new Harness();
    const seen: unknown[] = [];
    const bad = () => {
      throw new Error('handler');
    };
    h.client.channel('a').subscribe({ onSubscribed: bad }, bad);
    h.client.channel('a').subscribe((data) => seen.push(data));
    const [subscribe] = h.accept();
    h.link.say(subscribedFrame(subscribe, 0), messageFrame('a', 1, 2));
    expect(seen).toEqual([1, 2]);
    expect(h.errors).toHaveLength(3);
  });

  it('G2: a handler that reconnects gets the rest after its position', () => {
    const { h, log, subscription } = live();
    const again = h.client.channel('a').subscribe((data) => {
      if (data === 2) h.client.reconnect();
    });
    h.link.say(messageFrame('a', 1, 4));
    expect(log).toEqual([1, 2]);
    const [resume] = h.accept();
    expect(resume).toMatchObject({ offset: 2 });
    h.link.say(subscribedFrame(resume, 2, { top: 4 }), messageFrame('a', 3, 4));
    expect(log).toEqual([1, 2, 'at 2 +2', 3, 4]);
    expect([subscription.position, again.position]).toEqual([position(4), position(4)]);
  });
});

describe('sharing', () => {
  it('CLI-5: subscriptions to one channel share one on the wire', () => {
    const h = new Harness();
    const one = record(h);
    const two = record(h);
    const frames = h.accept();
    expect(typesOf(frames)).toEqual(['subscribe']);
    h.link.say(subscribedFrame(frames[0], 0), messageFrame('a', 1));
    const three = record(h);
    expect(three.log).toEqual(['at 1 +0']);
    h.link.say(messageFrame('a', 2));
    expect([one.log, two.log, three.log]).toEqual([
      ['at 0 +0', 1, 2],
      ['at 0 +0', 1, 2],
      ['at 1 +0', 2],
    ]);
    one.subscription.unsubscribe();
    two.subscription.unsubscribe();
    expect(h.link.take()).toEqual([]);
    three.subscription.unsubscribe();
    three.subscription.unsubscribe();
    expect(h.link.take()).toMatchObject([{ type: 'unsubscribe', channel: 'a' }]);
  });

  it('SUB-7: unsubscribing and subscribing at once is a new subscription; what was on its way for the old one is ignored', () => {
    const { h, subscription, log } = live();
    subscription.unsubscribe();
    const next = record(h);
    const frames = h.link.take();
    expect(typesOf(frames)).toEqual(['unsubscribe', 'subscribe']);
    h.link.say(messageFrame('a', 1), { type: 'done', id: only(frames[0], 'unsubscribe').id });
    h.link.say(subscribedFrame(frames[1], 1), messageFrame('a', 2));
    expect(log).toEqual([]);
    expect(next.log).toEqual(['at 1 +0', 2]);
  });

  it('an answer to a subscription given up before it came changes nothing', () => {
    const h = new Harness();
    const first = record(h, { last: 9 });
    const [subscribe] = h.accept();
    first.subscription.unsubscribe();
    const second = record(h);
    const [, again] = h.link.take();
    h.link.say(subscribedFrame(subscribe, 0, { top: 9 }), messageFrame('a', 1, 9));
    h.link.say(subscribedFrame(again, 9), messageFrame('a', 10));
    expect(first.log).toEqual([]);
    expect(second.log).toEqual(['at 9 +0', 10]);
  });

  it('subscribes from inside a handler: from the next operation on', () => {
    const h = new Harness();
    const inner: unknown[] = [];
    h.client.channel('a').subscribe((data) => {
      if (data === 1) h.client.channel('a').subscribe((later) => inner.push(later));
    });
    const [subscribe] = h.accept();
    h.link.say(subscribedFrame(subscribe, 0), messageFrame('a', 1, 3));
    expect(inner).toEqual([2, 3]);
  });

  it('now means now, also while the shared subscription is still recovering', () => {
    const h = new Harness();
    const old = record(h, position(0));
    const [subscribe] = h.accept();
    h.link.say(subscribedFrame(subscribe, 0, { top: 5 }), messageFrame('a', 1, 2));
    const now = record(h);
    h.link.say(messageFrame('a', 3, 6));
    expect(old.log.slice(1)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(now.log).toEqual(['at 5 +0', 6]);
  });
});
