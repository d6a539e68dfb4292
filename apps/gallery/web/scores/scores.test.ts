import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer } from 'longwave';
import { yjs } from 'longwave/yjs/server';
import { connect } from 'longwave/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { authenticateGuest, mayGuest } from '../../server/guests.js';
import { createScores } from '../../server/scores/scores.js';
import { type GalleryChannels, channels } from '../../shared/channels.js';
import { createRooms } from '../../server/rooms/rooms.js';
import { guestToken } from '../../shared/chat.js';
import type { CommentaryEntry } from '../../shared/scores/commentary.js';
import type { Match } from '../../shared/scores/match.js';
import type { Store } from '../lib/store.js';
import type { GalleryClient } from '../session/session.js';
import { type Board, type BoardEntry, createBoard } from './board.js';
import { type Desk, createDesk } from './desk.js';
import { createMatchFeed } from './match-feed.js';
import { createNews, shownHeadlines } from './news.js';

// The real league, a real server and real clients; only the pages are missing.

let url: string;
let clients: GalleryClient[];
let closeServer: () => Promise<void>;
/** The board as the server has it, without anybody who watches. */
let stored: () => Promise<readonly Match[]>;

/** Slow: by itself, next to nothing happens during a test. */
const minuteMs = 600_000;

async function serve(options: Parameters<typeof createScores>[0], port = 0): Promise<void> {
  const http = createHttpServer();
  const scores = createScores(options);
  const server = createServer({
    channels,
    documents: yjs(),
    rooms: createRooms().host,
    calls: scores.calls,
    authenticate: (token) => authenticateGuest(token),
    authorize: ({ user, action, channel }) => mayGuest(user, action, channel),
  });
  server.attach(http);
  scores.serve(server);
  http.listen(port, '127.0.0.1');
  await once(http, 'listening');
  url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  stored = async () => (await server.channel('scores').entries()).map(({ value }) => value);
  closeServer = async () => {
    scores.close();
    await server.close();
    http.closeAllConnections();
    http.close();
  };
}

beforeEach(async () => {
  clients = [];
  await serve({ minuteMs });
});

afterEach(async () => {
  for (const client of clients) client.close();
  await closeServer();
});

function connectAs(name?: string): GalleryClient {
  const token = name === undefined ? {} : { token: guestToken.encode(name) };
  const client = connect<GalleryChannels>(url, token) as unknown as GalleryClient;
  clients.push(client);
  return client;
}

function until<T extends object>(store: Store<T>, holds: (state: T) => boolean): Promise<T> {
  return new Promise((resolve) => {
    const check = (): void => {
      if (!holds(store.get())) return;
      stop();
      resolve(store.get());
    };
    const stop = store.subscribe(check);
    check();
  });
}

async function openBoard(client = connectAs()): Promise<Board> {
  const board = createBoard({ client });
  board.open();
  // The clocks have been set going as well: nothing changes by itself any more.
  await until(board.store, ({ entries }) => entries.filter(({ match }) => match.clock.running).length >= 4);
  return board;
}

const byHand = (board: Board): BoardEntry => board.store.get().entries.find(({ match }) => match.byHand)!;

async function openDesk(name: string): Promise<Desk> {
  const desk = createDesk({ client: connectAs(name) });
  await desk.takeRole();
  return desk;
}

const goal = (player: string): CommentaryEntry => {
  return { kind: 'goal', side: 'home', player, minute: 3, added: 0, text: `Goal by ${player}.` };
};

async function enter(desk: Desk, match: BoardEntry, entry: CommentaryEntry, expect = match.version): Promise<void> {
  await desk.submit({ match: match.id, entry, expect, summary: 'an entry' });
}

describe('the board', () => {
  it('has a round with what happened before anybody came, the score being the goals of the commentary', async () => {
    const client = connectAs();
    const board = await openBoard(client);
    const { entries } = board.store.get();
    expect(entries).toHaveLength(6);
    expect(entries[0]?.match.status).toBe('second-half');
    expect(entries.filter(({ match }) => match.status === 'scheduled')).toHaveLength(1);
    for (const { id, match } of entries) {
      const feed = createMatchFeed({ client, id });
      feed.open();
      const { details, lines } = await until(feed.store, (state) => {
        return state.details !== undefined && (state.lines.length > 0 || match.status === 'scheduled');
      });
      const goals = lines.filter(({ happening }) => happening.kind === 'goal');
      expect(goals).toHaveLength(match.score.home + match.score.away);
      expect(details?.stats.home.onTarget).toBeGreaterThanOrEqual(match.score.home);
      if (match.status !== 'scheduled') expect(lines.at(-1)?.happening.kind).toBe('kick-off');
    }
  });

  it('is written by nobody but the server', async () => {
    const client = connectAs('Ada');
    const board = await openBoard(client);
    const { id } = byHand(board);
    await expect(client.channel('scores').patch(id, { score: { home: 9 } })).rejects.toMatchObject({
      code: 'forbidden',
    });
    await expect(client.channel(`commentary/${id}`).publish(goal('x'))).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('announces a goal once, in both of two tabs, with headline, commentary and stats', async () => {
    const [one, two] = [await openBoard(), await openBoard()];
    const news = createNews({ client: connectAs() });
    news.open();
    const match = byHand(one);
    await enter(await openDesk('Ada'), match, goal('Hana Korr'));
    for (const board of [one, two]) {
      const { announcement, fresh } = await until(board.store, (state) => state.announcement !== '');
      expect(announcement).toMatch(/^Goal\. .* 1–0 /);
      expect(fresh.has(match.id)).toBe(true);
      expect(byHand(board).match.score).toEqual({ home: 1, away: 0 });
    }
    await until(news.store, ({ headlines }) => headlines[0]?.tag === 'goal');
    news.choose('round');
    expect(shownHeadlines(news.store.get()).map(({ tag }) => tag)).toEqual(['round']);
  });
});

describe('a server that was started again, and keeps nothing', () => {
  it('has a page show its league alone: no headline and no line of the one before', async () => {
    const client = connectAs();
    const board = await openBoard(client);
    const news = createNews({ client });
    news.open();
    const match = byHand(board);
    const feed = createMatchFeed({ client, id: match.id });
    feed.open();
    await enter(await openDesk('Ada'), match, goal('Hana Korr'));
    await until(news.store, ({ headlines }) => headlines[0]?.tag === 'goal');
    await until(feed.store, ({ lines }) => lines.some(({ happening }) => happening.kind === 'goal'));
    const before = news.store.get().headlines.map(({ key }) => key);
    await closeServer();
    await serve({ minuteMs }, Number(new URL(url).port));
    client.reconnect();
    const { headlines } = await until(
      news.store,
      ({ headlines: shown }) => shown.length > 0 && shown[0]!.key !== before[0],
    );
    expect(headlines.filter(({ key }) => before.includes(key))).toEqual([]);
    expect(headlines.map(({ tag }) => tag)).toEqual(['round']);
    const { lines } = await until(feed.store, (state) => state.lost === 'epoch-changed' && state.lines.length > 0);
    expect(lines.filter(({ happening }) => happening.text === 'Goal by Hana Korr.')).toEqual([]);
  });
});

describe('the desk', () => {
  it('is closed to those who have no name or not the role', async () => {
    const match = byHand(await openBoard());
    const nameless = createDesk({ client: connectAs() });
    await nameless.takeRole();
    expect(nameless.store.get()).toMatchObject({ role: 'none', problem: 'Choose a name first.' });
    const reader = createDesk({ client: connectAs('Bob') });
    await enter(reader, match, goal('x'));
    expect(reader.store.get().submission?.fate.status).toBe('refused');
    const left = await openDesk('Cleo');
    await left.leaveRole();
    await enter(left, match, goal('x'));
    expect(left.store.get().submission?.fate.status).toBe('refused');
  });

  it('leaves the time to the director, whose whistles nobody takes back', async () => {
    const match = byHand(await openBoard());
    const desk = await openDesk('Ada');
    await enter(desk, match, { kind: 'full-time', minute: 90, added: 0, text: 'Over.' });
    expect(desk.store.get().submission?.fate).toEqual({ status: 'refused', message: 'The director keeps the time.' });
    // The kick-off is the first entry of the log.
    await enter(desk, match, { kind: 'withdrawal', of: 1, text: 'Too early' }, 1);
    expect(desk.store.get().submission?.fate).toEqual({ status: 'refused', message: 'The director keeps the time.' });
    expect(desk.store.get().role).toBe('operator');
  });

  it('tells the second of two operators who saw the same board, and enters theirs only when they say so', async () => {
    const board = await openBoard();
    const [ada, bob] = [await openDesk('Ada'), await openDesk('Bob')];
    const seen = byHand(board);
    await Promise.all([enter(ada, seen, goal('Hana Korr')), enter(bob, seen, goal('Finn Hale'))]);
    const fates = [ada, bob].map((desk) => desk.store.get().submission?.fate.status);
    expect(new Set(fates)).toEqual(new Set(['conflict', 'stored']));
    await until(board.store, () => byHand(board).match.score.home === 1);

    const second = fates[0] === 'conflict' ? ada : bob;
    await second.enterAnyway(byHand(board).version);
    expect(second.store.get().submission?.fate.status).toBe('stored');
    await until(board.store, () => byHand(board).match.score.home === 2);
  });

  it('stores once what is sent again because its fate was not known', async () => {
    const board = await openBoard();
    const { id, version } = byHand(board);
    const desk = await openDesk('Ada');
    const client = clients.at(-1)!;
    const entry = { match: id, entry: goal('Hana Korr'), expect: version, id: 'the-same-id' };
    const [first, again] = await Promise.all([
      client.call('scores/record', entry),
      client.call('scores/record', entry),
    ]);
    expect(again).toEqual(first);
    await enter(desk, byHand(board), { kind: 'comment', minute: 4, added: 0, text: 'Quiet.' });
    await until(board.store, () => byHand(board).match.score.home === 1);
  });

  it('edits and withdraws lines; the score follows, and of two corrections of one line the second is told', async () => {
    const board = await openBoard();
    const [ada, bob] = [await openDesk('Ada'), await openDesk('Bob')];
    const match = byHand(board);
    const feed = createMatchFeed({ client: connectAs(), id: match.id });
    feed.open();
    await enter(ada, match, goal('Hana Korr'));
    const { lines } = await until(feed.store, (state) => state.lines[0]?.happening.kind === 'goal');
    const [line] = lines;
    const { offset: of, revision } = line!;
    await enter(ada, match, { kind: 'edit', of, text: 'Goal by Hana Korr, from far.' }, revision);
    await enter(bob, match, { kind: 'withdrawal', of, text: 'Offside' }, revision);
    expect(bob.store.get().submission?.fate.status).toBe('conflict');
    const edited = await until(feed.store, (state) => (state.lines[0]?.earlier.length ?? 0) > 0);
    expect(edited.lines[0]).toMatchObject({ text: 'Goal by Hana Korr, from far.', by: 'Ada' });

    await bob.enterAnyway(edited.lines[0]!.revision);
    const withdrawn = await until(feed.store, (state) => state.lines[0]?.withdrawn !== undefined);
    expect(withdrawn.lines[0]?.withdrawn).toMatchObject({ text: 'Offside', by: 'Bob' });
    const corrected = await until(board.store, ({ announcement }) => announcement.startsWith('Corrected'));
    expect(corrected.announcement).toMatch(/ 0–0 /);
  });
});

describe('the league', () => {
  it('plays one round after the other, each match with the score of its commentary', async () => {
    await closeServer();
    clients = [];
    await serve({ minuteMs: 2, restMs: 1500 });
    const client = connectAs();
    const board = createBoard({ client });
    board.open();
    const { entries } = await until(board.store, (state) => {
      return state.entries.length === 6 && state.entries.every(({ match }) => match.status === 'over');
    });
    for (const { id, match } of entries) {
      const { messages } = await client.channel(`commentary/${id}`).history({ limit: 1000 });
      const goals = messages.filter(({ data }) => data.kind === 'goal');
      expect(goals).toHaveLength(match.score.home + match.score.away);
    }
    const second = await until(board.store, (state) => {
      return state.entries.length === 6 && state.entries.every(({ id }) => id.startsWith('2-'));
    });
    expect(second.entries.filter(({ match }) => match.byHand)).toHaveLength(1);
  });

  it('plays while somebody watches, stands still while nobody does', async () => {
    await closeServer();
    clients = [];
    await serve({ minuteMs: 2500 });
    const client = connectAs();
    const board = createBoard({ client });
    const leave = board.open();
    await until(board.store, ({ entries }) => entries.some(({ match }) => match.clock.running));
    leave();
    const later = createBoard({ client });
    await expect.poll(async () => (await stored()).some(({ clock }) => clock.running), { timeout: 10_000 }).toBe(false);
    later.open();
    await until(later.store, (state) => state.entries.some(({ match }) => match.clock.running));
  });
});
