import { createTestWorld } from 'longwave/testing';
import { expect, test } from 'vitest';
import { Buzzer } from './buzzer.js';
import { rules } from './rules.js';

function play(options: { readonly nodes?: number; readonly latency?: `${number}ms` } = {}) {
  const world = createTestWorld({ ...rules, ...options });
  const [ada, bob, guest] = [world.connect({ token: 'ada' }), world.connect({ token: 'bob' }), world.connect()];
  const buzzers = [ada, bob, guest].map((client) => new Buzzer(client, 'capitals')) as [Buzzer, Buzzer, Buzzer];
  return { world, ada, bob, buzzers };
}

test('of two who press at once, one is first, and everybody sees the same one', async () => {
  const { world, buzzers } = play({ nodes: 2 });
  const [ada, bob] = buzzers;
  await world.settle();
  await Promise.all([ada.press('Ada'), bob.press('Bob')]);
  await world.settle();

  const [winner, loser] = ada.notice === '' ? [ada, bob] : [bob, ada];
  expect(buzzers.map(({ first }) => first)).toEqual(Array(3).fill(winner === ada ? 'Ada' : 'Bob'));
  expect([winner.notice, loser.notice]).toEqual(['', 'Too late.']);
});

test('who has no name looks on, and is told so', async () => {
  const { world, buzzers } = play();
  const [ada, , guest] = buzzers;
  await world.settle();
  await guest.press('Guest');
  expect(guest).toMatchObject({ first: undefined, notice: 'Sign in to play.' });
  await ada.press('Ada');
  await world.settle();
  expect(guest.first).toBe('Ada');
});

test('a press whose answer is lost counts once, and is not beaten by itself', async () => {
  const { world, ada, buzzers } = play({ latency: '50ms' });
  await world.settle();
  const pressed = buzzers[0].press('Ada');
  await world.advance('60ms'); // stored, and the answer is on its way
  world.drop(ada);
  await world.advance('2s');
  await pressed;
  expect(buzzers.map(({ first, notice }) => `${first} ${notice}`)).toEqual(['Ada ', 'Ada ', 'Ada ']);
});

test('a player who was offline sees the winner, and comes too late', async () => {
  const { world, bob, buzzers } = play();
  await world.settle();
  world.offline(bob);
  const late = buzzers[1].press('Bob');
  await buzzers[0].press('Ada');
  world.online(bob);
  await world.advance('1s');
  await late;
  expect(buzzers[1]).toMatchObject({ first: 'Ada', notice: 'Too late.' });
});
