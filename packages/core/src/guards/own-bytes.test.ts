import { Buffer } from 'node:buffer';
import { type Schema, createClientCodec, createServerCodec, defineChannels, log, map } from '@longwave/protocol';
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
