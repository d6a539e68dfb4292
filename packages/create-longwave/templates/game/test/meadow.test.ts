import { play } from 'longwave/rooms';
import { serveRooms } from 'longwave/rooms/server';
import { createTestWorld } from 'longwave/testing';
import { expect, test } from 'vitest';
import { rules } from '../server/rules.js';
import { channels, meadow } from '../shared/channels.js';
import { logic } from '../shared/logic.js';

test('two players see each other move, also after one was off the network', async () => {
  const world = createTestWorld({
    ...rules,
    latency: '40ms',
    rooms: () => serveRooms(channels, { 'meadow/:id': logic }),
  });
  const [ada, bob] = [world.connect({ token: 'ada' }), world.connect({ token: 'bob' })];
  const [adas, bobs] = [ada, bob].map((client) =>
    play(client.channel('meadow/1'), meadow, { player: {}, own: 'player', predict: logic, clock: world.clock }),
  );
  await world.advance('1s');

  adas!.hold('move', { dx: 1, dy: 0 });
  await world.advance('1s');
  adas!.hold('move');
  await world.advance('500ms');
  const placeOfAda = () => Math.round(bobs!.draw().entities.player.get(adas!.player!)!.x);
  expect(placeOfAda()).toBeGreaterThan(700);

  world.offline(bob);
  adas!.hold('move', { dx: -1, dy: 0 });
  await world.advance('1s');
  adas!.hold('move');
  world.online(bob);
  await world.advance('3s');
  expect(placeOfAda()).toBeLessThan(600);
  expect(bobs!.player).toBeDefined();
});
