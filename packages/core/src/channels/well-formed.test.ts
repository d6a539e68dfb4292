import { describe, expect, it } from 'vitest';
import { type ClientFrame, createClientCodec, defineChannels, log, map } from '@longwave/protocol';
import { createHarness } from '../testing/harness.js';

const channels = defineChannels({ chat: log({ presence: {} }), fleet: map(), '@me': log() });
/** Each has no form in UTF-8, and all would be written as U+FFFD. */
const broken = ['\ud800', '\udfff', 'a\ud800b', '\udc00\ud800'];
/** Each is another one, however alike. */
const distinct = ['\ufffd', '\u0000', 'é', 'e\u0301', '😀', '\u2028', '__proto__'];

/** Fields of texts, in frames that are right but for them. */
const frames: readonly (readonly [string, (text: string) => ClientFrame])[] = [
  ['messageId', (text) => ({ type: 'publish', id: 1, seq: 1, channel: 'chat', data: 1, messageId: text })],
  ['key', (text) => ({ type: 'publish', id: 1, seq: 1, channel: 'fleet', data: 1, key: text })],
  ['channel', (text) => ({ type: 'subscribe', id: 1, channel: text })],
  ['epoch', (text) => ({ type: 'subscribe', id: 1, channel: 'chat', epoch: text, offset: 1 })],
  ['method', (text) => ({ type: 'call', id: 1, method: text, data: 1 })],
  ['token', (text) => ({ type: 'refresh', id: 1, token: text })],
  ['tag', (text) => ({ type: 'unsubscribe', id: 1, channel: 'chat', tag: text })],
];

describe('WIRE-10: a text that is not well-formed', () => {
  it.each(frames)('is refused as %s, and not changed', (_, make) => {
    for (const text of broken) {
      const { connect, clock, engine } = createHarness(channels);
      const peer = connect();
      peer.session.receive(JSON.stringify(make(text)));
      clock.turn();
      expect(peer.take('error')).toMatchObject([{ id: 1, code: 'invalid-data' }]);
      // As bytes: what UTF-8 has for a surrogate, which it must not.
      const binary = connect('binary');
      const bytes = createClientCodec('binary').encode(make('zqz')) as Uint8Array;
      const at = Buffer.from(bytes).indexOf('zqz');
      binary.session.receive(Uint8Array.from([...bytes.slice(0, at), 0xed, 0xa0, 0x80, ...bytes.slice(at + 3)]));
      clock.turn();
      expect(binary.take('error')).toMatchObject([{ id: 1, code: 'invalid-data' }]);
      expect([peer.closed, binary.closed]).toEqual([undefined, undefined]);
      expect(engine.stats.published).toBe(0);
    }
  });

  it('ends a connection that names its client or its token so', () => {
    for (const field of ['client', 'token']) {
      const { link, clock } = createHarness(channels);
      const peer = link();
      peer.session.receive(JSON.stringify({ type: 'connect', version: 1, client: 'c', [field]: '\ud800' }));
      clock.turn();
      expect(peer.take('error')).toMatchObject([{ code: 'invalid-data' }]);
      expect(peer.closed?.code).toBe(4422);
    }
  });

  it('is refused where the server gives it, too', async () => {
    const { engine } = createHarness(channels);
    for (const text of [...broken, 5 as unknown as string]) {
      for (const work of [
        () => engine.change('fleet', { key: text, data: 1 }),
        () => engine.putAll('fleet', [[text, 1]]),
        () => engine.entries('fleet', text),
      ]) {
        await expect(work()).rejects.toMatchObject({ code: 'invalid-data' });
      }
      for (const work of [
        () => engine.publish('chat', 1, { id: text }),
        () => engine.publish('chat', 1, { user: text }),
        () => engine.publishToUser(text, 1),
        () => engine.change('fleet', { key: 'a', data: 1 }, { id: text }),
        () => engine.disconnectUser(text),
        () => engine.recheckUser(text),
      ]) {
        await expect(work()).rejects.toThrow(TypeError);
      }
    }
    expect(engine.stats.published).toBe(0);
  });

  it('is refused as a user, whom `authenticate` answers', () => {
    const authority = { authenticate: () => ({ user: 'a\ud800' }), authorize: () => true };
    const { link, clock } = createHarness(channels, { authority });
    const peer = link();
    peer.send({ type: 'connect', version: 1, client: 'c' });
    clock.turn();
    expect(peer.closed).toBeDefined();
    expect(peer.take('connected')).toEqual([]);
  });

  it('leaves what is well-formed as it is: different texts stay different', async () => {
    for (const codec of ['json', 'binary'] as const) {
      const { connect, clock, engine } = createHarness(channels);
      const peer = connect(codec);
      distinct.forEach((key, i) => peer.send({ type: 'publish', id: i, seq: i + 1, channel: 'fleet', key, data: i }));
      clock.turn();
      expect(peer.take('ack')).toHaveLength(distinct.length);
      const { ops } = await engine.entries('fleet');
      expect(ops.map(({ key }) => key)).toEqual(distinct);
    }
  });
});

describe('half of what was asked', () => {
  it('SUB-1: an epoch without an offset, or an offset without an epoch, is refused', () => {
    const { connect, clock } = createHarness(channels);
    const peer = connect();
    for (const channel of ['chat', 'fleet']) {
      peer.send({ type: 'subscribe', id: 1, channel, epoch: 'e' }, { type: 'subscribe', id: 1, channel, offset: 0 });
    }
    clock.turn();
    expect(peer.take('error').map(({ id, code }) => [id, code])).toEqual(Array(4).fill([1, 'bad-frame']));
    expect(peer.take('subscribed')).toEqual([]);
    expect(peer.closed).toBeUndefined();
  });

  it('VIEW-1: any view of a log is refused with wrong-mode, whether it is understood or not', () => {
    const { connect, clock } = createHarness(channels);
    const peer = connect();
    peer.send({ type: 'subscribe', id: 1, channel: 'chat' });
    for (const view of [{}, { rate: 1 }, { nonsense: 1 }]) {
      peer.send(
        { type: 'subscribe', id: 2, channel: 'chat', view: view as object },
        { type: 'track', id: 3, channel: 'chat', view: view as object },
      );
    }
    clock.turn();
    expect(peer.take('error').map(({ code }) => code)).toEqual(Array(6).fill('wrong-mode'));
  });
});
