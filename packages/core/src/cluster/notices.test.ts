import { defineChannels } from '@longwave/protocol';
import { facade } from '@longwave/testkit';
import { expect, it, onTestFinished } from 'vitest';
import { createHarness } from '../testing/harness.js';
import { MemoryStore } from '../store/memory-store.js';

/** Nodes over one store. */
function setUp(count: number) {
  const store = new MemoryStore({ clock: { now: () => 1_000_000 }, makeId: () => 'epoch' });
  const nodes = Array.from({ length: count }, (_, i) => {
    let ids = 0;
    return createHarness(defineChannels({}), {
      store: facade(store, { close: () => undefined }),
      makeId: () => `node-${i}-${++ids}`,
      cluster: { label: `host ${i}` },
    });
  });
  onTestFinished(async () => {
    for (const { engine } of nodes) await engine.close();
  });
  const turns = async (): Promise<void> => {
    for (let i = 0; i < 20; i++) {
      for (const { clock } of nodes) clock.turn();
      await Promise.resolve();
    }
  };
  return { notices: nodes.map(({ engine }) => engine.notices), turns };
}

it('a notice reaches the other nodes on its topic, until they hear no more', async () => {
  const { notices, turns } = setUp(3);
  const heard: string[] = [];
  const ends = notices.map((each, i) => each.hear('news', (text) => void heard.push(`${i} ${text}`)));
  notices[1]!.hear('other', () => void heard.push('wrong'));
  const told = notices[0]!.tell('news', 'first');
  await turns();
  await told;
  expect(heard.toSorted()).toEqual(['1 first', '2 first']);
  ends[2]!();
  void notices[0]!.tell('news', 'second');
  await turns();
  expect(heard.toSorted()).toEqual(['1 first', '1 second', '2 first']);
});

it('a notice that is too large is refused, and a handler that fails stops no other', async () => {
  const { notices, turns } = setUp(2);
  await expect(notices[0]!.tell('news', 'x'.repeat(64 * 1024 + 1))).rejects.toMatchObject({ code: 'too-large' });
  const heard: string[] = [];
  notices[1]!.hear('news', () => {
    throw new Error('a slip');
  });
  notices[1]!.hear('news', (text) => void heard.push(text));
  void notices[0]!.tell('news', 'on');
  await turns();
  expect(heard).toEqual(['on']);
});

it('a node without others tells nobody', async () => {
  const { engine } = createHarness(defineChannels({}));
  onTestFinished(() => engine.close());
  await expect(engine.notices.tell('news', 'alone')).resolves.toBeUndefined();
});
