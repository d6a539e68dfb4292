import { describe, expect, it } from 'vitest';
import { defineChannels, log } from '@longwave/protocol';
import type { Authority } from '../../base/authority.js';
import { createHarness } from '../../testing/harness.js';

const channels = defineChannels({
  'chat/:room': log(),
  'team/:name': log(),
  'team/red': log({ retain: { maxCount: 1 } }),
  '@me': log(),
});

/** Everything is allowed until it is taken away. */
function createAuthority() {
  const denied = new Set<string>();
  const asked: string[] = [];
  const authority: Authority = {
    authenticate: (token) => ({ user: token }),
    authorize: ({ user, action, channel, params }) => {
      asked.push(`${user} ${action} ${channel} ${JSON.stringify(params)}`);
      return !denied.has(`${action} ${channel}`);
    },
  };
  return { authority, denied, asked };
}

describe('rights', () => {
  it('SUB-3: nothing is delivered to a resume whose right is gone', () => {
    const { authority, denied, asked } = createAuthority();
    const { connect, clock, engine, store } = createHarness(channels, { authority });
    void engine.publish('chat/a', 'secret');
    const { epoch } = store.bounds('chat/a') as { epoch: string };
    denied.add('subscribe chat/a');
    const peer = connect('json', 'c', 'ada');
    peer.send({ type: 'subscribe', id: 1, channel: 'chat/a', epoch, offset: 0 });
    clock.turn();
    expect(peer.take('error')).toMatchObject([{ id: 1, code: 'forbidden' }]);
    expect(peer.take('message')).toEqual([]);
    expect(asked).toEqual(['ada subscribe chat/a {"room":"a"}']);
  });

  it('SUB-6: a withdrawn right ends the subscription with one reset, and nothing follows', () => {
    const { authority, denied } = createAuthority();
    const { connect, clock, engine } = createHarness(channels, { authority });
    const peer = connect('json', 'c', 'ada');
    peer.send({ type: 'subscribe', id: 1, channel: 'chat/a' }, { type: 'subscribe', id: 2, channel: 'chat/b' });
    clock.turn();
    denied.add('subscribe chat/a');
    void engine.recheckUser('ada');
    void engine.publish('chat/a', 'secret');
    void engine.publish('chat/b', 'open');
    clock.turn();
    expect(peer.take('reset')).toMatchObject([{ channel: 'chat/a', reason: 'revoked' }]);
    expect(peer.take('message').map(({ channel }) => channel)).toEqual(['chat/b']);
  });

  it('SES-6: a refresh re-checks every subscription', () => {
    const { authority, denied } = createAuthority();
    const { connect, clock } = createHarness(channels, { authority });
    const peer = connect('json', 'c', 'ada');
    peer.send({ type: 'subscribe', id: 1, channel: 'chat/a' });
    clock.turn();
    denied.add('subscribe chat/a');
    peer.send({ type: 'refresh', id: 2, token: 'ada' });
    clock.turn();
    expect(peer.frames.slice(-2)).toMatchObject([
      { type: 'reset', reason: 'revoked' },
      { type: 'done', id: 2 },
    ]);
  });

  it('an authorization that fails is a refusal', () => {
    const authority: Authority = {
      authenticate: () => ({ user: 'ada' }),
      authorize: () => Promise.reject(new Error('database')),
    };
    const { connect, clock } = createHarness(channels, { authority });
    const peer = connect();
    peer.send({ type: 'subscribe', id: 1, channel: 'chat/a' });
    return expect.poll(() => (clock.turn(), peer.take('error'))).toMatchObject([{ id: 1, code: 'internal' }]);
  });

  it('publishing and history ask for rights of their own', () => {
    const { authority, denied } = createAuthority();
    const { connect, clock } = createHarness(channels, { authority });
    denied.add('publish chat/a').add('history chat/a');
    const peer = connect('json', 'c', 'ada');
    peer.send(
      { type: 'publish', id: 1, channel: 'chat/a', seq: 1, data: 1 },
      { type: 'history', id: 2, channel: 'chat/a', limit: 5 },
      { type: 'subscribe', id: 3, channel: 'chat/a' },
    );
    clock.turn();
    expect(peer.take('error').map(({ id, code }) => [id, code])).toEqual([
      [1, 'forbidden'],
      [2, 'forbidden'],
    ]);
    expect(peer.take('subscribed')).toHaveLength(1);
  });

  it('disconnecting a user ends all connections of the user and no other', async () => {
    const { authority } = createAuthority();
    const { connect, engine } = createHarness(channels, { authority });
    const [a, b, c] = [connect('json', '1', 'ada'), connect('json', '2', 'ada'), connect('json', '3', 'bob')];
    expect(await engine.disconnectUser('ada')).toEqual({ connections: 2, missing: [] });
    expect([a, b, c].map(({ closed }) => closed?.code)).toEqual([4440, 4440, undefined]);
  });
});

describe('inboxes', () => {
  it('CH-4: the server writes, only the user reads, and it resumes like any channel', async () => {
    const { authority } = createAuthority();
    const { connect, clock, engine, store } = createHarness(channels, { authority });
    await engine.publishToUser('ada', 'one');
    const { epoch } = store.bounds('@me/ada') as { epoch: string };
    const [ada, bob] = [connect('json', '1', 'ada'), connect('json', '2', 'bob')];
    ada.send({ type: 'subscribe', id: 1, channel: '@me', epoch, offset: 0 });
    bob.send(
      { type: 'subscribe', id: 1, channel: '@me' },
      { type: 'subscribe', id: 2, channel: '@ada' },
      { type: 'publish', id: 3, channel: '@me', seq: 1, data: 1 },
    );
    clock.turn();
    await engine.publishToUser('ada', 'two');
    clock.turn();
    expect(ada.offsets('@me')).toEqual([1, 2]);
    expect(bob.offsets('@me')).toEqual([]);
    expect(bob.take('error').map(({ id, code }) => [id, code])).toEqual([
      [2, 'unknown-channel'],
      [3, 'forbidden'],
    ]);
  });

  it.each(['presence/chat/private', '@presence/chat/private', '../@presence/chat/private', 'chat/private', '@me/ada'])(
    'CH-4: the user %s has an inbox like any other, apart from channels and from what is kept of them',
    async (user) => {
      const contract = defineChannels({ 'chat/:room': log({ presence: {} }), '@me': log() });
      const { connect, clock, engine, errors } = createHarness(contract, {
        authority: {
          authenticate: (token) => ({ user: token }),
          authorize: (context) => context.user === 'ada' || context.channel === '@me',
        },
      });
      const [ada, odd] = [connect('json', '1', 'ada'), connect('json', '2', user)];
      ada.send(
        { type: 'enter', id: 1, channel: 'chat/private', data: { secret: true } },
        { type: 'publish', id: 2, channel: 'chat/private', seq: 1, data: 'secret' },
        { type: 'subscribe', id: 3, channel: '@presence/chat/private' },
        { type: 'subscribe', id: 4, channel: '@me' },
      );
      odd.send(
        { type: 'subscribe', id: 1, channel: '@me', last: 10 },
        { type: 'history', id: 2, channel: '@me', limit: 10 },
        { type: 'subscribe', id: 3, channel: '@presence/chat/private' },
      );
      clock.turn();
      await engine.publishToUser(user, 'for the odd one');
      clock.turn();
      expect(odd.take('page')).toMatchObject([{ ops: [], top: 0 }]);
      expect(odd.take('message').flatMap(({ ops }) => ops.map(({ data }) => data))).toEqual(['for the odd one']);
      expect(odd.take('changes')).toEqual([]);
      expect(odd.take('error')).toMatchObject([{ id: 3, code: 'forbidden' }]);
      expect(ada.take('changes').flatMap(({ ops }) => ops)).toMatchObject([{ user: 'ada' }]);
      expect(ada.take('message')).toEqual([]);
      expect(errors).toEqual([]);
    },
  );

  it('CH-4: a connection without a user has none', () => {
    const { connect, clock } = createHarness(channels);
    const peer = connect();
    peer.send({ type: 'subscribe', id: 1, channel: '@me' });
    clock.turn();
    expect(peer.take('error')).toMatchObject([{ code: 'forbidden' }]);
  });

  it('CH-2: a literal pattern wins over a parameter', async () => {
    const { engine } = createHarness(channels);
    for (const channel of ['team/red', 'team/blue']) for (let i = 0; i < 3; i++) await engine.publish(channel, i);
    expect((await engine.history('team/red')).ops).toHaveLength(1);
    expect((await engine.history('team/blue')).ops).toHaveLength(3);
  });
});
