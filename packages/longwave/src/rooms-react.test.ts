// @vitest-environment happy-dom
import { createServer } from '@longwave/node';
import { defineChannels } from '@longwave/protocol';
import { createElement } from 'react';
import { renderToString } from 'react-dom/server';
import { expect, it, onTestFinished, vi } from 'vitest';
import { connect } from './client-node.js';
import { type Entities, type RoomEvent, type RoomLogic, play, real, room, text } from './rooms.js';
import { type UseRoomResult, useRoom } from './rooms-react.js';
import { serveRooms } from './rooms-server.js';
import { renderHook } from './testing/render-hook.js';

const arena = room({
  entities: { player: { x: real(0, 1000, 0.1), y: real(0, 1000, 0.1), name: text(20) }, ball: { x: real(0, 9, 1) } },
  inputs: { move: { dx: real(-1, 1, 0.01) }, shout: {} },
});
type E = (typeof arena)['entities'];
type I = (typeof arena)['inputs'];

const logic: RoomLogic<E, I, Entities<E>> = {
  create: () => ({ player: new Map(), ball: new Map() }),
  join: (state, { id, data }) => {
    const { name } = data as { readonly name: string };
    state.player.set(id, { x: 500, y: 500, name });
  },
  leave: (state, { id }) => void state.player.delete(id),
  step: (state, inputs, dt, { emit, isServer }) => {
    for (const [id, made] of inputs) {
      const player = state.player.get(id);
      for (const input of player ? made : []) {
        if (input.kind === 'move') player!.x += input.dx * 100 * dt;
        else if (isServer) emit('shout', { by: id });
      }
    }
  },
};

const channels = defineChannels({ 'arena/:id': arena });

async function start() {
  const joined: string[] = [];
  const rooms = serveRooms(channels, {
    'arena/:id': {
      ...logic,
      join: (state, player) => {
        joined.push((player.data as { readonly name: string }).name);
        logic.join!(state, player);
      },
    },
  });
  const server = createServer({
    channels,
    rooms,
    authenticate: (token) => ({ user: token ?? 'nobody' }),
    authorize: ({ user, action }) => action !== 'presence' || user !== 'nobody',
  });
  onTestFinished(() => server.close());
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  const open = (token?: string) => {
    const client = connect<typeof channels>(`http://127.0.0.1:${port}`, {
      ...(token !== undefined && { token }),
      onDiagnostic: () => undefined,
    });
    onTestFinished(() => client.close());
    return client;
  };
  return { joined, rooms, open };
}

const isJoined = ({ state }: { readonly state: string }): boolean => state === 'joined';
type Result = UseRoomResult<E, I>;
/** Names of the players that a room shows. */
const names = ({ room: played }: Result): string[] =>
  [...played!.draw().entities.player.values()].map(({ name }) => name).toSorted();

it('joins while it is mounted, and renders when it is there, not with each snapshot', async () => {
  const { open, rooms } = await start();
  const channel = open('ada').channel('arena/1');
  const page = renderHook(() => useRoom(channel, arena, { player: { name: 'Ada' }, predict: logic }), {});
  const { room: played } = (await page.until(isJoined)) as Extract<Result, { state: 'joined' }>;
  expect(played.player).toBe(1);
  const renders = page.results.length;
  played.hold('move', { dx: 1 });
  await expect.poll(() => played.draw().own?.x).toBeGreaterThan(550);
  expect(page.results).toHaveLength(renders);
  expect([...new Set(page.results.map(({ state }) => state))]).toEqual(['joining', 'joined']);
  page.unmount();
  await expect.poll(() => rooms.list()[0]!.players).toBe(0);
});

it('joins once in Strict Mode, though each render says anew who plays', async () => {
  const { open, joined } = await start();
  const channel = open('ada').channel('arena/1');
  const page = renderHook((name: string) => useRoom(channel, arena, { player: { name }, predict: logic }), 'Ada', {
    strict: true,
  });
  const first = await page.until(isJoined);
  page.rerender('Ada');
  await page.until((result) => result === first && page.results.length > 2);
  expect(first.room!.player).toBe(1);
  expect(joined).toEqual(['Ada']);
  // Somebody else plays now.
  page.rerender('Bob');
  const next = await page.until((result) => isJoined(result) && result.room !== first.room);
  expect([first.room!.isLive, next.room!.isLive]).toEqual([false, true]);
});

it('is shared by components that show it in the same way, and handed on to one that takes the place of another', async () => {
  const { open, joined } = await start();
  const client = open('ada');
  // Each component makes its own channel.
  const show = () => {
    const channel = client.channel('arena/1');
    return renderHook(() => useRoom(channel, arena, { player: { name: 'Ada' } }), {});
  };
  const [first, second] = [show(), show()];
  const shown = await Promise.all([first.until(isJoined), second.until(isJoined)]);
  expect(shown[0].room).toBe(shown[1].room);
  first.unmount();
  second.replace({});
  await second.until((result) => isJoined(result) && second.results.length > shown.length);
  expect(second.results.at(-1)!.room).toBe(shown[1].room);
  await expect.poll(() => names(second.results.at(-1)!)).toEqual(['Ada']);
  expect(joined).toEqual(['Ada']);
});

it('tells events to the handler of the last render', async () => {
  const { open } = await start();
  const channel = open('ada').channel('arena/1');
  const heard: string[] = [];
  const page = renderHook(
    (who: string) =>
      useRoom(channel, arena, {
        player: { name: 'Ada' },
        onEvent: ({ name }: RoomEvent) => void heard.push(`${who}: ${name}`),
      }),
    'first',
  );
  const { room: played } = await page.until(isJoined);
  page.rerender('last');
  await expect.poll(() => page.results.length).toBeGreaterThan(2);
  played!.input('shout', {});
  await expect.poll(() => heard).toEqual(['last: shout']);
});

it('goes with the channel to another room, or to none', async () => {
  const { open, rooms } = await start();
  const client = open('ada');
  const by = { a: client.channel('arena/a'), b: client.channel('arena/b') };
  const page = renderHook((name: 'a' | 'b' | undefined) => useRoom(name && by[name], arena), 'a');
  expect((await page.until(isJoined)).room!.name).toBe('arena/a');
  page.rerender('b');
  await page.until((result) => result.room?.name === 'arena/b');
  page.rerender(undefined);
  await page.until(({ state }) => state === 'joining');
  expect(rooms.list().every(({ players }) => players === 0)).toBe(true);
});

it('shows why it may not be joined, and where it is played in another way already', async () => {
  const { open } = await start();

  const eve = open().channel('arena/1');
  const refused = renderHook(() => useRoom(eve, arena, { player: { name: 'Eve' } }), {});
  expect((await refused.until(({ state }) => state === 'ended')).error!.code).toBe('forbidden');
  const ada = open('ada');
  const mine = play(ada.channel('arena/1'), arena);
  await mine.ready;
  const channel = ada.channel('arena/1');
  const second = renderHook(() => useRoom(channel, arena), {});
  expect((await second.until(({ state }) => state === 'ended')).error!.code).toBe('wrong-mode');
});

it('renders on a server without joining anything', async () => {
  const { open, rooms } = await start();
  const channel = open('ada').channel('arena/1');
  const subscribe = vi.fn<() => void>();
  const Page = () => {
    const { state } = useRoom(channel, arena, { onEvent: subscribe });
    return createElement('p', null, state);
  };
  expect(renderToString(createElement(Page))).toBe('<p>joining</p>');
  expect(rooms.list()).toEqual([]);
});

it('knows the fields of the room, and of its own entity', async () => {
  const { open } = await start();
  const channel = open('ada').channel('arena/1');
  const page = renderHook(() => useRoom(channel, arena, { player: { name: 'Ada' }, own: 'player' }), {});
  const { room: played } = await page.until(isJoined);
  const nameOf = (): string | undefined => played!.draw().own?.name;
  await expect.poll(nameOf).toBe('Ada');
  // @ts-expect-error -- a player has no such field
  expect(played!.draw().own?.speed).toBeUndefined();
  // @ts-expect-error -- the room has no such input
  expect(() => played!.hold('fly', {})).toThrow(/no input/);
});
