import { createTestWorld } from 'longwave/testing';
import { bind } from 'longwave/yjs';
import { yjs } from 'longwave/yjs/server';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { rules } from '../server/rules.js';

test('two write in one text, one of them without a network, and both have both', async () => {
  const world = createTestWorld({ ...rules, documents: yjs() });
  const [ada, bob] = [world.connect({ token: 'ada' }), world.connect({ token: 'bob' })];
  const [adas, bobs] = [ada, bob].map((client) => {
    const ydoc = new Y.Doc();
    return { text: ydoc.getText('text'), binding: bind(client.channel('notes/plan'), ydoc) };
  });
  await world.settle();

  world.offline(bob);
  adas!.text.insert(0, 'From Ada. ');
  bobs!.text.insert(0, 'From Bob. ');
  await world.settle();
  expect(adas!.binding.status.unsaved).toBe(0);
  expect(bobs!.binding.status.unsaved).toBe(1);

  world.online(bob);
  await world.advance('2s');
  expect(adas!.text.toJSON()).toBe(bobs!.text.toJSON());
  expect(adas!.text.toJSON().split('. ').toSorted()).toEqual(['', 'From Ada', 'From Bob']);
  expect(bobs!.binding.status.unsaved).toBe(0);
});
