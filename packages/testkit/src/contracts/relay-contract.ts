import { type Relay, maxRelayBytes } from '@longwave/core';
import { expect, it } from 'vitest';
import { type StoreFixture, useStore } from './store-fixture.js';

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

/** The contract of `Relay`. */
export function relayContract(open: () => StoreFixture | Promise<StoreFixture>): void {
  const scene = useStore(open);
  const relays = (): readonly [Relay, Relay] => [scene.store.relay!, scene.other.relay!];
  /** Listens on the other node, and says when so many have come. */
  const hear = async (topic: string) => {
    const heard: Uint8Array[] = [];
    let onHeard = (): void => undefined;
    const stop = await relays()[1].listen(topic, (data) => {
      heard.push(Uint8Array.from(data));
      onHeard();
    });
    const until = (count: number): Promise<readonly Uint8Array[]> =>
      new Promise((resolve) => {
        onHeard = () => heard.length >= count && resolve(heard);
        onHeard();
      });
    return { heard, stop, until };
  };
  /** Stores that find each other by and by lose what is sent before: it is sent until it comes. */
  const settle = async (): Promise<void> => {
    const { until, stop } = await hear('settled');
    const first = until(1);
    let isThere = false;
    void first.then(() => (isThere = true));
    while (!isThere) {
      relays()[0].send('settled', bytes(1));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    stop();
  };

  it('passes on what is sent, in its order, within no call, and other topics to nobody', async () => {
    await settle();
    const { heard, until } = await hear('news');
    const [relay] = relays();
    for (let i = 0; i < 300; i++) {
      relay.send('news', bytes(i & 255, i >> 8));
      relay.send('other', bytes(7));
    }
    expect(heard).toEqual([]);
    expect(await until(300)).toEqual(Array.from({ length: 300 }, (_, i) => bytes(i & 255, i >> 8)));
  });

  it('carries nothing and as much as it may, and refuses more', async () => {
    await settle();
    const { until } = await hear('large');
    const [relay] = relays();
    const largest = new Uint8Array(maxRelayBytes).map((_, i) => i);
    relay.send('large', bytes());
    relay.send('large', largest);
    const [empty, whole] = await until(2);
    expect(empty).toEqual(bytes());
    expect(Buffer.compare(whole!, largest)).toBe(0);
    expect(() => relay.send('large', new Uint8Array(maxRelayBytes + 1))).toThrow(RangeError);
  });

  it('tells each who listens, and nobody who has stopped', async () => {
    await settle();
    const [first, second, last] = [await hear('t'), await hear('t'), await hear('end')];
    const [relay] = relays();
    relay.send('t', bytes(1));
    await Promise.all([first.until(1), second.until(1)]);
    first.stop();
    relay.send('t', bytes(2));
    relay.send('end', bytes(3));
    await Promise.all([second.until(2), last.until(1)]);
    second.stop();
    expect(first.heard).toEqual([bytes(1)]);
    expect(second.heard).toEqual([bytes(1), bytes(2)]);
  });
}
