import { createTestWorld } from 'longwave/testing';
import { expect, test } from 'vitest';
import { rules } from '../src/rules.js';

test('a reader who was offline gets the news of that time', async () => {
  const world = createTestWorld(rules);
  const [reader, writer] = [world.connect(), world.connect()];
  const texts: string[] = [];
  reader.channel('news/today').subscribe(({ text }) => texts.push(text));
  await world.settle();

  world.offline(reader);
  await writer.channel('news/today').publish({ text: 'It rains.' });
  expect(texts).toEqual([]);

  world.online(reader);
  await world.advance('2s');
  expect(texts).toEqual(['It rains.']);
});

test('nobody but the server counts visitors', async () => {
  const world = createTestWorld(rules);
  await expect(world.connect().channel('visitors').set(1_000_000)).rejects.toMatchObject({ code: 'forbidden' });
});
