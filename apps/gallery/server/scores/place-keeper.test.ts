import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'longwave';
import { connect } from 'longwave/client';
import { yjs } from 'longwave/yjs/server';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type GalleryChannels, channels } from '../../shared/channels.js';
import type { Match } from '../../shared/scores/match.js';
import { createRooms } from '../rooms/rooms.js';
import { keepPlaceIn } from './place-keeper.js';
import { createScores } from './scores.js';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'gallery-league-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A process of the league, while `watch` looks at its board. */
async function withLeague(watch: (board: () => ReadonlyMap<string, Match>) => Promise<void>): Promise<void> {
  const server = createServer({ channels, documents: yjs(), rooms: createRooms().host });
  const scores = createScores({ minuteMs: 20, place: keepPlaceIn(join(folder, 'league.json')) });
  scores.serve(server);
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  const client = connect<GalleryChannels>(`http://127.0.0.1:${port}`);
  try {
    const board = client.channel('scores').watch();
    await board.ready;
    await watch(board.getSnapshot);
  } finally {
    client.close();
    scores.close();
    await server.close();
  }
}

it('a league goes on in another process where it was', async () => {
  const kept = keepPlaceIn(join(folder, 'league.json'));
  await withLeague(async (board) => {
    await expect.poll(() => board().get('1-1')?.status).toBe('second-half');
    // A match and its pauses take less.
    await expect.poll(() => kept.read()?.playheads[0]).toBeGreaterThan(130);
  });
  await withLeague(async (board) => {
    await expect.poll(() => board().size).toBe(6);
    // A league from its beginning would have it at 62 minutes now.
    expect(board().get('1-1')!.status).toBe('over');
    expect(board().get('1-1')!.clock.minute).toBeGreaterThanOrEqual(90);
  });
});

it('a file that says nothing of use is none', () => {
  const file = join(folder, 'league.json');
  const keeper = keepPlaceIn(file);
  expect(keeper.read()).toBeUndefined();
  for (const text of ['', '{', '{"round":0,"playheads":[1]}', '{"round":1,"playheads":["x"]}']) {
    writeFileSync(file, text);
    expect(keeper.read(), text).toBeUndefined();
  }
  keeper.write({ round: 2, playheads: [1.5, -3] });
  expect(keeper.read()).toEqual({ round: 2, playheads: [1.5, -3] });
  expect(readdirSync(folder)).toEqual(['league.json']);
});

it('a file that cannot be written harms nobody', () => {
  writeFileSync(join(folder, 'file'), '');
  const keeper = keepPlaceIn(join(folder, 'file', 'league.json'));
  keeper.write({ round: 1, playheads: [0] });
  expect(keeper.read()).toBeUndefined();
});
