import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, connect as connectTo, createServer as createNetServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineChannels } from '@longwave/protocol';
import { expect, it, onTestFinished } from 'vitest';
import { connect } from './client-node.js';
import { type PlayedRoom, play, real, room, whole } from './rooms.js';
import type { RoomInfo } from './rooms-server.js';

const script = fileURLToPath(new URL('testing/room-server.mjs', import.meta.url));
/** As the script has it. */
const arena = room({
  entities: { player: { x: real(0, 10_000, 0.1), acts: whole(0, 100_000) } },
  inputs: { move: { dx: real(-1, 1, 0.01) }, act: {} },
});
const channels = defineChannels({ 'arena/:id': arena });

interface Node {
  readonly child: ChildProcess;
  readonly port: number;
  readonly rooms: () => Promise<readonly RoomInfo[]>;
}

async function start(folder: string): Promise<Node> {
  const child = fork(script, [folder], { execArgv: [] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [port] = (await once(child, 'message')) as [number];
  const rooms = async (): Promise<readonly RoomInfo[]> => {
    child.send('list');
    const [list] = (await once(child, 'message')) as [readonly RoomInfo[]];
    return list;
  };
  return { child, port, rooms };
}

type Played = PlayedRoom<(typeof arena)['entities'], (typeof arena)['inputs']>;
const ids = (played: Played): number[] => [...played.draw().entities.player.keys()].toSorted((a, b) => a - b);
const of = (played: Played, id: number | undefined) => played.draw().entities.player.get(id!);

async function startThree() {
  const folder = mkdtempSync(path.join(tmpdir(), 'longwave-rooms-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return [await start(folder), await start(folder), await start(folder)];
}

async function enter(port: number, user: string): Promise<Played> {
  const client = connect<typeof channels>(`http://127.0.0.1:${port}`, { token: user, onDiagnostic: () => undefined });
  onTestFinished(() => client.close());
  const played = play(client.channel('arena/1'), arena, { player: {} });
  await played.ready;
  return played;
}

it('ROOM-7: after kill -9 of its node a room goes on from its checkpoint, with the same players', async () => {
  const nodes = await startThree();
  // A load balancer that sends one after the other elsewhere, and nobody to a node that is gone.
  let next = 0;
  const balancer = createNetServer((socket) => {
    const upstream = connectTo(nodes[next++ % nodes.length]!.port, '127.0.0.1');
    for (const [from, to] of [
      [socket, upstream],
      [upstream, socket],
    ] as const) {
      from.pipe(to);
      from.on('error', () => to.destroy()).on('close', () => to.destroy());
    }
  }).listen(0, '127.0.0.1');
  await once(balancer, 'listening');
  onTestFinished(() => void balancer.close());
  const { port } = balancer.address() as AddressInfo;
  const [ada, bob, eve] = [await enter(port, 'ada'), await enter(port, 'bob'), await enter(port, 'eve')];
  const all = [ada, bob, eve];
  await expect.poll(() => all.map(ids)).toEqual(all.map(() => [1, 2, 3]));
  const owners = await Promise.all(nodes.map(async (node) => (await node.rooms()).length));
  expect(owners).toEqual([1, 0, 0]);
  for (const played of all) played.hold('move', { dx: 1 });
  // Until something of it was kept, and more has happened since.
  await expect.poll(() => of(bob, bob.player)?.x, { timeout: 20_000 }).toBeGreaterThan(700);
  const players = all.map(({ player }) => player);
  nodes[0]!.child.kill('SIGKILL');
  await once(nodes[0]!.child, 'exit');
  const [dead] = nodes.splice(0, 1);
  expect(dead).toBeDefined();
  // From the checkpoint, and on: a new room would begin at 0.
  await expect.poll(async () => (await Promise.all(nodes.map((node) => node.rooms()))).flat().length).toBe(1);
  await expect.poll(() => all.map(ids)).toEqual(all.map(() => [1, 2, 3]));
  expect(of(bob, bob.player)!.x).toBeGreaterThan(100);
  const before = of(eve, bob.player)!.x;
  await expect.poll(() => of(eve, bob.player)?.x).toBeGreaterThan(before + 50);
  await expect.poll(() => all.map(({ player }) => player)).toEqual(players);
  // The acts of who plays count as before.
  const acts = of(eve, ada.player)!.acts;
  ada.input('act', {});
  await expect.poll(() => of(eve, ada.player)?.acts).toBe(acts + 1);
});

it('ROOM-8: a node that stands still for a second gives its rooms up, and all play on in one', async () => {
  const nodes = await startThree();
  const [still, ...others] = nodes;
  // Each over a node of their own, and the room is on the first.
  const ada = await enter(nodes[0]!.port, 'ada');
  const bob = await enter(nodes[1]!.port, 'bob');
  const eve = await enter(nodes[2]!.port, 'eve');
  const all = [ada, bob, eve];
  await expect.poll(() => all.map(ids)).toEqual(all.map(() => [1, 2, 3]));
  expect(await still!.rooms()).toHaveLength(1);
  still!.child.kill('SIGSTOP');
  onTestFinished(() => void still!.child.kill('SIGCONT'));
  // Those who come over other nodes play on: what is done in the room that stands still is lost.
  await expect.poll(async () => (await Promise.all(others.map((node) => node.rooms()))).flat().length).toBe(1);
  const actAs = async (one: Played, seenBy: readonly Played[]): Promise<void> => {
    await expect
      .poll(() => {
        one.input('act', {});
        return Math.min(...seenBy.map((played) => of(played, one.player)?.acts ?? 0));
      })
      .toBeGreaterThan(0);
  };
  await actAs(bob, [bob, eve]);
  still!.child.kill('SIGCONT');
  await expect.poll(() => still!.rooms()).toEqual([]);
  // Ada, whose node it was, is in the room that the others see, and what she does counts there.
  await actAs(ada, all);
  await expect.poll(() => new Set(all.map((played) => of(played, ada.player)?.acts)).size).toBe(1);
  await expect.poll(() => new Set(all.map((played) => of(played, bob.player)?.acts)).size).toBe(1);
  expect(all.map(ids)).toEqual(all.map(() => [1, 2, 3]));
  expect((await Promise.all(nodes.map((node) => node.rooms()))).flat()).toHaveLength(1);
});
