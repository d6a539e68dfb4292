import { createTestWorld } from 'longwave/testing';
import { expect, test } from 'vitest';
import { rules } from '../server/rules.js';
import { signToken } from '../server/tokens.js';

test('a message of somebody offline is sent later, once, and they get what was said meanwhile', async () => {
  const world = createTestWorld(rules);
  const [ada, bob] = [
    world.connect({ token: await signToken('ada') }),
    world.connect({ token: await signToken('bob') }),
  ];
  const lines = [ada, bob].map((client) => {
    const seen: string[] = [];
    client.channel('chat/lobby').subscribe(({ text }, { user }) => seen.push(`${user}: ${text}`));
    return seen;
  });
  await world.settle();

  world.offline(bob);
  await ada.channel('chat/lobby').publish({ text: 'Anybody there?' });
  const answer = bob.channel('chat/lobby').publish({ text: 'Yes' });
  world.online(bob);
  await world.advance('2s');
  await answer;
  expect(lines).toEqual(Array(2).fill(['ada: Anybody there?', 'bob: Yes']));
});

test('only those who are signed in, and only in rooms that there are', async () => {
  const world = createTestWorld(rules);
  const client = world.connect({ token: await signToken('ada') });
  await expect(client.channel('chat/cellar').publish({ text: 'hi' })).rejects.toMatchObject({ code: 'forbidden' });
});
