import { createTestWorld } from 'longwave/testing';
import { expect, test } from 'vitest';
import { rules } from '../server/rules.js';

test('a viewer is told of the vehicles in view, also of those that came while the network was away', async () => {
  const world = createTestWorld(rules);
  const viewer = world.connect();
  const watch = viewer.channel('fleet').watch({ area: { at: ['x', 'y'], box: [0, 0, 100, 100] } });
  await world.server.channel('fleet').put('near', { x: 50, y: 50, status: 'free' });
  await world.server.channel('fleet').put('far', { x: 900, y: 900, status: 'free' });
  await world.settle();
  expect([...watch.getSnapshot().keys()]).toEqual(['near']);

  world.offline(viewer);
  await world.server.channel('fleet').put('far', { x: 60, y: 60, status: 'busy' });
  await world.server.channel('fleet').put('near', { x: 500, y: 50, status: 'free' });
  world.online(viewer);
  await world.advance('2s');
  expect([...watch.getSnapshot().keys()]).toEqual(['far']);
});

test('nobody but the server moves a vehicle', async () => {
  const world = createTestWorld(rules);
  const moved = world.connect().channel('fleet').put('v1', { x: 0, y: 0, status: 'free' });
  await expect(moved).rejects.toMatchObject({ code: 'forbidden' });
});
