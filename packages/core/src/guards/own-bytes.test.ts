import { Buffer } from 'node:buffer';
import {
  type CallDefinition,
  type Schema,
  clientCall,
  createClientCodec,
  createServerCodec,
  defineChannels,
  defineClientCalls,
  log,
  map,
} from '@longwave/protocol';
import { describe, expect, it } from 'vitest';
import type { StoredPage } from '../base/ports.js';
import { createHarness } from '../testing/harness.js';

const scratch = new Uint8Array(3);
/** Takes its time, and gives bytes that it uses again. */
const reusing: Schema = {
  '~standard': {
    version: 1,
    vendor: 'test',
    validate: async (value) => {
      await Promise.resolve();
      scratch.set(new Uint8Array((value as DataView).buffer, (value as DataView).byteOffset, 3));
      return { value: scratch };
    },
  },
};

/** Lets promises settle whose results are at hand. */
async function settle(): Promise<void> {
  for (let i = 0; i < 50; i++) await Promise.resolve();
}

const channels = defineChannels({
  'chat/:room': log(),
  'slow/:room': log({ message: reusing }),
  'map/:id': map(),
  'slow-map/:id': map({ value: reusing }),
  '@me': log(),
});

describe('LOG-1: bytes that the application uses again', () => {
  const given = {
    plain: () => new Uint8Array([1, 2, 3]),
    pooled: () => Buffer.from([1, 2, 3]),
    view: () => new DataView(new Uint8Array([1, 2, 3]).buffer),
  };
  for (const [kind, make] of Object.entries(given)) {
    it(`change nothing that was published (${kind})`, async () => {
      const { engine, store } = createHarness(channels);
      const bytes = make();
      const all = [
        engine.publish('chat/a', bytes),
        engine.publish('slow/a', bytes),
        engine.publishToUser('ada', bytes),
        engine.change('map/a', { key: 'k', data: bytes }),
        engine.change('slow-map/a', { key: 'k', data: bytes }),
        engine.putAll('map/b', [['k', bytes]]),
      ];
      new Uint8Array(bytes.buffer, bytes.byteOffset, 3).fill(9);
      await Promise.all(all);
      scratch.fill(9);
      for (const channel of ['chat/a', 'slow/a', 'map/a', 'slow-map/a', 'map/b']) {
        const { ops } = store.read(channel, { limit: 9 }) as StoredPage;
        expect(
          ops.map(({ payload }) => [...(payload as Uint8Array)]),
          channel,
        ).toEqual([[1, 2, 3]]);
      }
    });
  }

  it('nor what was read by it', async () => {
    const { engine } = createHarness(channels);
    await engine.publish('chat/a', new Uint8Array([1, 2, 3]));
    await engine.change('map/a', { key: 'k', data: new Uint8Array([1, 2, 3]) });
    const read = async () => {
      const pages = [await engine.history('chat/a'), await engine.entries('map/a')];
      return pages.map(({ ops }) => ops[0]!.payload as Uint8Array);
    };
    for (const bytes of await read()) bytes.fill(9);
    expect((await read()).map((bytes) => [...bytes])).toEqual([
      [1, 2, 3],
      [1, 2, 3],
    ]);
  });

  it('nor what a hook made of a publish', () => {
    const { connect, clock, store } = createHarness(channels, {
      hooks: {
        publish: () => {
          scratch.set([1, 2, 3]);
          return scratch;
        },
      },
    });
    const peer = connect();
    peer.send({ type: 'publish', id: 1, seq: 1, channel: 'chat/a', data: 'x' });
    scratch.fill(9);
    clock.turn();
    const { ops } = store.read('chat/a', { limit: 9 }) as StoredPage;
    expect([...(ops[0]!.payload as Uint8Array)]).toEqual([1, 2, 3]);
  });

  it('nor what the application was told of', async () => {
    const { engine, clock } = createHarness(channels);
    const told: Uint8Array[] = [];
    engine.listening.subscribe('chat/a', {}, (data) => void told.push(data as Uint8Array));
    engine.listening.subscribe('chat/a', {}, (data) => void (data as Uint8Array).fill(9));
    engine.listening.watch('map/a', {}, (entries) => void (entries.get('k') as Uint8Array).fill(9));
    await settle();
    await engine.publish('chat/a', new Uint8Array([1, 2, 3]));
    await engine.change('map/a', { key: 'k', data: new Uint8Array([1, 2, 3]) });
    clock.turn();
    await settle();
    const [{ ops }, entries] = [await engine.history('chat/a'), await engine.entries('map/a')];
    for (const { payload } of [...ops, ...entries.ops]) expect([...(payload as Uint8Array)]).toEqual([1, 2, 3]);
    expect(told.map((bytes) => [...bytes])).toEqual([[1, 2, 3]]);
  });

  it('nor a message id, a user or a key: a second use of the array is another publish', async () => {
    const { engine } = createHarness(channels);
    const bytes = new Uint8Array([1, 2, 3]);
    const first = await engine.publish('chat/a', bytes, { id: 'm' });
    bytes.fill(9);
    const again = await engine.publish('chat/a', bytes, { id: 'm' });
    expect(again).toMatchObject({ position: first.position, duplicate: true });
    const { ops } = await engine.history('chat/a');
    expect(ops.map(({ payload }) => [...(payload as Uint8Array)])).toEqual([[1, 2, 3]]);
  });

  it('nor the answer to a call', async () => {
    const reply: CallDefinition = {
      input: undefined,
      handle: (later) => {
        scratch.set([1, 2, 3]);
        return later ? Promise.resolve(scratch) : scratch;
      },
    };
    const { connect, clock } = createHarness(channels, { calls: { reply } });
    const peer = connect('binary');
    for (const later of [false, true]) {
      peer.send({ type: 'call', id: 1, method: 'reply', data: later });
      await settle();
      scratch.fill(9);
      clock.turn();
      expect(peer.take('reply').pop()?.data).toEqual(Uint8Array.of(1, 2, 3));
    }
  });

  it('nor the argument of a call to a client', async () => {
    const anything: Schema = { '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value }) } };
    const clientCalls = defineClientCalls({ show: clientCall(anything, anything) });
    const { engine, connect, clock } = createHarness(channels, { clientCalls });
    const peer = connect('binary');
    const bytes = new Uint8Array([1, 2, 3]);
    const object = { text: 'as it was' };
    for (const given of [bytes, object])
      engine.clientCalls.connection(peer.session.id, 'show', given).catch(() => undefined);
    bytes.fill(9);
    object.text = 'changed';
    await settle();
    clock.turn();
    expect(peer.take('ask').map(({ data }) => data)).toEqual([Uint8Array.of(1, 2, 3), { text: 'as it was' }]);
    await engine.close();
  });

  it('nor what came over the wire, in memory of the host', () => {
    const codec = createServerCodec('binary');
    const frame = createClientCodec('binary').encode({
      ...{ type: 'publish', id: 1, seq: 1, channel: 'chat/a', data: new Uint8Array([1, 2, 3]) },
    });
    const chunk = Buffer.from(frame as Uint8Array);
    const [decoded] = codec.decode(chunk);
    chunk.fill(0);
    expect(decoded).toMatchObject({ type: 'publish', data: new Uint8Array([1, 2, 3]) });
  });
});
