import { LongwaveError, type Schema, type View, call, defineCalls, defineChannels, log, map } from '@longwave/protocol';
import { describe, expect, it } from 'vitest';
import type { AuthorizeContext } from '../base/authority.js';
import type { DisconnectContext, Hooks } from '../base/hooks.js';
import { createHarness } from '../testing/harness.js';

const upper: Schema<string, string> = {
  '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value: String(value).toUpperCase() }) },
};
const channels = defineChannels({
  'chat/:room': log({ message: upper, presence: { member: upper } }),
  'cars/:city': map(),
});
const calls = defineCalls({
  shout: call(upper, (input, { connection, user, info }) => [input, connection, user, info]),
});
const authenticate = (token?: string) => ({ user: token, claims: { of: token } });

const setUp = (hooks: Hooks | readonly Hooks[], authorize?: (context: AuthorizeContext) => boolean) =>
  createHarness(channels, { calls, hooks, authority: { authenticate, ...(authorize && { authorize }) } });

describe('what hooks are told', () => {
  it('who, which connection, and what is asked for, with the parameters of the channel', () => {
    const told: unknown[] = [];
    const note = (name: string) => (context: object) => void told.push([name, context]);
    const { connect, clock } = setUp({
      connect: note('connect'),
      subscribe: note('subscribe'),
      publish: note('publish'),
      call: note('call'),
      enter: note('enter'),
      disconnect: note('disconnect'),
    });
    const peer = connect('json', 'c', 'ada');
    clock.advance(1500);
    const view: View = { where: { kind: 'bus' } };
    peer.send({ type: 'subscribe', id: 1, channel: 'cars/ulm', view });
    peer.send({ type: 'subscribe', id: 2, channel: 'chat/a' });
    peer.send({ type: 'publish', id: 3, channel: 'chat/a', seq: 1, data: 'hi' });
    peer.send({ type: 'publish', id: 4, channel: 'cars/ulm', seq: 2, key: 'k', data: { kind: 'bus' } });
    peer.send({ type: 'call', id: 5, method: 'shout', data: 'hey' });
    peer.send({ type: 'enter', id: 6, channel: 'chat/a', data: 'me', away: true });
    clock.turn();
    const { id } = peer.session;
    peer.session.closed();
    const who = { connection: { id }, user: 'ada', claims: { of: 'ada' }, info: { transport: 'test', headers: {} } };
    expect(told).toEqual([
      ['connect', who],
      ['subscribe', { ...who, channel: 'cars/ulm', params: { city: 'ulm' }, view }],
      ['subscribe', { ...who, channel: 'chat/a', params: { room: 'a' }, view: undefined }],
      ['publish', { ...who, channel: 'chat/a', params: { room: 'a' }, data: 'HI' }],
      [
        'publish',
        { ...who, channel: 'cars/ulm', params: { city: 'ulm' }, data: { kind: 'bus' }, key: 'k', kind: 'put' },
      ],
      ['call', { ...who, method: 'shout', input: 'HEY' }],
      ['enter', { ...who, channel: 'chat/a', params: { room: 'a' }, data: 'ME', away: true }],
      ['disconnect', { ...who, reason: 'closed', durationMs: 1500 }],
    ]);
    expect(peer.take('reply')).toMatchObject([{ data: ['HEY', { id }, 'ada', { transport: 'test' }] }]);
  });

  it('the id of a connection, which no other has, on this node or another', () => {
    const ids: string[] = [];
    const hooks: Hooks = { connect: ({ connection }) => void ids.push(connection.id) };
    const one = setUp(hooks);
    const two = createHarness(channels, { hooks, makeId: () => 'other' });
    for (const { connect } of [one, two, one]) connect();
    one.request('stream', [{ type: 'connect', version: 1, client: 'r' }]);
    expect(new Set(ids).size).toBe(4);
    expect(ids.every((id) => id.length <= 64)).toBe(true);
  });

  it('why the connection ended', async () => {
    const ended: DisconnectContext[] = [];
    const { connect, engine } = setUp({ disconnect: (context) => void ended.push(context) });
    connect('json', 'c1', 'ada');
    connect('json', 'c1', 'ada').session.break(new Error('planted'));
    connect('json', 'c2', 'ada');
    await engine.disconnectUser('ada');
    connect('json', 'c3', 'ada');
    await engine.close();
    expect(ended.map(({ reason }) => reason)).toEqual(['superseded', 'internal', 'disconnected', 'going-away']);
  });
});

describe('several objects of hooks', () => {
  const refuse = (code: 'forbidden' | 'too-many') => () => {
    throw new LongwaveError(code);
  };

  it('SES-11: are asked in their order, and the first that throws refuses', async () => {
    const asked: string[] = [];
    const hooks: Hooks[] = [
      { subscribe: async () => void asked.push('one') },
      { connect: () => void asked.push('connect') },
      { subscribe: refuse('too-many'), call: refuse('too-many'), enter: refuse('too-many') },
      { subscribe: () => void asked.push('never'), call: refuse('forbidden'), enter: refuse('forbidden') },
    ];
    const { connect, clock } = setUp(hooks);
    const peer = connect();
    peer.send({ type: 'subscribe', id: 1, channel: 'chat/a' });
    peer.send({ type: 'call', id: 2, method: 'shout', data: 'x' });
    peer.send({ type: 'enter', id: 3, channel: 'chat/a', data: 'x' });
    for (let i = 0; i < 10; i++) await Promise.resolve();
    clock.turn();
    expect(asked).toEqual(['connect', 'one']);
    expect(peer.take('error').map(({ id, code }) => [id, code])).toEqual([
      [1, 'too-many'],
      [2, 'too-many'],
      [3, 'too-many'],
    ]);
  });

  it('change a publish one after the other', async () => {
    const { connect, clock, engine } = setUp([
      { publish: ({ data }) => `${String(data)}1` },
      { publish: () => undefined },
      { publish: ({ data }) => Promise.resolve(`${String(data)}2`) },
    ]);
    connect().send({ type: 'publish', id: 1, channel: 'chat/a', seq: 1, data: 'x' });
    for (let i = 0; i < 10; i++) await Promise.resolve();
    clock.turn();
    expect((await engine.history('chat/a')).ops).toMatchObject([{ payload: '"X12"' }]);
  });

  it('are all told of an end, whatever fails', () => {
    const told: string[] = [];
    const { connect, errors } = setUp([
      {
        disconnect: () => {
          throw new Error('planted');
        },
      },
      { disconnect: () => void told.push('second') },
    ]);
    connect().session.closed();
    expect([told, errors.length]).toEqual([['second'], 1]);
  });
});

describe('authorize', () => {
  it('VIEW-6: is asked for the view that takes the place of another, and the first stays when that is refused', () => {
    const asked: unknown[] = [];
    const { connect, clock } = setUp({}, ({ user, action, channel, params, view }) => {
      asked.push([user, action, channel, params, view]);
      return view?.where !== undefined;
    });
    const peer = connect('json', 'c', 'ada');
    const mine = { where: { of: 'ada' } };
    peer.send({ type: 'subscribe', id: 1, channel: 'cars/ulm', view: mine });
    clock.turn();
    const { tag } = peer.session.subscriptions[0]!;
    peer.send({ type: 'track', id: 2, channel: 'cars/ulm', tag, view: {} });
    peer.send({ type: 'track', id: 3, channel: 'cars/ulm', tag, view: { where: { of: 'bob' } } });
    clock.turn();
    expect(peer.take('error')).toMatchObject([{ id: 2, code: 'forbidden' }]);
    expect(peer.take('done')).toMatchObject([{ id: 3 }]);
    const of = ['ada', 'subscribe', 'cars/ulm', { city: 'ulm' }];
    expect(asked).toEqual([
      [...of, mine],
      [...of, {}],
      [...of, { where: { of: 'bob' } }],
    ]);
  });

  it('SUB-6: is asked again with the view when rights are rechecked', async () => {
    let denied = false;
    const asked: unknown[] = [];
    const { connect, clock, engine } = setUp({}, ({ view }) => {
      asked.push(view);
      return !denied || view === undefined;
    });
    const peer = connect('json', 'c', 'ada');
    peer.send({ type: 'subscribe', id: 1, channel: 'cars/ulm', view: { keys: ['a'] } });
    peer.send({ type: 'subscribe', id: 2, channel: 'cars/ulm' });
    clock.turn();
    denied = true;
    await engine.recheckUser('ada');
    clock.turn();
    expect(asked.slice(2)).toEqual([{ keys: ['a'] }, undefined]);
    expect(peer.session.subscriptions.map(({ tag }) => tag)).toEqual([undefined]);
  });
});
