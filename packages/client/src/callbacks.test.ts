import { canonicalView, viewTag } from '@longwave/protocol';
import { describe, expect, it } from 'vitest';
import type { Client } from './api/client-api.js';
import { messageStore } from './subscriptions/message-store.js';
import { Harness, messageFrame, only, subscribedFrame } from './testing/harness.js';
import { put, stands, state } from './testing/states.js';

const error = new Error('of the application');
const rejects: () => unknown = async () => {
  await Promise.resolve();
  throw error;
};

/** Turns in which what was rejected is told. */
const settled = async (): Promise<void> => {
  for (let i = 0; i < 10; i++) await Promise.resolve();
};

describe('a callback that is async and rejects', () => {
  type Row = readonly [name: string, listen: (client: Client) => unknown, say: (h: Harness) => void];
  const log = (h: Harness): void => {
    const [subscribe] = h.accept();
    h.link.say(subscribedFrame(subscribe, 0), messageFrame('a', 1));
  };
  const map = (h: Harness): void => {
    const [subscribe] = h.accept();
    const { channel, view } = only(subscribe, 'subscribe');
    const tag = view && viewTag(canonicalView(view));
    h.link.say(stands(subscribe), { ...state(0, [put('', 1, 1)]), channel, tag } as never);
  };
  const refused = (h: Harness): void => {
    const [{ id } = { id: 0 }] = h.accept() as { id: number }[];
    h.link.say({ type: 'error', id, code: 'forbidden', message: 'no' });
  };
  it.each<Row>([
    ['subscribe', (c) => c.channel('a').subscribe(rejects), log],
    ['onSubscribed', (c) => c.channel('a').subscribe({ onSubscribed: rejects }), log],
    [
      'onReset',
      (c) => c.channel('a').subscribe({ from: { epoch: 'e0', offset: 1 }, onReset: rejects }),
      (h) => h.link.say(subscribedFrame(h.accept()[0], 1, { reset: 'epoch-changed' } as never)),
    ],
    ['onEnd', (c) => c.channel('a').subscribe({ onEnd: rejects }), refused],
    ['watch', (c) => c.channel('a').watch(rejects), map],
    ['watchValue', (c) => c.channel('a').watchValue(rejects), map],
    ['onSubscribed of a watch', (c) => c.channel('a').watch({ onSubscribed: rejects }), map],
    ['onEnd of a watch', (c) => c.channel('a').watch({ onEnd: rejects }), refused],
    ['a listener of a watch', (c) => c.channel('a').watch().subscribe(rejects), map],
    ['demand', (c) => c.channel('a').demand(rejects), map],
    ['the members of a channel', (c) => c.channel('a').presence.watch(rejects), map],
    ['the count of members', (c) => c.channel('a').presence.count(rejects), map],
    ['onState', (c) => c.onState(rejects), (h) => h.accept()],
    ["on('error')", (c) => c.on('error', rejects), (h) => (h.accept(), h.link.sayRaw('nonsense'))],
    ['a listener of a message store', (c) => messageStore(c.channel('a')).subscribe(rejects), log],
  ])('CLI-4: %s is reported like one that throws', async (_, listen, say) => {
    const h = new Harness();
    listen(h.client);
    say(h);
    await settled();
    expect(h.errors).toEqual([error]);
    expect(h.client.state.status).toBe('connected');
  });

  it('CLI-4: so is onDiagnostic, which may throw as well', async () => {
    for (const onDiagnostic of [
      rejects,
      () => {
        throw error;
      },
    ]) {
      const h = new Harness({ onDiagnostic });
      h.accept();
      h.link.sayRaw('nonsense');
      await settled();
      expect([h.errors, h.client.state.status]).toEqual([[error], 'connected']);
    }
  });

  it('CLI-4: onEnd of a membership', async () => {
    const h = new Harness();
    const entered = h.client.channel('a').presence.enter({}, { onEnd: rejects });
    const [enter] = h.accept();
    h.link.say({ type: 'done', id: only(enter, 'enter').id, key: 'k' });
    await entered;
    h.link.say({ type: 'exited', channel: 'a', code: 'forbidden' });
    await settled();
    expect(h.errors).toEqual([error]);
  });

  it('a listener of a message store that throws stops no other', async () => {
    const h = new Harness();
    const store = messageStore(h.client.channel('a'));
    const seen: number[] = [];
    store.subscribe(() => {
      throw error;
    });
    store.subscribe(() => seen.push(store.getSnapshot().length));
    log(h);
    await settled();
    expect([seen, h.errors]).toEqual([[1], [error]]);
  });
});
