import { createServer } from 'longwave';
import { yjs } from 'longwave/yjs/server';
import { type Client, connect } from 'longwave/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type GalleryChannels, channels } from '../../shared/channels.js';
import { createRooms } from '../../server/rooms/rooms.js';
import type { FleetCalls, Vehicle } from '../../shared/fleet/fleet.js';
import { type Fleet, createFleet } from './fleet.js';

// A real server and a real client; only the map is missing.

let server: ReturnType<typeof createServer<typeof channels>>;
let client: Client<GalleryChannels, FleetCalls>;
let fleet: Fleet;
let received: number;

const ship: Vehicle = {
  lng: 4,
  lat: 52,
  heading: 270,
  speed: 37,
  kind: 'ship',
  status: 'underway',
  route: 'NLRTM-SGSIN',
};
const plane: Vehicle = { ...ship, lng: 5, kind: 'aircraft', route: 'LHR-JFK' };
const faraway: Vehicle = { ...ship, lng: 120, lat: -10 };
const northSea = [-5, 48, 12, 60] as const;

beforeEach(async () => {
  server = createServer({ channels, documents: yjs(), rooms: createRooms().host });
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  await server.channel('fleet').putAll([
    ['S1', ship],
    ['A1', plane],
    ['S2', faraway],
  ]);
  client = connect<GalleryChannels, FleetCalls>(`http://127.0.0.1:${port}`, { transport: 'stream' });
  received = 0;
  fleet = createFleet({ client, receivedBytes: () => received });
});

afterEach(async () => {
  fleet.close();
  client.close();
  await server.close();
});

const keys = (): string[] => [...fleet.tracks.keys()].toSorted();

describe('the fleet of a page', () => {
  it('has who is in view, and nobody else', async () => {
    expect(fleet.store.get().inView).toBeUndefined();
    fleet.look(northSea);
    await expect.poll(keys).toEqual(['A1', 'S1']);
    expect(fleet.store.get().inView).toBe(2);
  });

  it('follows the map: who was in view goes, who is now comes', async () => {
    fleet.look(northSea);
    await expect.poll(keys).toEqual(['A1', 'S1']);
    fleet.look([110, -20, 130, 0]);
    await expect.poll(keys).toEqual(['S2']);
  });

  it('moves who is reported to have moved, and drops who has left', async () => {
    fleet.look(northSea);
    await expect.poll(keys).toEqual(['A1', 'S1']);
    await server.channel('fleet').put('S1', { ...ship, lng: 4.1 });
    await expect.poll(() => fleet.tracks.get('S1')?.vehicle.lng).toBe(4.1);
    await server.channel('fleet').delete('A1');
    await expect.poll(keys).toEqual(['S1']);
  });

  it('shows one kind when asked to', async () => {
    fleet.look(northSea);
    fleet.showOnly('aircraft');
    await expect.poll(keys).toEqual(['A1']);
    expect(fleet.store.get().kind).toBe('aircraft');
  });

  it('keeps an eye on the vehicle that is selected, in view or not', async () => {
    const selected = () => fleet.selection.store.get().selected;
    fleet.look(northSea);
    fleet.selection.select('S2');
    expect(selected()?.status).toBe('asking');
    await expect.poll(() => selected()?.vehicle).toEqual(faraway);
    await server.channel('fleet').put('S2', { ...faraway, lng: 121 });
    await expect.poll(() => selected()?.vehicle?.lng).toBe(121);
    // Two reports, x and y each.
    expect(fleet.selection.track()?.trail.length).toBe(4);
    expect(fleet.tracks.has('S2')).toBe(false);
    fleet.selection.select(undefined);
    expect(selected()).toBeUndefined();
    expect(fleet.selection.track()).toBeUndefined();
  });

  it('says when a vehicle that is selected is not there', async () => {
    fleet.selection.select('S9');
    await expect.poll(() => fleet.selection.store.get().selected?.status).toBe('missing');
  });

  it('has the crossings, the newest first, and the figures of all', async () => {
    const { stats, events } = { stats: server.channel('fleet-stats'), events: server.channel('fleet-events') };
    const all = { vehicles: 3, underway: 3, updatesPerSecond: 1, bytesPerSecond: 100 };
    await stats.set(all);
    await events.publish({ vehicle: 'S1', fence: 'rotterdam', crossing: 'enter' });
    await events.publish({ vehicle: 'S1', fence: 'rotterdam', crossing: 'leave' });
    await expect.poll(() => fleet.store.get().events.map(({ crossing }) => crossing)).toEqual(['leave', 'enter']);
    await expect.poll(() => fleet.store.get().all).toEqual(all);
  });

  it('counts what comes in, from the first picture on', async () => {
    const flow = () => fleet.store.get().flow;
    fleet.look(northSea);
    await expect.poll(flow).toEqual({ updatesPerSecond: 0, bytesPerSecond: 0, totalBytes: 0 });
    received = 5000;
    await server.channel('fleet').put('S1', { ...ship, lng: 4.1 });
    await expect.poll(() => flow()?.updatesPerSecond).toBeGreaterThan(0);
    expect(flow()!.updatesPerSecond).toBeLessThanOrEqual(1);
    expect(flow()!.totalBytes).toBe(5000);
  });
});
