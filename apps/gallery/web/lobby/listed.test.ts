import { expect, it } from 'vitest';
import type { OpenRoom } from '../../shared/rooms/open-room.js';
import { listRooms, stateWords, waitingTable } from './listed.js';

const arena = (players: number): OpenRoom => ({ game: 'arena', players, of: 100, state: 'open' });
const table = (players: number): OpenRoom => ({
  ...{ game: 'four', players, of: 2 },
  state: players === 2 ? 'full' : players === 1 ? 'waiting' : 'open',
});

it('lists those that wait first, and the main arena in any case', () => {
  const entries = new Map([
    ['arena/b', arena(3)],
    ['four/x', table(2)],
    ['four/y', table(1)],
    ['chat/odd', table(1)],
  ]);
  expect(listRooms(entries, undefined).map(({ path }) => path)).toEqual([
    ...['/four/y', '/play/b', '/four/x', '/play/main'],
  ]);
  expect(listRooms(entries, 'arena').map(({ path, state }) => [path, state])).toEqual([
    ['/play/b', 'open'],
    ['/play/main', 'asleep'],
  ]);
  expect(waitingTable(entries)).toBe('/four/y');
  entries.set('arena/main', arena(1)).delete('four/y');
  expect(listRooms(entries, 'arena').map(({ path }) => path)).toEqual(['/play/b', '/play/main']);
  expect(waitingTable(entries)).toBeUndefined();
});

it('says how each stands', () => {
  expect(stateWords({ game: 'four', state: 'full' })).toBe('in play');
  expect(stateWords({ game: 'arena', state: 'full' })).toBe('full');
  expect(stateWords({ game: 'four', state: 'waiting' })).toBe('waits for a second player');
});
